"""Warning signs that lock a plan, until somebody has looked at it.

A lock is raised in the transaction of the answer that raises it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from coach.errors import ConflictError, UsageError
from coach.names import named
from coach.safety.model import Lock, locked_by
from coach.store.asking import PERSON, Asked, ask
from coach.store.told import PlanLock


def raise_for(session: Session, person_id: int, signs: Sequence[str], at: datetime) -> None:
    """A lock for these signs; for none, none."""
    if signs:
        session.add(PlanLock(person_id=person_id, raised_at=at, signs=list(signs)))


_LOCKS: Final = (
    sql_select(PlanLock.raised_at, PlanLock.signs, PlanLock.cleared_at, PlanLock.cleared_by, PlanLock.cleared_on)  # type: ignore[call-overload]
    .where(col(PlanLock.person_id) == PERSON)
    .order_by(col(PlanLock.raised_at), col(PlanLock.id))
)


def of(asked: Asked, person_id: int) -> list[Lock]:
    """All there ever were, in order of time."""
    return [Lock(raised_at, tuple(signs), *rest) for raised_at, signs, *rest in ask(asked, _LOCKS, person=person_id)]


def holding(session: Session, person_id: int, at: datetime) -> Lock | None:
    """`locked_by`, of a person in the store.

    A plan without a diagnosis is locked as well (`Plan.locked`); that is another matter.
    """
    return locked_by(of(session, person_id), at)


def clear(session: Session, person_id: int, by: str | None, on: date | None, now: datetime, zone: ZoneInfo) -> Lock:
    """End what locks the plan: somebody has looked at it. Returns what held.

    Raises:
        UsageError: nobody is named, or no day, or it lies before the lock or in the future.
        ConflictError: nothing locks the plan.
    """
    name = named(by, "Who cleared it? Give the name of the doctor or clinician with --by.")
    if on is None:
        raise UsageError("When was it cleared? Give the day with --on, as in --on 2026-11-05.")
    held = holding(session, person_id, now)
    if held is None:
        raise ConflictError("No warning sign locks the plan: there is nothing to clear.")
    rows = [row for row in _rows(session, person_id) if _lock(row).holds(now)]
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


def _rows(session: Session, person_id: int) -> Sequence[PlanLock]:
    wanted = select(PlanLock).where(PlanLock.person_id == person_id)
    return session.exec(wanted.order_by(col(PlanLock.raised_at), col(PlanLock.id))).all()


def _lock(row: PlanLock) -> Lock:
    return Lock(row.raised_at, tuple(row.signs), row.cleared_at, row.cleared_by, row.cleared_on)
