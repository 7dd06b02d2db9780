"""What a person told of pain. Every query is bound to the person: what is another's is not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select as sql_select
from sqlalchemy import tuple_, union
from sqlmodel import Session, col, select

from coach.errors import NotFoundError, UsageError
from coach.safety.model import CheckIn, Extent, Phase
from coach.safety.signs import raised_by
from coach.store import begun, locks
from coach.store.asking import EVER, PERSON, SINCE, UNTIL, Asked, ask, moment
from coach.store.tables import Activity, key
from coach.store.told import CheckInRow


@dataclass(frozen=True, slots=True)
class KeptCheckIn:
    """A check-in with the number by which it can be taken back."""

    id: int
    check_in: CheckIn


def add(session: Session, person_id: int, check_in: CheckIn, now: datetime) -> int:
    """Keep what was told; new weakness locks the plan. Returns its number.

    Raises:
        NotFoundError: it names an activity that the person does not have.
        UsageError: it tells of an activity before that has begun.
    """
    if check_in.activity_id is not None:
        started_at = begun.at(session, person_id, check_in.activity_id)
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
    locks.raise_for(session, person_id, raised_by(check_in), now)
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


def kept(asked: Asked, person_id: int, start: datetime | None = None, end: datetime | None = None) -> list[KeptCheckIn]:
    """Those of [start, end), in order of time: told then, or told of an activity that began then."""
    since, until = EVER
    rows = _told(asked, person_id, start or since, end or until, start or since)
    return [KeptCheckIn(number, _check_in(*said)) for number, *said in rows]


def _told(asked: Asked, person_id: int, start: datetime, end: datetime, mornings: datetime) -> Sequence[Any]:
    return ask(asked, _TOLD, person=person_id, since=start, until=end, mornings_since=mornings)


def latest(
    session: Session, person_id: int, start: datetime, end: datetime, before: tuple[datetime, int] | None, limit: int
) -> list[KeptCheckIn]:
    """Those told in [start, end), newest first; `before` is the last that was seen so far: when it was, its number."""
    at = col(CheckInRow.at)
    wanted = select(CheckInRow).where(CheckInRow.person_id == person_id, at >= start, at < end)
    if before is not None:
        wanted = wanted.where((at < before[0]) | ((at == before[0]) & (col(CheckInRow.id) < before[1])))
    rows = session.exec(wanted.order_by(at.desc(), col(CheckInRow.id).desc()).limit(limit))
    return [KeptCheckIn(key(row), _check_in(*(getattr(row, name) for name in _FIELDS))) for row in rows]


def of(asked: Asked, person_id: int, start: datetime | None = None, end: datetime | None = None) -> list[CheckIn]:
    return [each.check_in for each in kept(asked, person_id, start, end)]


def with_mornings(asked: Asked, person_id: int, mornings: datetime, start: datetime, end: datetime) -> list[CheckIn]:
    """As `of`; and of [mornings, start), which lies before, what was told of mornings."""
    return [_check_in(*said) for _, *said in _told(asked, person_id, start, end, mornings)]


def remove(session: Session, person_id: int, number: int) -> CheckIn:
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
