"""How it is, 0-10: after a session (`post/17`), or on the morning asked about (`morning/2026-11-05`)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from re import compile as pattern
from typing import Any, Final

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
_NUMBER: Final = pattern("[1-9][0-9]{0,14}")
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
        fields=(score(asked), extent(asked), new(asked)),
    )


def act(asked: Asked, given: Given) -> Done:
    phase, activity_id = _subject(asked)
    said = Said(pain=int(given.one(score(asked)) or 0), phase=phase, activity_id=activity_id)
    return keep(replace(said, **beside(asked, given)), asked)


def beside(asked: Asked, given: Given) -> dict[str, Any]:
    """What is said beside the score, by the fields of `Said`."""
    reaches, fresh = given.one(extent(asked)), given.all(new(asked))
    return {
        "extent": None if reaches is None else Extent(int(reaches)),
        "numbness": NUMBNESS in fresh,
        "weakness": WEAKNESS in fresh,
    }


def keep(said: Said, asked: Asked) -> Done:
    """What is said is kept, and what follows is told."""
    noted = note(asked.session, asked.person, said, asked.now)
    bouts = sessions_of(asked.session, asked.person, noted.check_in, asked.now)
    told = (
        asked.words.text("reply.noted") if said.pain is None else asked.words.text("reply.noted_pain", pain=said.pain)
    )
    return Done(
        lines=(told, *_outcomes(bouts, asked)),
        urgent=told_at_once(noted.signs, asked.person.emergency_number, asked.words),
        onward=tuple(_onward(noted, bouts, asked)),
        raises_lock=bool(noted.signs),
    )


def _subject(asked: Asked) -> tuple[Phase, int | None]:
    """
    Raises:
        NotFoundError: there is no such session (any more), or no such morning.
        ConflictError: that morning is over.
    """
    phase, _, what = asked.subject.partition("/")
    if phase == Phase.POST:
        if _activity(asked, what) is None:
            raise NotFoundError(asked.words.text("reply.no_session"))
        return Phase.POST, int(what)
    try:
        begins, ends = morning_of(date.fromisoformat(what), asked.zone)
    except (ValueError, OverflowError):
        raise NotFoundError(asked.words.text("reply.nothing_open")) from None
    if not begins <= asked.now < ends:
        raise ConflictError(asked.words.text("reply.morning_over"))
    return Phase.MORNING, None


def _activity(asked: Asked, number: str) -> str | None:
    """What it was; None where the person has no such session (any more)."""
    if not _NUMBER.fullmatch(number):
        return None
    try:
        found = activities.one(asked.session, key(asked.person), int(number)).activity
    except NotFoundError:
        return None
    return found.exercise or ""


def _exercise(asked: Asked) -> str:
    phase, _, what = asked.subject.partition("/")
    exercise = _activity(asked, what) if phase == Phase.POST else None
    return facts(Exercise(exercise), asked.words).one if exercise else asked.words.text("reply.session")


def score(asked: Asked, *, required: bool = True) -> Choice:
    label = asked.words.text("reply.pain")
    options = tuple((each, each) for each in SCALE)
    return Choice("pain", label, options, given=asked.choice, required=required, is_scale=True)


def extent(asked: Asked) -> Choice:
    options = tuple((str(each.value), asked.words.text(f"extent.{each.name.lower()}")) for each in Extent)
    return Choice("extent", asked.words.text("reply.extent"), options, required=False)


def new(asked: Asked) -> Choice:
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
        yield Onward(asked.words.text("reply.to_signs"), "signs", today, at_once=True)
    if noted.offers_flare:
        yield Onward(asked.words.text("reply.to_flare"), "flare", today)


REPLY: Final = Reply("pain", ask, act, once=True)
