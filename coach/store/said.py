"""What a person was told before, and what they made of it: the outbox as the rules look back on it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, func, select

from scheduler.messages import Due, Kind
from scheduler.outbox import Draft
from scheduler.tables import Delivery, Nudge, State

_REMEMBERED: Final = 30
"""So many earlier messages of a rule: more than any rule has wordings."""

_NEVER_SENT: Final = (State.FAILED, State.EXPIRED, State.SUPPRESSED, State.CANCELLED)


def unposted(session: Session, recipient_id: str, drafts: Sequence[Draft]) -> list[Draft]:
    """Those of a recipient that are not in the outbox yet."""
    if not drafts:
        return []
    rows = session.exec(
        select(Nudge.rule, Nudge.period).where(
            Nudge.recipient_id == recipient_id, col(Nudge.period).in_({each.period for each in drafts})
        )
    )
    known = set(rows)
    return [each for each in drafts if (each.rule, each.period) not in known]


def last_due(session: Session, recipient_id: str, rule: str) -> datetime | None:
    """When the last nudge of a rule was due, of those that went out, may have, or still can."""
    return session.exec(
        select(func.max(Nudge.due_at))
        .join(Delivery, col(Delivery.nudge_id) == Nudge.id)
        .where(Nudge.recipient_id == recipient_id, Nudge.rule == rule, col(Delivery.state).not_in(_NEVER_SENT))
    ).one()


def texts(session: Session, due: Due) -> list[str]:
    """What was said of its rule before, the latest first; its own text first of all, where it went out already."""
    rows = session.exec(
        select(Nudge.id, Delivery.text)
        .join(Delivery, col(Delivery.nudge_id) == Nudge.id)
        .where(Nudge.recipient_id == due.recipient_id, Nudge.rule == due.rule, Nudge.due_at <= due.due_at)
        .where(col(Delivery.text).is_not(None))
        .order_by(col(Nudge.due_at).desc(), col(Nudge.id).desc())
        .limit(_REMEMBERED)
    ).all()
    own = [text for number, text in rows if number == due.nudge_id and text]
    return own[:1] + [text for number, text in rows if number != due.nudge_id and text]


def is_worded(session: Session, due: Due) -> bool:
    """Whether its own words went out already, or were about to."""
    own = select(Delivery.id).where(Delivery.nudge_id == due.nudge_id, col(Delivery.text).is_not(None)).limit(1)
    return session.exec(own).first() is not None


def waiting_before(session: Session, due: Due) -> int:
    """How many of its rule go out ahead of it, and have not been worded yet."""
    ahead = (col(Nudge.due_at) < due.due_at) | ((col(Nudge.due_at) == due.due_at) & (col(Nudge.id) < due.nudge_id))
    return session.exec(
        select(func.count(func.distinct(Nudge.id)))
        .join(Delivery, col(Delivery.nudge_id) == Nudge.id)
        .where(Nudge.recipient_id == due.recipient_id, Nudge.rule == due.rule, ahead)
        .where(col(Delivery.text).is_(None), col(Delivery.state).in_([State.PENDING, State.LEASED]))
    ).one()


def ordinal(session: Session, due: Due) -> int:
    """How many of its kind come before it; the same whenever it is asked."""
    before = (col(Nudge.due_at) < due.due_at) | ((col(Nudge.due_at) == due.due_at) & (col(Nudge.id) < due.nudge_id))
    return session.exec(
        select(func.count()).where(Nudge.recipient_id == due.recipient_id, Nudge.kind == due.kind, before)
    ).one()


def ignored(session: Session, due: Due, channels: Collection[str], count: int) -> bool:
    """Whether the last `count` of its kind, sent on channels that can reply, had no reply until they expired."""
    rows = session.exec(
        select(Nudge.answered_at)
        .join(Delivery, col(Delivery.nudge_id) == Nudge.id)
        .where(Nudge.recipient_id == due.recipient_id, Nudge.kind == Kind(due.kind), Nudge.id != due.nudge_id)
        .where(Delivery.state == State.SENT, col(Delivery.channel).in_(list(channels)))
        .where(col(Nudge.expires_at) <= due.due_at)
        .group_by(col(Nudge.id), col(Nudge.answered_at), col(Nudge.due_at))
        .order_by(col(Nudge.due_at).desc())
        .limit(count)
    ).all()
    return len(rows) == count and all(each is None for each in rows)
