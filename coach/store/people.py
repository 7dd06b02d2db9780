"""Who there is, the plan they had on a day, and when their devices were last heard."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, bindparam, case
from sqlalchemy import insert as sql_insert
from sqlalchemy import select as sql_select
from sqlalchemy import update as sql_update
from sqlmodel import Session, col, func, select

from coach.errors import NotFoundError, NotSetUpError, UsageError
from coach.plan.model import Plan
from coach.store.asking import PERSON, SINCE, Asked, ask
from coach.store.engine import hold
from coach.store.tables import Contact, Person, PlanVersion, key
from coach.weeks import IsoWeek, day_of


class Someone(Protocol):
    """A person as who judges and words sees them: a `Person`, or a value of `known`."""

    @property
    def id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def timezone(self) -> str: ...
    @property
    def emergency_number(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...


class _Known(NamedTuple):
    id: int
    name: str
    timezone: str
    emergency_number: str
    language: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A version of a plan, and when it was set."""

    version: int
    plan: Plan
    set_at: datetime


def find_person(session: Session, name: str | None) -> Person:
    """The person of that name, or the only one there is.

    Raises:
        NotSetUpError: nobody is there yet.
        UsageError: the name is not known, or there are several and none was named.
    """
    if (person := find(session, name)) is not None:
        return person
    if not (there := everybody(session)):
        raise NotSetUpError("Nobody is set up yet. Run `coach setup` first.")
    raise UsageError(f"There is no one called '{name}' here. Known: {_names(there)}.")


@contextmanager
def changing(engine: Engine, name: str | None) -> Iterator[tuple[Session, Person]]:
    """A transaction that changes something of the person of that name, or of the only one there is, as they are when
    nobody else changes anything of theirs.

    Raises:
        NotSetUpError, UsageError: as `find_person`.
    """
    with Session(engine, expire_on_commit=False) as session, session.begin():
        person = find_person(session, name)
        hold(session, key(person))
        session.refresh(person)
        yield session, person


def find(session: Session, name: str | None, option: str = "--person") -> Person | None:
    """The person of that name, blanks around it aside, or the only one there is; None where there is nobody such.

    Raises:
        UsageError: there are several and none was named; the sentence tells the option that names one.
    """
    there = everybody(session)
    if name is not None:
        return next((person for person in there if person.name == name.strip()), None)
    if len(there) > 1:
        raise UsageError(f"Several people share this database. Say who with {option}: {_names(there)}.")
    return there[0] if there else None


def everybody(session: Session) -> Sequence[Person]:
    return session.exec(select(Person).order_by(col(Person.id))).all()


def _names(some: Sequence[Person]) -> str:
    return ", ".join(person.name for person in some)


_BY_ID: Final = select(Person).where(col(Person.id) == PERSON)


def by_id(session: Session, person_id: int) -> Person | None:
    """As `session.get`, which makes its question anew each time."""
    return session.exec(_BY_ID, params={"person": person_id}).first()


_KNOWN: Final = sql_select(*(col(getattr(Person, name)) for name in _Known._fields)).where(col(Person.id) == PERSON)


def known(asked: Asked, person_id: int) -> Someone | None:
    """Them as a value, which costs a tenth of a row that a session looks after; None where they are not here."""
    return next((_Known(*row) for row in ask(asked, _KNOWN, person=person_id)), None)


def zones(session: Session, person_ids: Sequence[int]) -> dict[int, ZoneInfo]:
    """Where each of these lives; without those that are gone."""
    rows = session.exec(select(Person.id, Person.timezone).where(col(Person.id).in_(person_ids)))
    return {number: ZoneInfo(name) for number, name in rows if number is not None}


def plan_on(session: Session, person_id: int, day: date) -> tuple[int, Plan] | None:
    """The version in force on a day, with its number; None before the first."""
    row = session.exec(
        select(PlanVersion)
        .where(PlanVersion.person_id == person_id, PlanVersion.starts_on <= day)
        .order_by(col(PlanVersion.starts_on).desc(), col(PlanVersion.version).desc())
        .limit(1)
    ).first()
    return None if row is None else (row.version, Plan.model_validate(row.document))


def latest_plan(session: Session, person_id: int) -> tuple[int, Plan] | None:
    row = session.exec(
        select(PlanVersion).where(PlanVersion.person_id == person_id).order_by(col(PlanVersion.version).desc()).limit(1)
    ).first()
    return None if row is None else (row.version, Plan.model_validate(row.document))


