"""Whom the planner looks at: those of whom something is new, and everybody on the quarter hour."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from coach.store import news
from coach.store.news import Marks
from coach.store.tables import Person

# Rules speak on the half hour of clocks that stand whole quarters from UTC; and what falls due at another time is known
# half an hour ahead (`coach.nudges.model.AHEAD`). So nothing that the clock alone brings is late.
QUARTER: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Round:
    """One look: at whom, in which quarter of an hour, and how far everything had grown."""

    persons: Sequence[int]
    quarter: int
    marks: Marks


@dataclass
class Rounds:
    """One look after another. A look that was not finished is made anew with the next."""

    last: Round | None = field(default=None, init=False)

    def next(self, session: Session, now: datetime) -> Round:
        quarter = (now - datetime.min.replace(tzinfo=UTC)) // QUARTER
        marks = news.marks(session)
        if self.last is not None and self.last.quarter == quarter:
            return Round(sorted(news.whose(session, self.last.marks)), quarter, marks)
        everybody = session.exec(select(Person.id).order_by(col(Person.id)))
        return Round([number for number in everybody if number is not None], quarter, marks)

    def finished(self, made: Round) -> None:
        self.last = made
