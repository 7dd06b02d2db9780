"""Sessions that were entered by hand."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from coach.store.tables import Activity


def overlapping(session: Session, person_id: int, started_at: datetime, ended_at: datetime) -> int | None:
    """The person's first that shares a moment with this time; one that begins where another ends shares none."""
    return session.exec(
        select(Activity.id)
        .where(
            Activity.person_id == person_id,
            col(Activity.original_id).is_(None),
            Activity.started_at < ended_at,
            Activity.ended_at > started_at,
        )
        .order_by(col(Activity.started_at))
    ).first()


def entered(session: Session, person_id: int, since: datetime) -> Sequence[Activity]:
    """The person's that began since then, the latest first."""
    return session.exec(
        select(Activity)
        .where(Activity.person_id == person_id, col(Activity.original_id).is_(None), Activity.started_at >= since)
        .order_by(col(Activity.started_at).desc())
    ).all()
