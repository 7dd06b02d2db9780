"""What was recorded, to be measured again, and what is then put in the place of what was measured."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session, col, delete, select, update

from coach.effort.model import Effort
from coach.plan.model import Exercise
from coach.store.activities import add_measures
from coach.store.tables import Activity, ActivityEffort, ActivityLabel, ActivityTotals, Original, key
from devices.recording import Totals

Measures = tuple[Mapping[str, Any], Totals, Sequence[Effort]]
"""Columns of the activity, our totals of it, and its efforts."""


class Stored(NamedTuple):
    """A recording of an original; `exercise` is what the person said of it, None where they did not."""

    activity_id: int
    original_id: int
    part: int
    received_at: datetime
    exercise: Exercise | None


def of(session: Session, person_id: int, activity_ids: Sequence[int] | None = None) -> list[Stored]:
    """A person's recordings, or these of them, those of one original together; without what was entered by hand."""
    query = (
        select(Activity, ActivityLabel)
        .join(ActivityLabel, col(ActivityLabel.activity_id) == Activity.id, isouter=True)
        .where(Activity.person_id == person_id, col(Activity.original_id).is_not(None))
        .order_by(col(Activity.original_id), col(Activity.part))
    )
    if activity_ids is not None:
        query = query.where(col(Activity.id).in_(activity_ids))
    rows: Iterable[tuple[Activity, ActivityLabel | None]] = session.exec(query)
    return [
        Stored(
            key(row),
            row.original_id,
            row.part,
            row.received_at,
            Exercise(label.exercise) if label is not None and label.exercise else None,
        )
        for row, label in rows
        if row.original_id is not None
    ]


def content(session: Session, original_id: int) -> bytes:
    """The file as it is kept: zlib-compressed."""
    return session.exec(select(Original.content).where(Original.id == original_id)).one()


def empty(session: Session, original_id: int) -> None:
    """Forget the file, but for its hash."""
    session.exec(update(Original).where(col(Original.id) == original_id).values(content=b"", size=0, damage=None))


def replace(session: Session, measures: Mapping[int, Measures], algorithm: int) -> None:
    """Put these in the place of what was measured of the activities, by the version of measuring."""
    ids = list(measures)
    session.exec(delete(ActivityEffort).where(col(ActivityEffort.activity_id).in_(ids)))
    ours = col(ActivityTotals.activity_id).in_(ids), col(ActivityTotals.source) == "coach"
    session.exec(delete(ActivityTotals).where(*ours))
    for number, (columns, _, _) in measures.items():
        session.exec(update(Activity).where(col(Activity.id) == number).values(**columns, algorithm=algorithm))
    add_measures(session, ((number, {"coach": line}, efforts) for number, (_, line, efforts) in measures.items()))