def plan_versions(session: Session, person_id: int) -> list[KeptPlan]:
    """Every version, in order, with when it was set."""
    rows = session.exec(
        select(PlanVersion).where(PlanVersion.person_id == person_id).order_by(col(PlanVersion.version))
    )
    return [KeptPlan(row.version, Plan.model_validate(row.document), row.created_at) for row in rows]


def every_version(session: Session, person: Person) -> list[KeptPlan]:
    """As `plan_versions`, at least one.

    Raises:
        NotSetUpError: there is no plan yet.
    """
    if kept := plan_versions(session, key(person)):
        return kept
    raise NotSetUpError(f"{person.name} has no plan yet. Run `coach setup --condition ...`.")


def in_force(kept: Sequence[KeptPlan], day: date) -> KeptPlan | None:
    """Of these the version that holds on a day, as `plan_on`; None before the first."""
    started = [each for each in kept if each.plan.starts_on <= day]
    return max(started, key=lambda each: (each.plan.starts_on, each.version), default=None)


def of_number(kept: Sequence[KeptPlan], version: int, person: Person) -> KeptPlan:
    """The version of that number.

    Raises:
        NotFoundError: there is none.
    """
    for each in kept:
        if each.version == version:
            return each
    raise NotFoundError(f"{person.name}'s plan has no version {version}; the latest is {kept[-1].version}.")


def add_plan(session: Session, person_id: int, plan: Plan, now: datetime) -> int:
    """Keep a plan as the next version; the ones before stay as they were. Returns its number.

    Of two that start on the same day the later number holds. The first may start in the past: nothing held before it.

    Raises:
        UsageError: it would start before the version that it replaces, or in a week that has passed.
    """
    last = session.exec(
        select(PlanVersion).where(PlanVersion.person_id == person_id).order_by(col(PlanVersion.version).desc()).limit(1)
    ).first()
    if last is not None and plan.starts_on < last.starts_on:
        raise UsageError(
            f"Plan version {last.version} starts on {last.starts_on}; a new version cannot start before it, on "
            f"{plan.starts_on}. Give --start {last.starts_on} or later."
        )
    if last is not None and plan.starts_on < (monday := _this_monday(session, person_id, now)):
        raise UsageError(
            f"Past weeks keep the plan they had: a new version cannot start on {plan.starts_on}, before the week that "
            f"runs. Give --start {max(monday, last.starts_on)} or later."
        )
    version = (last.version if last else 0) + 1
    from coach.store.access import What, note  # loads accounts, and few commands change a plan

    note(session, What.PLAN_CHANGED, person_id, now)
    session.add(
        PlanVersion(
            person_id=person_id,
            version=version,
            starts_on=plan.starts_on,
            document=plan.model_dump(mode="json"),
            created_at=now,
        )
    )
    return version


def _this_monday(session: Session, person_id: int, now: datetime) -> date:
    """Of the week that runs where the person is."""
    person = session.get_one(Person, person_id)
    return IsoWeek.of(day_of(now, ZoneInfo(person.timezone))).monday


def first_plan_day(session: Session, person_id: int) -> date | None:
    return session.exec(select(func.min(PlanVersion.starts_on)).where(PlanVersion.person_id == person_id)).one()


_FIRST_CONTACT: Final = sql_insert(Contact)
_NEXT_CONTACT: Final = (
    sql_update(Contact)
    .where(col(Contact.person_id) == PERSON, col(Contact.source) == bindparam("heard_of"))
    .values(at=case((col(Contact.at) < SINCE, SINCE), else_=col(Contact.at)))
)


def heard(session: Session, person_id: int, source: str, at: datetime) -> None:
    """Note a contact with a source, whether or not it brought anything. Only the latest is of interest."""
    connection = session.connection()
    if not connection.execute(_NEXT_CONTACT, {"person": person_id, "heard_of": source, "since": at}).rowcount:
        connection.execute(_FIRST_CONTACT, {"person_id": person_id, "source": source, "at": at})


LAST_CONTACT: Final = sql_select(func.max(Contact.at)).where(col(Contact.person_id) == PERSON)


def last_contact(session: Session, person_id: int) -> datetime | None:
    ((found,),) = ask(session, LAST_CONTACT, person=person_id)
    last: datetime | None = found
    return last
