"""A person chooses the plan's next step: what is offered, and what an answer changes. For every face of the program."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.errors import ConflictError, NotSetUpError
from coach.judgement import Standing, stand
from coach.locks import lock_line
from coach.plan import Plan
from coach.progression import Offer
from coach.safety.flares import FLARE
from coach.safety.model import Lock
from coach.store import histories, locks, people, steps
from coach.store.tables import Person, key
from coach.weeks import IsoWeek, day_of
from config.messages import Messages


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a person stands, as far as a step is concerned.

    Attributes:
        week: the last that has closed.
        offer: also after an answer that was to ask first.
        answered: what was said to it; lock: the warning sign that stops all.
    """

    person: Person
    week: IsoWeek
    today: date
    standing: Standing
    offer: Offer | None
    answered: str | None
    lock: Lock | None

    @property
    def waits(self) -> bool:
        """Whether the step is one for another day."""
        return self.standing.waits

    def why_not_today(self, words: Messages) -> str:
        why = [f"sore.{reason}" for reason in self.standing.sore]
        if self.standing.flare is not None:
            why.append("sore.flare")
        if self.standing.excused not in {None, FLARE}:
            why.append(f"excused.{self.standing.excused}")
        return "; ".join(map(words.text, why))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an answer did: the versions that it added, by number, and what to say."""

    choice: Choice
    versions: tuple[tuple[int, Plan], ...]
    sentence: str


def look(session: Session, person: Person, now: datetime) -> Choice:
    """
    Raises:
        NotSetUpError: the person has no plan yet.
    """
    today = day_of(now, ZoneInfo(person.timezone))
    running = IsoWeek.of(today)
    history = histories.load(session, person, running.previous, running)
    if not history.versions:
        raise NotSetUpError(f"{person.name} has no plan yet. Run `coach setup --condition ...`.")
    earlier = steps.answered(session, key(person), running.previous)
    if earlier is not None and earlier.choice == steps.ASK:  # the step is still there to be taken
        kept = [each for each in history.choices if each.week != earlier.week]
        history = replace(history, choices=kept)
    standing = stand(history, now)
    return Choice(
        person=person,
        week=running.previous,
        today=today,
        standing=standing,
        offer=standing.offer,
        answered=earlier.choice if earlier else None,
        lock=locks.holding(session, key(person), now),
    )


def choose(session: Session, found: Choice, answer: str, now: datetime, words: Messages) -> Chosen:
    """Keep an answer: `accept` moves the plan, `stay` and `ask` leave it as it is.

    Raises:
        ConflictError: the plan is locked, nothing is offered, it is no day for it, or it was answered otherwise.
    """
    person_id = key(found.person)
    if found.answered == answer:
        return Chosen(found, (), words.text("choice.again"))
    if found.answered in {steps.ACCEPT, steps.STAY} and (standing := steps.answered(session, person_id, found.week)):
        raise ConflictError(steps.already(standing, words))
    for refused in _refused(found, answer, words):
        raise ConflictError(refused)
    assert found.offer is not None  # noqa: S101  (else it is refused)
    versions: tuple[tuple[int, Plan], ...] = ()
    if answer == steps.ACCEPT:
        plans = found.offer.versions(found.today)
        versions = tuple((people.add_plan(session, person_id, plan, now), plan) for plan in plans)
    steps.answer(
        session,
        person_id,
        found.week,
        offer=found.offer.kind,
        choice=answer,
        version=versions[0][0] if versions else None,
        at=now,
        words=words,
    )
    stands = found.answered if found.answered in {steps.ACCEPT, steps.STAY} else answer
    return Chosen(replace(found, answered=stands), versions, words.text(f"choice.{answer}"))


def _refused(found: Choice, answer: str, words: Messages) -> Iterator[str]:
    if found.lock is not None:
        yield lock_line(found.lock, found.person, words)
    if found.standing.locked:
        yield words.text("about.locked")
    if found.offer is None:
        yield words.text("choice.nothing", week=found.week)
    if answer == steps.ACCEPT and found.waits:
        yield words.text("choice.waits", why=found.why_not_today(words))
