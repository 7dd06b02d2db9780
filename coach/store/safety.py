"""What a person told of pain and warning signs, and the locks, flares and excusals that came of it.

Every query is bound to the person: what is another's is not there. A lock is raised in the transaction of the answer
that raises it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, tuple_, union
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from coach.errors import ConflictError, NotFoundError, UsageError
from coach.safety.model import Answers, CheckIn, Excusal, ExcusalKind, Extent, Flare, Lock, Phase, locked_by
from coach.safety.signs import locking, raised_by
from coach.signs import UNSEEN, visible
from coach.store.asking import EVER, PERSON, SINCE, UNTIL, Asked, ask, moment
from coach.store.tables import Activity, key
from coach.store.told import CheckInRow, ExcusalRow, FlareRow, PlanLock, SignAnswers
from coach.weeks import day_of

_LONGEST_NAME: Final = 80  # as for everybody's name


@dataclass(frozen=True, slots=True)
class KeptCheckIn:
    """A check-in with the number by which it can be taken back."""

    id: int
    check_in: CheckIn


@dataclass(frozen=True, slots=True)
class KeptExcusal:
    id: int
    excusal: Excusal
    said_by: str | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """When an activity was; a `coach.safety.told.Bout`."""

    activity_ids: tuple[int, ...]
    started_at: datetime
    ended_at: datetime
    day: date

    @property
    def turn(self) -> tuple[datetime, str, int]:
        """Without the hash: the phase of an answer is the same for any of those that began at once."""
        return self.started_at, "", self.activity_ids[0]


def _within(moment: datetime, start: datetime | None, end: datetime | None) -> list[ColumnElement[bool]]:
    """A column's conditions for [start, end); None is open."""
    column = col(moment)
    return [*([column >= start] if start is not None else []), *([column < end] if end is not None else [])]


# Pain.


def recorded(session: Session, person_id: int, start: datetime, end: datetime, zone: ZoneInfo) -> list[Recorded]:
    """What could count for a plan and began in [start, end), each activity for itself, in order of time."""
    rows = session.exec(
        select(Activity.id, Activity.started_at, Activity.ended_at)
        .where(Activity.person_id == person_id, Activity.started_at >= start, Activity.started_at < end)
        .where(col(Activity.exercise).is_not(None))
        .order_by(col(Activity.started_at), col(Activity.id))
    )
    return [
        Recorded((number,), started_at, ended_at, day_of(started_at, zone))
        for number, started_at, ended_at in rows
        if number is not None
    ]


def add_check_in(session: Session, person_id: int, check_in: CheckIn, now: datetime) -> int:
    """Keep what was told; new weakness locks the plan. Returns its number.

    Raises:
        NotFoundError: it names an activity that the person does not have.
        UsageError: it tells of an activity before that has begun.
    """
    if check_in.activity_id is not None:
        started_at = begun_at(session, person_id, check_in.activity_id)
        if check_in.phase in {Phase.PEAK, Phase.POST} and check_in.at < started_at:
            raise UsageError(f"Activity {check_in.activity_id} had not begun then: only `pre` can be said so early.")
    row = CheckInRow(
        person_id=person_id,
        at=check_in.at,
        phase=check_in.phase,
        pain=check_in.pain,
        extent=check_in.extent,
        numbness=check_in.numbness,
        weakness=check_in.weakness,
        shoulder=check_in.shoulder,
        activity_id=check_in.activity_id,
        created_at=now,
    )
    session.add(row)
    _raise_lock(session, person_id, raised_by(check_in), now)
    session.flush()
    return key(row)


_FIELDS: Final = CheckIn._fields
_SAID: Final = sql_select(CheckInRow.id, *(col(getattr(CheckInRow, name)) for name in _FIELDS))  # type: ignore[call-overload]
_BEGUN: Final = sql_select(col(Activity.id), col(Activity.person_id)).where(
    col(Activity.person_id) == PERSON, col(Activity.started_at) >= SINCE, col(Activity.started_at) < UNTIL
)
_MORNINGS_SINCE: Final = moment("mornings_since")
# Two questions, each with its index: to answer them as one, SQLite looks through all that the person ever told.
_TOLD: Final = union(
    _SAID.where(
        *(col(CheckInRow.person_id) == PERSON, col(CheckInRow.at) >= _MORNINGS_SINCE, col(CheckInRow.at) < UNTIL),
        (col(CheckInRow.at) >= SINCE) | (col(CheckInRow.phase) == Phase.MORNING),
    ),
    _SAID.where(tuple_(col(CheckInRow.activity_id), col(CheckInRow.person_id)).in_(_BEGUN)),
).order_by("at", "id")


def kept_check_ins(
    asked: Asked, person_id: int, start: datetime | None = None, end: datetime | None = None
) -> list[KeptCheckIn]:
    """Those of [start, end), in order of time: told then, or told of an activity that began then."""
    since, until = EVER
    rows = _told(asked, person_id, start or since, end or until, start or since)
    return [KeptCheckIn(number, _check_in(*said)) for number, *said in rows]


