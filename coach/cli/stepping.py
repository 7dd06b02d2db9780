"""`coach next`: what the last week decided, the step that is offered, and the answer to it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rich.text import Text
from sqlmodel import Session

from coach import shapes
from coach.app import open_app
from coach.cli.output import out, print_json
from coach.cli.telling import lock_line
from coach.errors import ConflictError, NotSetUpError
from coach.judgement import Standing, stand
from coach.progression import Offer, OfferKind, words
from coach.safety.model import Lock
from coach.store import histories, people, safety, steps
from coach.store.engine import reading, writing
from coach.store.tables import Person, key
from coach.weeks import IsoWeek, day_of
from config.messages import catalogue


@dataclass(frozen=True, slots=True)
class _Now:
    """Where a person stands, as far as a step is concerned.

    Attributes:
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
        """Whether the step is one for another day: more is not for a sore day or a flare."""
        more = self.offer is not None and self.offer.kind is OfferKind.UP
        return more and bool(self.standing.sore or self.standing.flare)


def run(choice: str | None, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    now = app.clock()
    versions: list[int] = []
    if choice is None:
        with reading(app.engine) as session:
            found = _now(session, who, now)
        said: list[str] = []
    else:
        with writing(app.engine) as session:
            session.expire_on_commit = False
            found = _now(session, who, now)
            versions, said = _answered(session, found, str(choice), now)
        found = replace(found, answered=found.answered if found.answered in {"accept", "stay"} else str(choice))
    if as_json:
        print_json(
            {
                **shapes.step(found.standing, found.offer),
                "answered": found.answered,
                "waits": found.waits,
                "versions": versions,
            }
        )
        return
    for line in said or _shown(found):
        out.print(Text(line), soft_wrap=True)


def _now(session: Session, who: str | None, now: datetime) -> _Now:
    person = people.find_person(session, who)
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
    return _Now(
        person=person,
        week=running.previous,
        today=today,
        standing=standing,
        offer=standing.offer,
        answered=earlier.choice if earlier else None,
        lock=safety.lock_on(session, key(person), now),
    )


def _answered(session: Session, found: _Now, choice: str, now: datetime) -> tuple[list[int], list[str]]:
    """Keep the answer; the versions that it added, and what to say.

    Raises:
        ConflictError: the plan is locked, nothing is offered, it is a sore day, or it was answered otherwise.
    """
    person_id = key(found.person)
    if found.answered == choice:
        return [], [catalogue().text("choice.again")]
    if found.answered in {steps.ACCEPT, steps.STAY} and (standing := steps.answered(session, person_id, found.week)):
        raise ConflictError(steps.already(standing))
    if found.lock is not None:
        raise ConflictError(lock_line(found.lock, found.person))
    if found.standing.locked:
        raise ConflictError(catalogue().text("about.locked"))
    if found.offer is None:
        raise ConflictError(f"Nothing is offered after {found.week}: your plan stays as it is. `coach next` says why.")
    if choice == steps.ACCEPT and found.waits:
        raise ConflictError(catalogue().text("choice.waits", why=_why_not_today(found)))
    versions = []
    if choice == steps.ACCEPT:
        versions = [people.add_plan(session, person_id, plan, now) for plan in found.offer.versions(found.today)]
    steps.answer(
        session,
        person_id,
        found.week,
        offer=found.offer.kind,
        choice=choice,
        version=versions[0] if versions else None,
        at=now,
    )
    return versions, [*_taken(found.offer, versions, found.today), catalogue().text(f"choice.{choice}")]


def _taken(offer: Offer, versions: list[int], today: date) -> Iterator[str]:
    for version, plan in zip(versions, offer.versions(today), strict=False):
        yield f"Plan version {version}, from {plan.starts_on}."


def _shown(found: _Now) -> Iterator[str]:
    texts, decided = catalogue(), found.standing.week.decision
    yield f"{found.week}: {words.decision(decided, texts)}"
    yield from (f"  {reason}" for reason in words.reasons(decided, texts))
    if found.lock is not None:
        yield lock_line(found.lock, found.person)
    elif found.standing.locked:
        yield texts.text("about.locked")
    elif found.offer is not None:
        yield ""
        yield from _step(found.offer, found.today)
        yield ""
        yield texts.text("choice.waits", why=_why_not_today(found)) if found.waits else texts.text("choice.open")
    if found.answered is not None:
        yield f"You answered '{found.answered}' to the step after {found.week}."


def _step(offer: Offer, today: date) -> Iterator[str]:
    texts = catalogue()
    yield texts.text(f"step.{offer.kind}", day=f"{IsoWeek.of(today).next.monday:%A, %Y-%m-%d}")
    yield from (f"  {words.change(each, texts)}" for each in offer.changes)
    yield f"  because {' and '.join(words.offered(offer, texts))}"


def _why_not_today(found: _Now) -> str:
    sore = [catalogue().text(f"sore.{reason}") for reason in found.standing.sore]
    return "; ".join([*sore, *(["a flare"] if found.standing.flare else [])])
