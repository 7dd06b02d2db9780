"""A person says how it is: what is kept, and what follows at once. For every face of the program."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.adherence.model import Session as Bout
from coach.errors import UsageError
from coach.judged import judged_week
from coach.plan.thresholds import thresholds
from coach.safety.flares import Episode, episodes
from coach.safety.model import CheckIn, Colour, Extent, Lock, Phase
from coach.safety.phases import phase_at
from coach.safety.signs import NEW_WEAKNESS, raised_by
from coach.safety.told import told_of
from coach.store import begun, check_ins, flares, locks
from coach.store.tables import Person, key
from coach.weeks import OLDEST_YEARS, IsoWeek, day_of
from scheduler.clock import local_instant

WORST: Final = 10
_LATE: Final = timedelta(days=14)  # weeks that long ago have their summary, and people remember the worst
_NEAR: Final = timedelta(days=2)
_TICK: Final = timedelta(microseconds=1)
_BASELINE: Final = timedelta(days=15)  # fourteen whole local days


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says; None is not said. `at` without an offset is their own time; None: now."""

    pain: int | None = None
    phase: Phase | None = None
    extent: Extent | None = None
    numbness: bool = False
    weakness: bool = False
    shoulder: int | None = None
    activity_id: int | None = None
    at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing is said of how it is."""
        told = (self.pain, self.extent, self.shoulder)
        return not (self.numbness or self.weakness) and all(each is None for each in told)

    @property
    def signs(self) -> tuple[str, ...]:
        """The warning signs that it amounts to."""
        return (NEW_WEAKNESS,) if self.weakness else ()


@dataclass(frozen=True, slots=True)
class Noted:
    """What was kept, and what follows from it.

    Attributes:
        is_late: it tells of more than two weeks ago.
        signs: the warning signs that it amounts to; they have locked the plan.
        lock: what locks the plan now.
    """

    id: int
    check_in: CheckIn
    is_late: bool
    signs: tuple[str, ...]
    lock: Lock | None

    @property
    def asks_at_once(self) -> bool:
        """New numbness brings up the warning-sign questions; after new weakness the doctor asks them."""
        return self.check_in.numbness and not self.check_in.weakness

    def offers_questions(self, bouts: Iterable[Bout]) -> bool:
        """Where they are not asked at once: after a RED they are worth a minute."""
        return self.asks_at_once or calls_for_questions(bouts)

    @property
    def offers_flare(self) -> bool:
        pain = self.check_in.pain
        is_high = pain is not None and pain >= thresholds().pain.flare_offer_from
        return is_high and self.check_in.phase is Phase.PRE and self.lock is None


def note(session: Session, person: Person, said: Said, now: datetime) -> Noted:
    """Keep a check-in; where it amounts to a warning sign, the plan is locked with it.

    Raises:
        UsageError: the first thing that cannot be meant, in a sentence.
        NotFoundError: it names an activity that the person does not have.
    """
    zone = ZoneInfo(person.timezone)
    at = now if said.at is None else instant(said.at, zone)
    for fault in _faults(said, at, person, now):
        raise UsageError(fault)
    check_in = CheckIn(
        at=at,
        phase=said.phase or guessed_phase(session, person, at),
        pain=said.pain,
        extent=said.extent,
        numbness=said.numbness,
        weakness=said.weakness,
        shoulder=said.shoulder,
        activity_id=said.activity_id,
    )
    number = check_ins.add(session, key(person), check_in, now)
    _close_flares(session, person, now)
    return _noted(session, person, number, check_in, now)


def said_before(session: Session, person: Person, said: Said, now: datetime) -> Noted | None:
    """The same, kept already of the same moment: a program that heard no answer says it again. None where it is new."""
    if said.at is None:
        return None
    at = instant(said.at, ZoneInfo(person.timezone))
    wanted = (said.pain, said.extent, said.numbness, said.weakness, said.shoulder, said.activity_id)
    for kept in check_ins.kept(session, key(person), at, at + _TICK):
        each = kept.check_in
        told = (each.pain, each.extent, each.numbness, each.weakness, each.shoulder, each.activity_id)
        if each.at == at and told == wanted and said.phase in {None, each.phase}:
            return _noted(session, person, kept.id, each, now)
    return None


def _noted(session: Session, person: Person, number: int, check_in: CheckIn, now: datetime) -> Noted:
    return Noted(
        id=number,
        check_in=check_in,
        is_late=check_in.at < now - _LATE,
        signs=raised_by(check_in),
        lock=locks.holding(session, key(person), now),
    )


def _close_flares(session: Session, person: Person, now: datetime) -> None:
    """Keep the end of a flare that the mornings have ended, so that no judgement has to look back to its beginning."""
    for each in flare_episodes(session, person, now):
        if each.ended_at is not None and each.flare.ended_at is None:
            flares.end(session, key(person), each.flare, each.ended_at)


def _faults(said: Said, at: datetime, person: Person, now: datetime) -> Iterator[str]:
    for what, score in (("Pain", said.pain), ("Shoulder pain", said.shoulder)):
        if score is not None and not 0 <= score <= WORST:
            yield f"{what} is a whole number from 0 (none) to {WORST} (the worst there is): {score} is not."
    yield from faults_of_time(at, person, now)


def faults_of_time(at: datetime, person: Person, now: datetime) -> Iterator[str]:
    """What keeps a moment from being one that a person can tell of."""
    local = at.astimezone(ZoneInfo(person.timezone))
    if at > now:
        yield f"{local:%Y-%m-%d %H:%M} lies in the future."
    if person.birth_year is not None and local.year < person.birth_year:
        yield f"{local:%Y-%m-%d} lies before the year of birth, {person.birth_year}."
    elif local.year < now.year - OLDEST_YEARS:
        yield f"{local:%Y-%m-%d} lies before anybody's time."


def guessed_phase(session: Session, person: Person, at: datetime) -> Phase:
    """Of what a person says at that moment, where they do not say which it is."""
    zone = ZoneInfo(person.timezone)
    bouts = begun.between(session, key(person), at - _NEAR, at, zone)
    return phase_at(at, bouts, check_ins.of(session, key(person), at - _NEAR, at), zone)


def sessions_of(session: Session, person: Person, check_in: CheckIn, now: datetime) -> tuple[Bout, ...]:
    """The sessions that a check-in tells of, with what came of them as far as it is known."""
    zone = ZoneInfo(person.timezone)
    moments = [check_in.at - _NEAR, check_in.at]
    if check_in.activity_id is not None:
        moments.append(begun.at(session, key(person), check_in.activity_id))
    bouts = [
        each
        for week in sorted({IsoWeek.of(day_of(moment, zone)) for moment in moments})
        for each in judged_week(session, person, week, now).adherence.sessions
    ]
    return tuple(each for each in bouts if told_of(each, bouts, [check_in], zone).said)


def calls_for_questions(bouts: Iterable[Bout]) -> bool:
    """The warning-sign questions are asked after every RED."""
    return any(each.verdict is not None and each.verdict.colour is Colour.RED for each in bouts)


def flare_episodes(session: Session, person: Person, now: datetime) -> tuple[Episode, ...]:
    """The person's flares, and what became of them."""
    flared = flares.of(session, key(person))
    if not flared:
        return ()
    told = check_ins.of(session, key(person), flared[0].began_at - _BASELINE)
    return episodes(flared, told, now, ZoneInfo(person.timezone))


def instant(at: datetime, zone: ZoneInfo) -> datetime:
    """A moment as it was said, in UTC; without an offset it is the person's own time."""
    return at.astimezone(UTC) if at.utcoffset() is not None else local_instant(at.date(), at.time(), zone)