def _told(asked: Asked, person_id: int, start: datetime, end: datetime, mornings: datetime) -> Sequence[Any]:
    return ask(asked, _TOLD, person=person_id, since=start, until=end, mornings_since=mornings)


def latest_check_ins(
    session: Session, person_id: int, start: datetime, end: datetime, before: tuple[datetime, int] | None, limit: int
) -> list[KeptCheckIn]:
    """Those told in [start, end), newest first; `before` is the last that was seen so far: when it was, its number."""
    at = col(CheckInRow.at)
    wanted = select(CheckInRow).where(CheckInRow.person_id == person_id, at >= start, at < end)
    if before is not None:
        wanted = wanted.where((at < before[0]) | ((at == before[0]) & (col(CheckInRow.id) < before[1])))
    rows = session.exec(wanted.order_by(at.desc(), col(CheckInRow.id).desc()).limit(limit))
    return [KeptCheckIn(key(row), _check_in(*(getattr(row, name) for name in _FIELDS))) for row in rows]


def check_ins(
    asked: Asked, person_id: int, start: datetime | None = None, end: datetime | None = None
) -> list[CheckIn]:
    return [each.check_in for each in kept_check_ins(asked, person_id, start, end)]


def check_ins_and_mornings(
    asked: Asked, person_id: int, mornings: datetime, start: datetime, end: datetime
) -> list[CheckIn]:
    """`check_ins`; and of [mornings, start), which lies before, what was told of mornings."""
    return [_check_in(*said) for _, *said in _told(asked, person_id, start, end, mornings)]


def remove_check_in(session: Session, person_id: int, number: int) -> CheckIn:
    """Take a slip of the finger back. A lock that it raised stays: only a clearance ends one.

    Raises:
        NotFoundError: the person has no such check-in.
    """
    row = session.exec(select(CheckInRow).where(CheckInRow.person_id == person_id, CheckInRow.id == number)).first()
    if row is None:
        raise NotFoundError(f"There is no check-in {number}. `coach pain` lists them.")
    session.delete(row)
    return _check_in(*(getattr(row, name) for name in _FIELDS))


_PHASES: Final[Mapping[str, Phase]] = {each.value: each for each in Phase}


def _check_in(at: datetime, phase: str, pain: int | None, extent: int | None, *rest: Any) -> CheckIn:
    return CheckIn(at, _PHASES[phase], pain, None if extent is None else Extent(extent), *rest)


def begun_at(session: Session, person_id: int, activity_id: int) -> datetime:
    """When an activity of the person began.

    Raises:
        NotFoundError: they have no such activity.
    """
    own = select(Activity.started_at).where(Activity.person_id == person_id, Activity.id == activity_id)
    started_at = session.exec(own).first()
    if started_at is None:
        raise NotFoundError(f"There is no activity {activity_id}. `coach activities` lists them.")
    return started_at


# Warning signs and locks.


def add_answers(session: Session, person_id: int, given: Answers) -> None:
    """Keep the answers; those that lock raise a lock, from when they were given."""
    session.add(SignAnswers(person_id=person_id, at=given.at, yes=list(given.yes)))
    _raise_lock(session, person_id, locking(given.yes), given.at)
    session.flush()


def answers(
    session: Session, person_id: int, start: datetime | None = None, end: datetime | None = None
) -> list[Answers]:
    """Those given in [start, end), in order of time."""
    wanted = select(SignAnswers).where(SignAnswers.person_id == person_id, *_within(SignAnswers.at, start, end))
    return [Answers(row.at, tuple(row.yes)) for row in session.exec(wanted.order_by(col(SignAnswers.at)))]


_LOCKS: Final = (
    sql_select(PlanLock.raised_at, PlanLock.signs, PlanLock.cleared_at, PlanLock.cleared_by, PlanLock.cleared_on)  # type: ignore[call-overload]
    .where(col(PlanLock.person_id) == PERSON)
    .order_by(col(PlanLock.raised_at), col(PlanLock.id))
)


def locks(asked: Asked, person_id: int) -> list[Lock]:
    """All there ever were, in order of time."""
    return [Lock(raised_at, tuple(signs), *rest) for raised_at, signs, *rest in ask(asked, _LOCKS, person=person_id)]


def lock_on(session: Session, person_id: int, at: datetime) -> Lock | None:
    """`locked_by`, of a person in the store.

    A plan without a diagnosis is locked as well (`Plan.locked`); that is another matter.
    """
    return locked_by(locks(session, person_id), at)


