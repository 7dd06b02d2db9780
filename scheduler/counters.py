"""How well it went: what was sent and how late, what was not and why, as the tables have it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.orm import Session

from scheduler.messages import Policy
from scheduler.tables import DELIVERY, NUDGE, State, connected

NEVER = timedelta()


@dataclass(frozen=True, slots=True)
class Counters:
    """Deliveries of nudges due since a moment.

    Attributes:
        sent: the channel took them.
        median_lateness, worst_lateness: from when it was due, or when quiet hours or a limit let it go, until it was
            sent. What went along with another before its time is not late.
        missed: expired, too late to be of use.
        failed: refused for good, or given up.
        unknown: may have arrived, and are not tried again.
        suppressed: still true and not said, by the reason.
        cancelled: no longer true.
        open: still to come.
        resent: how often a message was handed over again that may have arrived, with the same Message-ID.
        not_repeated: ended as unknown because twice is worse than never.
    """

    sent: int
    median_lateness: timedelta
    worst_lateness: timedelta
    missed: int
    failed: int
    unknown: int
    suppressed: Mapping[str, int]
    cancelled: int
    open: int
    resent: int
    not_repeated: int


def count(where: Connection | Session, since: datetime, recipient_id: str | None = None) -> Counters:
    """Of all recipients, or of one."""
    connection = connected(where)
    mine = NUDGE.c.due_at >= since
    if recipient_id is not None:
        mine &= NUDGE.c.recipient_id == recipient_id
    columns = (
        DELIVERY.c.state,
        NUDGE.c.policy,
        func.count().label("number"),
        func.sum(DELIVERY.c.resent).label("again"),
    )
    by_state = connection.execute(
        select(*columns).join_from(DELIVERY, NUDGE).where(mine).group_by(DELIVERY.c.state, NUDGE.c.policy)
    ).all()
    states = Counter[State]()
    for row in by_state:
        states[row.state] += row.number
    late = _lateness(connection, mine)
    return Counters(
        sent=states[State.SENT],
        median_lateness=timedelta(seconds=median(each.total_seconds() for each in late)) if late else NEVER,
        worst_lateness=max(late, default=NEVER),
        missed=states[State.EXPIRED],
        failed=states[State.FAILED],
        unknown=states[State.UNKNOWN],
        suppressed=_reasons(connection, mine),
        cancelled=states[State.CANCELLED],
        open=states[State.PENDING] + states[State.LEASED],
        resent=sum(row.again for row in by_state),
        not_repeated=sum(
            row.number for row in by_state if row.state is State.UNKNOWN and row.policy is Policy.NEVER_TWICE
        ),
    )


def _lateness(connection: Connection, mine: ColumnElement[bool]) -> list[timedelta]:
    statement = (
        select(DELIVERY.c.sent_at, DELIVERY.c.allowed_at, NUDGE.c.due_at)
        .join_from(DELIVERY, NUDGE)
        .where(mine, DELIVERY.c.state == State.SENT)
    )
    return [max(NEVER, row.sent_at - (row.allowed_at or row.due_at)) for row in connection.execute(statement)]


def _reasons(connection: Connection, mine: ColumnElement[bool]) -> dict[str, int]:
    statement = (
        select(DELIVERY.c.detail, func.count())
        .join_from(DELIVERY, NUDGE)
        .where(mine, DELIVERY.c.state == State.SUPPRESSED)
        .group_by(DELIVERY.c.detail)
        .order_by(func.count().desc(), DELIVERY.c.detail)
    )
    return {reason or "": number for reason, number in connection.execute(statement)}
