"""What is due goes in here, and what became of it can be read here.

`post` and `cancel` work on the caller's connection and never commit: a nudge becomes due together with the
facts that it speaks of, or not at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Engine, case, func, literal, select, tuple_, update
from sqlalchemy.orm import Session

from scheduler.drafts import Address, Draft
from scheduler.ids import new_id
from scheduler.messages import Due, Kind, Policy
from scheduler.suspensions import Suspension, resume, suspended
from scheduler.tables import DELIVERY, INSERT, NUDGE, Delivery, Nudge, State, connected
from scheduler.turns import leave_room

__all__ = [
    "Address",
    "Delivery",
    "Draft",
    "Entry",
    "Kind",
    "Nudge",
    "Policy",
    "State",
    "Suspension",
    "cancel",
    "earlier",
    "history",
    "move",
    "post",
    "post_in_turns",
    "resume",
    "suspended",
]


# Some 25 ms' worth, so that nobody waits for long.
AT_A_TIME: Final = 250


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a recipient's history: one nudge on one channel; `delivery_id` is its own."""

    delivery_id: UUID
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
    connection = connected(where)
    insert = INSERT[connection.dialect.name]
    nudges = {new_id(): draft for draft in drafts}
    statement = insert(NUDGE).on_conflict_do_nothing().returning(NUDGE.c.id)
    rows = [_nudge_row(nudge_id, draft, now) for nudge_id, draft in nudges.items()]
    new = set(connection.execute(statement, rows).scalars())
    if new:
        deliveries = [row for nudge_id in new for row in _delivery_rows(nudge_id, nudges[nudge_id])]
        connection.execute(insert(DELIVERY).on_conflict_do_nothing(), deliveries)
    return [nudge_id for nudge_id in nudges if nudge_id in new]


def post_in_turns(engine: Engine, drafts: Iterable[Draft], now: datetime) -> int:
    """Put any number of nudges in the outbox and keep the database open for others meanwhile.

    Each turn is a transaction of its own, after which others have theirs.

    Returns:
        How many nudges are new.
    """
    new = 0
    waiting = iter(drafts)
    while turn := list(islice(waiting, AT_A_TIME)):
        with engine.begin() as connection:
            new += len(post(connection, turn, now))
        leave_room(engine.dialect)
    return new


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
        "kind": draft.kind,
        "rank": draft.rank,
        "created_at": now,
    }


def _delivery_rows(nudge_id: UUID, draft: Draft) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "nudge_id": nudge_id,
            "channel": to.channel,
            "address": to.address,
            "urgent": draft.urgent,
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
            held_until=None,
            token=None,
            detail=reason,
        )
    )
    return connected(where).execute(statement).rowcount


def move(where: Connection | Session, recipient_id: str, timezone: str) -> int:
    """A recipient is in another time zone from now on: quiet hours and days of what is still open are that zone's.

    Returns:
        How many nudges it touched.
    """
    waiting = select(DELIVERY.c.id).where(DELIVERY.c.nudge_id == NUDGE.c.id, DELIVERY.c.not_before.is_not(None))
    statement = (
        update(NUDGE)
        .where(NUDGE.c.recipient_id == recipient_id, NUDGE.c.timezone != timezone, waiting.exists())
        .values(timezone=timezone)
    )
    return connected(where).execute(statement).rowcount


def history(where: Connection | Session, recipient_id: str, limit: int = 100, after: UUID | None = None) -> list[Entry]:
    """What a recipient was sent or is due to be sent, newest first; `after` a line of theirs, by its delivery.

    Raises:
        LookupError: `after` is no line of theirs.
    """
    columns: dict[str, Any] = {column.name: column for table in (DELIVERY, NUDGE) for column in table.c}
    columns["delivery_id"] = DELIVERY.c.id.label("delivery_id")
    within_a_moment = (NUDGE.c.id, DELIVERY.c.channel, DELIVERY.c.id)
    theirs = NUDGE.c.recipient_id == recipient_id
    statement = (
        select(*(columns[name] for name in Entry.__dataclass_fields__))
        .join_from(DELIVERY, NUDGE)
        .where(theirs)
        .order_by(NUDGE.c.due_at.desc(), *within_a_moment)
        .limit(limit)
    )
    connection = connected(where)
    if after is not None:
        places = select(NUDGE.c.due_at, *within_a_moment).join_from(DELIVERY, NUDGE)
        place = connection.execute(places.where(theirs, DELIVERY.c.id == after)).first()
        if place is None:
            raise LookupError(after)
        due_at, *rest = place
        values = (literal(value, column.type) for value, column in zip(rest, within_a_moment, strict=True))
        is_later = tuple_(*within_a_moment) > tuple_(*values)
        statement = statement.where((NUDGE.c.due_at < due_at) | ((NUDGE.c.due_at == due_at) & is_later))
    return [Entry(**row) for row in connection.execute(statement).mappings()]


def earlier(where: Connection | Session, due: Due) -> int:
    """How many nudges of its rule come before this one for its recipient; the same whenever it is asked."""
    before = (NUDGE.c.due_at < due.due_at) | ((NUDGE.c.due_at == due.due_at) & (NUDGE.c.id < due.nudge_id))
    statement = select(func.count()).where(NUDGE.c.recipient_id == due.recipient_id, NUDGE.c.rule == due.rule, before)
    return connected(where).execute(statement).scalar_one()
