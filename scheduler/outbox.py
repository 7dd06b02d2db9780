"""What is due goes in here, and what became of it can be read here.

`post` and `cancel` work on the caller's connection and never commit: a nudge becomes due together with the
facts that it speaks of, or not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.errors import DraftError
from scheduler.messages import Due, Policy
from scheduler.tables import DELIVERY, NUDGE, Delivery, Nudge, State

__all__ = [
    "Address",
    "Delivery",
    "Draft",
    "Entry",
    "Nudge",
    "Policy",
    "State",
    "cancel",
    "earlier",
    "history",
    "post",
]

INSERT: Final[Mapping[str, Any]] = MappingProxyType({"sqlite": sqlite.insert, "postgresql": postgresql.insert})


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: a channel's name, and what that channel calls a recipient."""

    channel: str
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A nudge to post. Moments are aware; `expires_at` None means that it is never too late.

    Raises:
        DraftError: when it could never be sent.
    """

    recipient_id: str
    rule: str
    period: str
    reason: str
    timezone: str
    due_at: datetime
    to: tuple[Address, ...]
    expires_at: datetime | None = None
    policy: Policy = Policy.RESEND
    urgent: bool = False

    def __post_init__(self) -> None:
        if fault := self._fault():
            raise DraftError(self.rule, self.period, fault)

    def _fault(self) -> str | None:
        if not self.to:
            return "it has no address to go to."
        if any(moment.utcoffset() is None for moment in (self.due_at, self.expires_at) if moment is not None):
            return "its times need a time zone."
        if self.expires_at is not None and self.expires_at <= self.due_at:
            return "it would expire before it is due."
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            return f"there is no time zone {self.timezone!r}."
        return None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a recipient's history: one nudge on one channel."""

    rule: str
    period: str
    state: State
    reason: str
    due_at: datetime
    expires_at: datetime | None
    channel: str
    sent_at: datetime | None
    message_id: str | None
    title: str | None = field(repr=False)
    text: str | None = field(repr=False)
    detail: str | None = field(repr=False)


def post(where: Connection | Session, drafts: Sequence[Draft], now: datetime) -> list[UUID]:
    """Put nudges in the outbox, each once for its recipient, rule and period; those already there stay.

    Returns:
        The ids of the nudges that are new, in the order of their drafts.
    """
    if not drafts:
        return []
    connection = _connection(where)
    insert = INSERT[connection.dialect.name]
    nudges = {uuid4(): draft for draft in drafts}
    statement = insert(NUDGE).on_conflict_do_nothing().returning(NUDGE.c.id)
    rows = [_nudge_row(nudge_id, draft, now) for nudge_id, draft in nudges.items()]
    new = set(connection.execute(statement, rows).scalars())
    if new:
        deliveries = [row for nudge_id in new for row in _delivery_rows(nudge_id, nudges[nudge_id])]
        connection.execute(insert(DELIVERY).on_conflict_do_nothing(), deliveries)
    return [nudge_id for nudge_id in nudges if nudge_id in new]


def _nudge_row(nudge_id: UUID, draft: Draft, now: datetime) -> dict[str, Any]:
    return {
        "id": nudge_id,
        "recipient_id": draft.recipient_id,
        "rule": draft.rule,
        "period": draft.period,
        "reason": draft.reason,
        "timezone": draft.timezone,
        "due_at": draft.due_at,
        "expires_at": draft.expires_at,
        "policy": draft.policy,
        "urgent": draft.urgent,
        "created_at": now,
    }


def _delivery_rows(nudge_id: UUID, draft: Draft) -> list[dict[str, Any]]:
    return [
        {
            "id": uuid4(),
            "nudge_id": nudge_id,
            "channel": to.channel,
            "address": to.address,
            "state": State.PENDING,
            "not_before": draft.due_at,
            "attempts": 0,
        }
        for to in draft.to
    ]


def cancel(where: Connection | Session, recipient_id: str, rule: str, period: str, reason: str) -> int:
    """Stop what has not gone out yet; what is being sent at this moment is left to its end.

    A delivery that waits to be sent again, and so may have arrived, ends as unknown rather than cancelled.

    Returns:
        How many deliveries were stopped.
    """
    nudge = select(NUDGE.c.id).where(
        NUDGE.c.recipient_id == recipient_id, NUDGE.c.rule == rule, NUDGE.c.period == period
    )
    open_and_not_being_sent = (DELIVERY.c.state == State.PENDING) | (
        (DELIVERY.c.state == State.LEASED) & DELIVERY.c.intent_at.is_(None)
    )
    statement = (
        update(DELIVERY)
        .where(DELIVERY.c.nudge_id.in_(nudge), open_and_not_being_sent)
        .values(
            state=case((DELIVERY.c.intent_at.is_(None), State.CANCELLED), else_=State.UNKNOWN),
            not_before=None,
            token=None,
            detail=reason,
        )
    )
    return _connection(where).execute(statement).rowcount


def history(where: Connection | Session, recipient_id: str, limit: int = 100) -> list[Entry]:
    """What a recipient was sent or is due to be sent, newest first."""
    columns = {column.name: column for table in (DELIVERY, NUDGE) for column in table.c}
    statement = (
        select(*(columns[name] for name in Entry.__dataclass_fields__))
        .join_from(DELIVERY, NUDGE)
        .where(NUDGE.c.recipient_id == recipient_id)
        .order_by(NUDGE.c.due_at.desc(), NUDGE.c.id, DELIVERY.c.channel)
        .limit(limit)
    )
    return [Entry(**row) for row in _connection(where).execute(statement).mappings()]


def earlier(where: Connection | Session, due: Due) -> int:
    """How many nudges of its rule come before this one for its recipient; the same whenever it is asked."""
    before = (NUDGE.c.due_at < due.due_at) | ((NUDGE.c.due_at == due.due_at) & (NUDGE.c.id < due.nudge_id))
    statement = select(func.count()).where(NUDGE.c.recipient_id == due.recipient_id, NUDGE.c.rule == due.rule, before)
    return _connection(where).execute(statement).scalar_one()


def _connection(where: Connection | Session) -> Connection:
    return where.connection() if isinstance(where, Session) else where
