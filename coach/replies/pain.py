"""How it is, 0-10: after a session (`post/17`), or on the morning asked about (`morning/2026-11-05`)."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from coach.adherence.model import Session as Bout
from coach.checking_in import WORST, Noted, Said, calls_for_questions, note, sessions_of
from coach.errors import ConflictError, NotFoundError
from coach.locks import told_at_once
from coach.plan import Exercise, facts
from coach.replies.model import Asked, Choice, Done, Form, Given, Onward, Reply
from coach.safety.model import Extent, Phase
from coach.safety.mornings import morning_of
from coach.store import activities
from coach.store.tables import key
from coach.weeks import day_of

NUMBNESS: Final = "numbness"
WEAKNESS: Final = "weakness"
SCALE: Final = tuple(str(pain) for pain in range(WORST + 1))


def after(activity_id: int | str) -> str:
    """The subject of a session."""
    return f"{Phase.POST}/{activity_id}"


def in_the_morning(day: date | str) -> str:
    return f"{Phase.MORNING}/{day}"


def ask(asked: Asked) -> Form:
    phase, _ = _subject(asked)
    return Form(
        title=asked.words.text(f"reply.pain_{phase}", exercise=_exercise(asked)),
        button=asked.words.text("reply.keep"),
        fields=(_pain(asked), _extent(asked), _new(asked)),
    )


def act(asked: Asked, given: Given) -> Done:
    phase, activity_id = _subject(asked)
    extent, new = given.one(_extent(asked)), given.all(_new(asked))
    said = Said(
        pain=int(given.one(_pain(asked)) or 0),
        phase=phase,
        extent=None if extent is None else Extent(int(extent)),
        numbness=NUMBNESS in new,
        weakness=WEAKNESS in new,
        activity_id=activity_id,
    )
    noted = note(asked.session, asked.person, said, asked.now)
    bouts = sessions_of(asked.session, asked.person, noted.check_in, asked.now)
    return Done(
        lines=(asked.words.text("reply.noted_pain", pain=said.pain), *_outcomes(bouts, asked)),
        urgent=told_at_once(noted.signs, asked.person.emergency_number, asked.words),
        onward=tuple(_onward(noted, bouts, asked)),
        raises_lock=bool(noted.signs),
    )


def _subject(asked: Asked) -> tuple[Phase, int | None]:
    """
    Raises:
        ConflictError: that morning is over, or the session is gone.
    """
    phase, _, what = asked.subject.partition("/")
    if phase == Phase.POST:
        if _activity(asked, int(what)) is None:
            raise ConflictError(asked.words.text("reply.no_session"))
        return Phase.POST, int(what)
    begins, ends = morning_of(date.fromisoformat(what), asked.zone)
    if not begins <= asked.now < ends:
        raise ConflictError(asked.words.text("reply.morning_over"))
    return Phase.MORNING, None


def _activity(asked: Asked, number: int) -> str | None:
    """What it was; None where the person has no such session (any more)."""
    try:
        found = activities.one(asked.session, key(asked.person), number).activity
    except NotFoundError:
        return None
    return found.exercise or ""


def _exercise(asked: Asked) -> str:
    phase, _, what = asked.subject.partition("/")
    exercise = _activity(asked, int(what)) if phase == Phase.POST else None
    return facts(Exercise(exercise), asked.words).one if exercise else asked.words.text("reply.session")


def _pain(asked: Asked) -> Choice:
    label = asked.words.text("reply.pain")
    return Choice("pain", label, tuple((each, each) for each in SCALE), given=asked.choice, is_scale=True)


def _extent(asked: Asked) -> Choice:
    options = tuple((str(each.value), asked.words.text(f"extent.{each.name.lower()}")) for each in Extent)
    return Choice("extent", asked.words.text("reply.extent"), options, required=False)


def _new(asked: Asked) -> Choice:
    options = tuple((each, asked.words.text(f"reply.new_{each}")) for each in (NUMBNESS, WEAKNESS))
    return Choice("new", asked.words.text("reply.new"), options, many=True, required=False)


def _outcomes(bouts: tuple[Bout, ...], asked: Asked) -> Iterator[str]:
    words = asked.words
    for bout in bouts:
        if bout.verdict is not None:
            why = "; ".join(words.text(f"verdict.{reason}") for reason in bout.verdict.reasons)
            outcome = f"{words.text(f'colour.{bout.verdict.colour}')}: {why}"
            yield words.text("reply.outcome", exercise=facts(bout.exercise, words).one, outcome=outcome)


def _onward(noted: Noted, bouts: tuple[Bout, ...], asked: Asked) -> Iterator[Onward]:
    today = day_of(asked.now, asked.zone).isoformat()
    if not noted.signs and (noted.asks_at_once or calls_for_questions(bouts)):
        yield Onward(asked.words.text("reply.to_signs"), "signs", today)
    if noted.offers_flare:
        yield Onward(asked.words.text("reply.to_flare"), "flare", today)


REPLY: Final = Reply("pain", ask, act, once=True)
