"""What a person did, as the judgement wants it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from coach.adherence.model import Performed
from coach.effort.model import Effort, Exclusion, Predicate
from coach.plan.model import Exercise
from coach.store.tables import Activity, ActivityEffort, key
from devices.recording import Span


def between(session: Session, person_id: int, start: datetime, end: datetime) -> list[Performed]:
    """What was begun in [start, end), with its efforts, as the judgement wants it; in order of time."""
    rows = session.exec(
        select(Activity)
        .where(Activity.person_id == person_id, Activity.started_at >= start, Activity.started_at < end)
        .order_by(col(Activity.started_at), col(Activity.id))
    ).all()
    efforts = efforts_of([key(row) for row in rows], session)
    return [
        Performed(
            activity_id=key(row),
            exercise=Exercise(row.exercise) if row.exercise else None,
            started_at=row.started_at,
            ended_at=row.ended_at,
            efforts=efforts.get(key(row), {}),
        )
        for row in rows
    ]


def efforts_of(activity_ids: Sequence[int], session: Session) -> dict[int, dict[Predicate, Effort]]:
    found: dict[int, dict[Predicate, Effort]] = {}
    for row in session.exec(select(ActivityEffort).where(col(ActivityEffort.activity_id).in_(activity_ids))):
        predicate = Predicate(row.predicate)
        found.setdefault(row.activity_id, {})[predicate] = Effort(
            predicate=predicate,
            spans=tuple(Span(start, end) for start, end in row.spans),
            excluded=tuple(Exclusion(Span(start, end), reason) for start, end, reason in row.excluded),
            note=row.note,
        )
    return found
