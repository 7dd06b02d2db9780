"""The three writes of a sweep, each one transaction: claim a batch, write down an intent, settle a delivery.

A claim hands out a token. Whoever writes shows it, and a row whose token has changed, because the lease ran
out and another worker took over, stays as it is. No clean-up job: a lease that ran out is simply claimed
again.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, RowMapping, select, update

from scheduler.channels.base import Outgoing
from scheduler.messages import Due
from scheduler.tables import DELIVERY, NUDGE, State
from scheduler.verdicts import Claim, Verdict

DUE_FIELDS: Final = [NUDGE.c[name] for name in Due.__dataclass_fields__ if name != "nudge_id"]


def claim(connection: Connection, now: datetime, until: datetime, batch: int) -> list[Claim]:
    """Hold up to `batch` deliveries whose time has come, the longest due first, `until` then."""
    token = uuid4()
    rows = connection.execute(_due(now, batch)).mappings().all()
    if rows:
        taken = [row["id"] for row in rows]
        connection.execute(
            update(DELIVERY)
            .where(DELIVERY.c.id.in_(taken))
            .values(state=State.LEASED, token=token, not_before=until, attempts=DELIVERY.c.attempts + 1)
        )
    return [_claimed(row, token) for row in rows]


def _due(now: datetime, batch: int) -> Any:
    """PostgreSQL passes over rows that another worker takes; SQLite's writers queue by BEGIN IMMEDIATE."""
    return (
        select(DELIVERY, *DUE_FIELDS)
        .join_from(DELIVERY, NUDGE)
        .where(DELIVERY.c.not_before <= now)
        .order_by(DELIVERY.c.not_before)
        .limit(batch)
        .with_for_update(of=DELIVERY, skip_locked=True)
    )


def _claimed(row: RowMapping, token: UUID) -> Claim:
    return Claim(
        due=Due(**{name: row[name] for name in Due.__dataclass_fields__}),
        delivery_id=row["id"],
        token=token,
        channel=row["channel"],
        address=row["address"],
        attempts=row["attempts"] + 1,
        intent_at=row["intent_at"],
        message_id=row["message_id"],
        detail=row["detail"],
    )


def intend(connection: Connection, claim: Claim, outgoing: Outgoing, now: datetime, until: datetime) -> bool:
    """Write down that this is about to be sent, and hold it `until` then; False when the lease is lost."""
    return _write(
        connection,
        claim,
        intent_at=now,
        message_id=outgoing.message_id,
        title=outgoing.message.title,
        text=outgoing.message.text,
        not_before=until,
    )


def settle(connection: Connection, claim: Claim, verdict: Verdict) -> bool:
    """Write down what became of it; False when the lease is lost."""
    return _write(connection, claim, **asdict(verdict), token=None)


def _write(connection: Connection, claim: Claim, **values: Any) -> bool:
    fenced = update(DELIVERY).where(
        DELIVERY.c.id == claim.delivery_id, DELIVERY.c.token == claim.token, DELIVERY.c.state == State.LEASED
    )
    return connection.execute(fenced.values(values)).rowcount == 1
