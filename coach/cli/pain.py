"""`coach pain`: how it is, and what follows at once."""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rich.text import Text

from coach import shapes
from coach.adherence.model import Session as Bout
from coach.app import open_app
from coach.checking_in import Noted, Said, calls_for_questions, note, sessions_of
from coach.cli import warning_signs
from coach.cli.output import err, out, print_json, table, when
from coach.cli.telling import Spoken, plan_at_once, said_in_any_case
from coach.errors import UsageError
from coach.locks import lock_line
from coach.locks import questions as asked
from coach.plan import facts
from coach.safety.model import CheckIn, Extent, Phase
from coach.safety.mornings import is_morning
from coach.store import check_ins, locks, people
from coach.store.check_ins import KeptCheckIn
from coach.store.engine import reading
from coach.store.tables import Person, key
from config.messages import catalogue

_LISTED: Final = timedelta(days=14)

_PHASES: Final = {
    Phase.PRE: "before a session",
    Phase.PEAK: "the most during a session",
    Phase.POST: "after a session",
    Phase.MORNING: "in the morning",
}
_EXTENTS: Final = {
    Extent.NONE: "no symptoms",
    Extent.BACK: "in the back",
    Extent.BUTTOCK: "to the buttock",
    Extent.THIGH: "to the thigh",
    Extent.BELOW_KNEE: "to below the knee",
    Extent.FOOT: "to the foot",
}


def run(said: Said, remove: int | None, who: str | None, *, as_json: bool) -> None:
    if remove is not None:
        _remove(said, remove, who, as_json=as_json)
    elif said.is_empty:
        _list(said, who, as_json=as_json)
    else:
        _note(said, who, as_json=as_json)


def _note(said: Said, who: str | None, *, as_json: bool) -> None:
    is_phase_said = said.phase is not None
    with said_in_any_case(said.signs) as spoken:
        app = open_app()
        now = app.clock()
        with reading(app.engine) as session:
            spoken.emergency_number = people.find_person(session, who).emergency_number
        with people.changing(app.engine, who) as (session, person):
            noted = note(session, person, said, now)
        spoken.is_kept = True
        if not as_json:
            spoken.say()
        if noted.signs:
            plan_at_once(app, person)
        with reading(app.engine) as session:  # looked at once the rest is kept: whatever happens here takes none of it
            bouts = sessions_of(session, person, noted.check_in, now)
        if as_json:
            print_json(_shape(noted, bouts, spoken, is_phase_said=is_phase_said))
            return
    for line in _lines(noted, bouts, person, is_phase_said=is_phase_said):
        out.print(Text(line))
    if noted.asks_at_once:
        _ask(person)


def _lines(noted: Noted, bouts: Sequence[Bout], person: Person, *, is_phase_said: bool) -> Iterator[str]:
    zone, check_in = ZoneInfo(person.timezone), noted.check_in
    if noted.signs and noted.lock is not None:
        yield lock_line(noted.lock, person)
    taken = "" if is_phase_said else f" Taken as `{check_in.phase}`, by the clock; --phase says otherwise."
    yield f"Noted #{noted.id}, {when(check_in.at, zone)}, {_PHASES[check_in.phase]}: {_words(check_in)}.{taken}"
    if check_in.phase is Phase.MORNING and not is_morning(check_in, zone):
        yield "Said outside 04:00 to 12:00: it does not tell how the morning after a session was."
    if noted.is_late:
        yield "That is more than two weeks ago: it counts for the week that it was in."
    for bout in bouts:
        if bout.verdict is not None:
            yield f"The {facts(bout.exercise).one} of {bout.day:%A}: {_outcome(bout)}."
    if noted.offers_flare:
        yield catalogue().text("flare.offer")
    if calls_for_questions(bouts) and not noted.asks_at_once:
        yield "After this, the warning-sign questions are worth a minute: `coach signs`."


def _outcome(bout: Bout) -> str:
    assert bout.verdict is not None  # noqa: S101  (the caller has looked)
    told = catalogue()
    why = "; ".join(told.text(f"verdict.{reason}") for reason in bout.verdict.reasons)
    return f"{told.text(f'colour.{bout.verdict.colour}')}: {why}"


def _words(check_in: CheckIn) -> str:
    parts = [
        f"pain {check_in.pain}" if check_in.pain is not None else "",
        _EXTENTS[check_in.extent] if check_in.extent is not None else "",
        "new numbness" if check_in.numbness else "",
        "new weakness" if check_in.weakness else "",
        f"shoulder {check_in.shoulder}" if check_in.shoulder is not None else "",
    ]
    return ", ".join(filter(None, parts))


def _ask(person: Person) -> None:
    """New numbness brings up the questions at once: asked where somebody is there, shown where not."""
    out.print("\nNew numbness brings up the warning-sign questions.")
    if sys.stdin.isatty():
        warning_signs.ask_and_keep(person.name)
        return
    out.print(warning_signs.questions())
    out.print("Answer them with `coach signs`.")


def _shape(noted: Noted, bouts: Sequence[Bout], spoken: Spoken, *, is_phase_said: bool) -> shapes.Shape:
    questions = asked() if noted.asks_at_once else []
    return {**shapes.noted(noted, spoken.words, questions, bouts, phase_said=is_phase_said)}


def _list(said: Said, who: str | None, *, as_json: bool) -> None:
    if said != Said():
        raise UsageError("Nothing is said of how it is. Give a number from 0 to 10, as in `coach pain 4`.")
    app = open_app()
    now = app.clock()
    with reading(app.engine) as session:
        person = people.find_person(session, who)
        kept = check_ins.kept(session, key(person), now - _LISTED)
        lock = locks.holding(session, key(person), now)
    if as_json:
        print_json([shapes.check_in(each.id, each.check_in) for each in reversed(kept)])
        return
    if kept:
        out.print(_table(kept, ZoneInfo(person.timezone)))
    else:
        out.print("Nothing was told in the last two weeks. `coach pain 4` notes a 4.")
    if lock is not None:
        err.print(lock_line(lock, person))


def _table(kept: list[KeptCheckIn], zone: ZoneInfo) -> object:
    listed = table(">id", "when", "phase", ">pain", "reaches", "new", "of")
    for each in reversed(kept):
        check_in = each.check_in
        new = [name for name in ("numbness", "weakness") if getattr(check_in, name)]
        listed.add_row(
            str(each.id),
            when(check_in.at, zone),
            check_in.phase,
            "–" if check_in.pain is None else str(check_in.pain),
            "–" if check_in.extent is None else _EXTENTS[check_in.extent],
            ", ".join(new),
            "" if check_in.activity_id is None else f"#{check_in.activity_id}",
        )
    return listed


def _remove(said: Said, number: int, who: str | None, *, as_json: bool) -> None:
    if said != Said():
        raise UsageError("--remove takes one check-in back and tells nothing new; leave the rest out.")
    app = open_app()
    with people.changing(app.engine, who) as (session, person):
        removed = check_ins.remove(session, key(person), number)
        lock = locks.holding(session, key(person), app.clock())
    if as_json:
        print_json(shapes.check_in(number, removed) | {"locked": lock is not None})
        return
    out.print(f"Taken back: {_at(removed.at, person)}, {_words(removed)}.")
    if lock is not None:
        out.print(Text(lock_line(lock, person)))


def _at(at: datetime, person: Person) -> str:
    return when(at, ZoneInfo(person.timezone))
