"""Days on which nothing is asked, for somebody said so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from coach.errors import NotFoundError, UsageError
from coach.names import named
from coach.safety.model import Excusal, ExcusalKind
from coach.store.asking import PERSON, Asked, ask
from coach.store.tables import key
from coach.store.told import ExcusalRow


@dataclass(frozen=True, slots=True)
class KeptExcusal:
    id: int
    excusal: Excusal
    said_by: str | None


def add(session: Session, person_id: int, excusal: Excusal, said_by: str | None, now: datetime) -> int:
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
        said_by=None if said_by is None else named(said_by, "Who said so? A name with --by cannot be empty."),
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


def kept(asked: Asked, person_id: int) -> list[KeptExcusal]:
    """In order of their days."""
    rows = ask(asked, _EXCUSALS, person=person_id)
    return [KeptExcusal(number, Excusal(ExcusalKind(kind), *days), said_by) for number, said_by, kind, *days in rows]


def of(asked: Asked, person_id: int) -> list[Excusal]:
    return [each.excusal for each in kept(asked, person_id)]


def remove(session: Session, person_id: int, number: int) -> KeptExcusal:
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
