"""What is let go once it has been kept for long enough: rows that are deleted, and columns that are emptied."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Engine, Table, and_, delete, func, or_, select, update
from sqlmodel import col

from coach.store.access import AccessLog
from coach.store.accounts import FormSent, SignIn
from coach.store.care import CareInvitation
from coach.store.engine import reading, writing
from coach.store.tables import Original
from coach.store.tokens import AccessToken
from coach.store.wiping import empty_log, write_over
from scheduler.tables import DELIVERY, NUDGE

# Others that write wait meanwhile: for some milliseconds. A file may be some 300 kB.
_ROWS: Final = 500
_FILES: Final = 50


@dataclass(frozen=True, slots=True)
class Rows:
    """Of one table.

    Attributes:
        key: the column that rows are known by.
        too_old: those that were kept for long enough, from a moment: what is older goes.
        emptied: what their columns are then; None: the rows go.
        at_a_time: so many in a transaction.
    """

    key: Column[Any]
    too_old: Callable[[datetime], ColumnElement[bool]]
    emptied: Mapping[str, object] | None = None
    at_a_time: int = _ROWS

    def count(self, engine: Engine, before: datetime) -> int:
        with reading(engine) as session:
            wanted = select(func.count()).select_from(self._table).where(self.too_old(before))
            return session.connection().execute(wanted).scalar_one()

    def let_go(self, engine: Engine, before: datetime) -> int:
        """Some at a time, each in a transaction of its own: stopped in between, the rest goes the next time."""
        gone, keys = 0, self._next(engine, before, None)
        while keys:
            with writing(engine, None) as session:
                connection = session.connection()
                write_over(connection)
                gone += connection.execute(self._done.where(self.key.in_(keys), self.too_old(before))).rowcount
            keys = self._next(engine, before, keys[-1])
        if gone:
            empty_log(engine)
        return gone

    def _next(self, engine: Engine, before: datetime, last: object) -> Sequence[Any]:
        """Which are the next, from one to the other: what has been looked through is not looked through again."""
        some = select(self.key).where(self.too_old(before)).order_by(self.key).limit(self.at_a_time)
        with reading(engine) as session:
            return session.connection().execute(some if last is None else some.where(self.key > last)).scalars().all()

    @property
    def _done(self) -> Any:
        return delete(self._table) if self.emptied is None else update(self._table).values(**self.emptied)

    @property
    def _table(self) -> Table:
        return self.key.table


_OPEN: Final = select(DELIVERY.c.id).where(DELIVERY.c.nudge_id == NUDGE.c.id, DELIVERY.c.not_before.is_not(None))
_SAID: Final = or_(DELIVERY.c.title.is_not(None), DELIVERY.c.text.is_not(None), DELIVERY.c.detail.is_not(None))


def _said(before: datetime) -> ColumnElement[bool]:
    due = select(NUDGE.c.id).where(NUDGE.c.due_at < before)
    return and_(DELIVERY.c.not_before.is_(None), _SAID, DELIVERY.c.nudge_id.in_(due))


def _column(of: Any) -> Column[Any]:
    found: Column[Any] = of.property.columns[0]
    return found


# A file that was let go has its size still; of one that its person deleted nothing is left but the hash.
ORIGINALS: Final = (
    Rows(
        _column(Original.id),
        lambda before: and_(col(Original.received_at) < before, func.length(col(Original.content)) > 0),
        {"content": b""},
        _FILES,
    ),
)
# That something was said stays, lest it be said again: limits and periods go by it.
MESSAGES: Final = (
    Rows(DELIVERY.c.id, _said, {"title": None, "text": None, "detail": None}),
    Rows(
        NUDGE.c.id,
        lambda before: and_(NUDGE.c.due_at < before, NUDGE.c.reason != "", ~_OPEN.exists()),
        {"reason": ""},
    ),
)
ACCESS_LOG: Final = (Rows(_column(AccessLog.id), lambda before: col(AccessLog.at) < before),)
EXPIRED: Final = (
    Rows(_column(SignIn.token_sha256), lambda before: col(SignIn.expires_at) < before),
    Rows(_column(AccessToken.id), lambda before: col(AccessToken.expires_at) < before),
    Rows(_column(CareInvitation.id), lambda before: col(CareInvitation.expires_at) < before),
    Rows(_column(FormSent.once), lambda before: col(FormSent.at) < before),
)
