"""What a caseload shows of everybody whom an account looks after: a statement a table, however many they are."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, func
from sqlalchemy import select as sql_select
from sqlmodel import Session, col

from coach.safety.model import CheckIn, Excusal, ExcusalKind, Flare, Phase
from coach.store.asking import SINCE, ask
from coach.store.care import Care
from coach.store.tables import Contact, Person, PlanVersion
from coach.store.told import CheckInRow, ExcusalRow, FlareRow, PlanLock

_ACCOUNT: Final[BindParameter[int]] = bindparam("account")
_THEIRS: Final = sql_select(Care.person_id).where(col(Care.account_id) == _ACCOUNT, col(Care.ended_at).is_(None))  # type: ignore[call-overload]


@dataclass(frozen=True, slots=True)
class Stored:
    """Of one person.

    Attributes:
        heard_at: when a source was last heard.
        morning: the last score of a morning that was told.
        has_diagnosis: of the plan in force.
        locked_at: since when a warning sign locks the plan.
    """

    person_id: int
    name: str
    zone: ZoneInfo
    heard_at: datetime | None
    morning: CheckIn | None
    has_diagnosis: bool
    locked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Easing:
    """Why somebody may be asked for less, in no order.

    Attributes:
        flares: those that they did not say the end of; mornings: what was told since, and what tells the usual.
        excusals: those that may hold today, wherever they are.
    """

    flares: Sequence[Flare] = ()
    mornings: Sequence[CheckIn] = ()
    excusals: Sequence[Excusal] = ()


def of(session: Session, account_id: int, now: datetime) -> list[Stored]:
    """Everybody whom the account looks after."""
    told = _Asked(session, account_id)
    diagnosed = {person for person, diagnosis in told.rows(_DIAGNOSES, today=now.date()) if diagnosis is not None}
    heard, locked, morning = dict(told.rows(_HEARD)), dict(told.rows(_LOCKED)), told.rows(_MORNINGS)
    last = {person: CheckIn(at, Phase.MORNING, pain) for person, at, pain in morning}
    return [
        Stored(
            person_id=number,
            name=name,
            zone=ZoneInfo(zone),
            heard_at=heard.get(number),
            morning=last.get(number),
            has_diagnosis=number in diagnosed,
            locked_at=locked.get(number),
        )
        for number, name, zone in told.rows(_PERSONS)
    ]


def easings(
    session: Session, account_id: int, persons: Collection[int], now: datetime, looks_back: timedelta
) -> dict[int, Easing]:
    """Of those of these persons whom the account looks after, and of whom there is something; a flare's usual is told
    as far before it as `looks_back`.
    """
    told = _Asked(session, account_id)
    flares = _by_person(told.rows(_FLARES, persons=list(persons)), Flare)
    since = min((each.began_at for some in flares.values() for each in some), default=now) - looks_back
    mornings = _by_person(told.rows(_TOLD, persons=list(flares), since=since), _morning) if flares else {}
    near = {"latest": now.date() + timedelta(days=1), "earliest": now.date() - timedelta(days=1)}
    rows = told.rows(_EXCUSALS, persons=list(persons), **near)
    excusals = _by_person(rows, lambda kind, *days: Excusal(ExcusalKind(kind), *days))
    return {
        number: Easing(flares.get(number, ()), mornings.get(number, ()), excusals.get(number, ()))
        for number in {*flares, *excusals}
    }


@dataclass(frozen=True, slots=True)
class _Asked:
    session: Session
    account_id: int

    def rows(self, statement: Any, **given: Any) -> Sequence[Any]:
        return ask(self.session, statement, account=self.account_id, **given)


def _by_person(rows: Sequence[Any], make: Any) -> Mapping[int, Sequence[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for person, *row in rows:
        found[person].append(make(*row))
    return found


def _morning(at: datetime, pain: int) -> CheckIn:
    return CheckIn(at, Phase.MORNING, pain)


_PERSONS: Final = sql_select(Person.id, Person.name, Person.timezone).where(col(Person.id).in_(_THEIRS))  # type: ignore[call-overload]

_HEARD: Final = (
    sql_select(Contact.person_id, func.max(Contact.at))  # type: ignore[call-overload]
    .where(col(Contact.person_id).in_(_THEIRS))
    .group_by(col(Contact.person_id))
)

_LOCKED: Final = (
    sql_select(PlanLock.person_id, func.min(PlanLock.raised_at))  # type: ignore[call-overload]
    .where(col(PlanLock.person_id).in_(_THEIRS), col(PlanLock.cleared_at).is_(None))
    .group_by(col(PlanLock.person_id))
)

# The version in force is the last to start; where two start on a day, the later number.
_IN_FORCE: Final = (
    sql_select(PlanVersion.id)  # type: ignore[call-overload]
    .where(col(PlanVersion.person_id) == col(Person.id), col(PlanVersion.starts_on) <= bindparam("today"))
    .order_by(col(PlanVersion.starts_on).desc(), col(PlanVersion.version).desc())
    .limit(1)
    .correlate(Person)
    .scalar_subquery()
)
_DIAGNOSES: Final = (
    sql_select(Person.id, col(PlanVersion.document)["diagnosis"]["made_on"].as_string())  # type: ignore[call-overload]
    .join(PlanVersion, col(PlanVersion.id) == _IN_FORCE)
    .where(col(Person.id).in_(_THEIRS))
)

# In the order of the index of persons and moments: it is walked from its end, and the first that fits is the last told.
_LAST_MORNING: Final = (
    sql_select(CheckInRow.id)  # type: ignore[call-overload]
    .where(col(CheckInRow.person_id) == col(Person.id))
    .where(col(CheckInRow.phase) == Phase.MORNING, col(CheckInRow.pain).is_not(None))
    .order_by(col(CheckInRow.at).desc(), col(CheckInRow.id).desc())
    .limit(1)
    .correlate(Person)
    .scalar_subquery()
)
_MORNINGS: Final = (
    sql_select(Person.id, CheckInRow.at, CheckInRow.pain)  # type: ignore[call-overload]
    .join(CheckInRow, col(CheckInRow.id) == _LAST_MORNING)
    .where(col(Person.id).in_(_THEIRS))
)

_SOME: Final[BindParameter[Sequence[int]]] = bindparam("persons", expanding=True)

_FLARES: Final = sql_select(FlareRow.person_id, FlareRow.began_at).where(  # type: ignore[call-overload]
    col(FlareRow.person_id).in_(_THEIRS), col(FlareRow.person_id).in_(_SOME), col(FlareRow.ended_at).is_(None)
)
_TOLD: Final = (
    sql_select(CheckInRow.person_id, CheckInRow.at, CheckInRow.pain)  # type: ignore[call-overload]
    .where(col(CheckInRow.person_id).in_(_THEIRS), col(CheckInRow.person_id).in_(_SOME))
    .where(col(CheckInRow.phase) == Phase.MORNING, col(CheckInRow.pain).is_not(None))
    .where(col(CheckInRow.at) >= SINCE)
)
_EXCUSALS: Final = (
    sql_select(ExcusalRow.person_id, ExcusalRow.kind, ExcusalRow.first_day, ExcusalRow.last_day)  # type: ignore[call-overload]
    .where(col(ExcusalRow.person_id).in_(_THEIRS), col(ExcusalRow.person_id).in_(_SOME))
    .where(col(ExcusalRow.first_day) <= bindparam("latest"))
    .where(col(ExcusalRow.last_day).is_(None) | (col(ExcusalRow.last_day) >= bindparam("earliest")))
    .order_by(col(ExcusalRow.first_day))
)
