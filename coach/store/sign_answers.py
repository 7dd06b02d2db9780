"""What a person answered when they were asked for warning signs."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from coach.safety.model import Answers
from coach.safety.signs import locking
from coach.store import locks
from coach.store.told import SignAnswers


def add(session: Session, person_id: int, given: Answers) -> None:
    """Keep the answers; those that lock raise a lock, from when they were given."""
    session.add(SignAnswers(person_id=person_id, at=given.at, yes=list(given.yes)))
    locks.raise_for(session, person_id, locking(given.yes), given.at)
    session.flush()


def of(session: Session, person_id: int, start: datetime | None = None, end: datetime | None = None) -> list[Answers]:
    """Those given in [start, end), in order of time."""
    wanted = select(SignAnswers).where(SignAnswers.person_id == person_id, *_within(SignAnswers.at, start, end))
    return [Answers(row.at, tuple(row.yes)) for row in session.exec(wanted.order_by(col(SignAnswers.at)))]


def _within(moment: datetime, start: datetime | None, end: datetime | None) -> list[ColumnElement[bool]]:
    """A column's conditions for [start, end); None is open."""
    column = col(moment)
    return [*([column >= start] if start is not None else []), *([column < end] if end is not None else [])]