def clear(session: Session, person_id: int, by: str | None, on: date | None, now: datetime, zone: ZoneInfo) -> Lock:
    """End what locks the plan: somebody has looked at it. Returns what held.

    Raises:
        UsageError: nobody is named, or no day, or it lies before the lock or in the future.
        ConflictError: nothing locks the plan.
    """
    name = _named(by, "Who cleared it? Give the name of the doctor or clinician with --by.")
    if on is None:
        raise UsageError("When was it cleared? Give the day with --on, as in --on 2026-11-05.")
    held = lock_on(session, person_id, now)
    if held is None:
        raise ConflictError("No warning sign locks the plan: there is nothing to clear.")
    rows = [row for row in _lock_rows(session, person_id) if _lock(row).holds(now)]
    latest = max(row.raised_at for row in rows).astimezone(zone).date()
    if on < latest:
        raise UsageError(f"The plan was locked on {latest}; it cannot have been cleared on {on}, before that.")
    if on > now.astimezone(zone).date():
        raise UsageError(f"{on} lies in the future. Give the day on which {name} cleared it.")
    for row in rows:
        row.cleared_at, row.cleared_by, row.cleared_on = now, name, on
        session.add(row)
    from coach.store.access import What, note  # loads accounts, and few commands open a plan

    note(session, What.LOCK_CLEARED, person_id, now)
    return held


def _named(by: str | None, question: str) -> str:
    name = (by or "").strip()
    if not name:
        raise UsageError(question)
    if UNSEEN.search(name):
        raise UsageError(f"A name cannot hold characters that are not seen: '{visible(name)}'.")
    if len(name) > _LONGEST_NAME:
        raise UsageError(f"A name cannot be longer than {_LONGEST_NAME} characters.")
    return name


def _raise_lock(session: Session, person_id: int, signs: Sequence[str], at: datetime) -> None:
    if signs:
        session.add(PlanLock(person_id=person_id, raised_at=at, signs=list(signs)))


def _lock_rows(session: Session, person_id: int) -> Sequence[PlanLock]:
    wanted = select(PlanLock).where(PlanLock.person_id == person_id)
    return session.exec(wanted.order_by(col(PlanLock.raised_at), col(PlanLock.id))).all()


def _lock(row: PlanLock) -> Lock:
    return Lock(row.raised_at, tuple(row.signs), row.cleared_at, row.cleared_by, row.cleared_on)


# Flares and excusals.


_FLARES: Final = (
    sql_select(FlareRow.began_at, FlareRow.ended_at)  # type: ignore[call-overload]
    .where(col(FlareRow.person_id) == PERSON)
    .order_by(col(FlareRow.began_at), col(FlareRow.id))
)


def flares(asked: Asked, person_id: int) -> list[Flare]:
    """All there ever were, in order of time."""
    return [Flare(*row) for row in ask(asked, _FLARES, person=person_id)]


def start_flare(session: Session, person_id: int, at: datetime) -> None:
    session.add(FlareRow(person_id=person_id, began_at=at))


def end_flare(session: Session, person_id: int, flare: Flare, at: datetime) -> None:
    """On the person's word."""
    for row in _flare_rows(session, person_id):
        if row.began_at == flare.began_at and row.ended_at is None:
            row.ended_at = at
            session.add(row)


def _flare_rows(session: Session, person_id: int) -> Sequence[FlareRow]:
    wanted = select(FlareRow).where(FlareRow.person_id == person_id)
    return session.exec(wanted.order_by(col(FlareRow.began_at), col(FlareRow.id))).all()


def add_excusal(session: Session, person_id: int, excusal: Excusal, said_by: str | None, now: datetime) -> int:
    """Keep days on which nothing is asked. Returns its number.

    Raises:
        UsageError: they end before they start, or the name of who said so is none.
    """
    if excusal.last_day is not None and excusal.last_day < excusal.first_day:
        raise UsageError(f"It would end on {excusal.last_day}, before it starts on {excusal.first_day}.")
    row = ExcusalRow(
        person_id=person_id,
        kind=excusal.kind,
        first_day=excusal.first_day,
        last_day=excusal.last_day,
        said_by=None if said_by is None else _named(said_by, "Who said so? A name with --by cannot be empty."),
        created_at=now,
    )
    session.add(row)
    session.flush()
    return key(row)


_EXCUSALS: Final = (
    sql_select(ExcusalRow.id, ExcusalRow.said_by, ExcusalRow.kind, ExcusalRow.first_day, ExcusalRow.last_day)  # type: ignore[call-overload]
    .where(col(ExcusalRow.person_id) == PERSON)
    .order_by(col(ExcusalRow.first_day), col(ExcusalRow.id))
)


def kept_excusals(asked: Asked, person_id: int) -> list[KeptExcusal]:
    """In order of their days."""
    rows = ask(asked, _EXCUSALS, person=person_id)
    return [KeptExcusal(number, Excusal(ExcusalKind(kind), *days), said_by) for number, said_by, kind, *days in rows]


def excusals(asked: Asked, person_id: int) -> list[Excusal]:
    return [each.excusal for each in kept_excusals(asked, person_id)]


def remove_excusal(session: Session, person_id: int, number: int) -> KeptExcusal:
    """
    Raises:
        NotFoundError: the person has no such excusal.
    """
    row = session.exec(select(ExcusalRow).where(ExcusalRow.person_id == person_id, ExcusalRow.id == number)).first()
    if row is None:
        raise NotFoundError(f"There is no excusal {number}. `coach excuse --list` lists them.")
    session.delete(row)
    return KeptExcusal(number, _excusal(row), row.said_by)


def _excusal(row: ExcusalRow) -> Excusal:
    return Excusal(ExcusalKind(row.kind), row.first_day, row.last_day)
