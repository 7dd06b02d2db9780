"""Flares that a person told of, each with its end where they told of that as well."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from coach.safety.model import Flare
from coach.store.asking import PERSON, Asked, ask
from coach.store.told import FlareRow

_FLARES: Final = (
    sql_select(FlareRow.began_at, FlareRow.ended_at)  # type: ignore[call-overload]
    .where(col(FlareRow.person_id) == PERSON)
    .order_by(col(FlareRow.began_at), col(FlareRow.id))
)


def of(asked: Asked, person_id: int) -> list[Flare]:
    """All there ever were, in order of time."""
    return [Flare(*row) for row in ask(asked, _FLARES, person=person_id)]


def start(session: Session, person_id: int, at: datetime) -> None:
    session.add(FlareRow(person_id=person_id, began_at=at))


def end(session: Session, person_id: int, flare: Flare, at: datetime) -> None:
    """On the person's word."""
    for row in _rows(session, person_id):
        if row.began_at == flare.began_at and row.ended_at is None:
            row.ended_at = at
            session.add(row)


def _rows(session: Session, person_id: int) -> Sequence[FlareRow]:
    wanted = select(FlareRow).where(FlareRow.person_id == person_id)
    return session.exec(wanted.order_by(col(FlareRow.began_at), col(FlareRow.id))).all()
