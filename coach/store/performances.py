"""What a person did, as the judgement wants it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from coach.adherence.recordings import Performed
from coach.effort.borg import borg_of_cr10
from coach.effort.model import Effort, Exclusion, Predicate
from coach.plan.model import Exercise
from coach.store.tables import Activity, ActivityEffort, ActivityLabel, ActivityTotals, Original, key
from devices.recording import Span


def between(session: Session, person_id: int, start: datetime, end: datetime) -> list[Performed]:
    """What was begun in [start, end), with its efforts, as the judgement wants it; in order of time.

    What the person said of it outranks what their watch was told.
    """
    rows = session.exec(
        select(Activity, ActivityLabel, Original.sha256)
        .join(ActivityLabel, col(ActivityLabel.activity_id) == Activity.id, isouter=True)
        .join(Original, col(Original.id) == Activity.original_id, isouter=True)
        .where(Activity.person_id == person_id, Activity.started_at >= start, Activity.started_at < end)
        .order_by(col(Activity.started_at), col(Activity.id))
    ).all()
    ids = [key(row) for row, _, _ in rows]
    efforts, distances = efforts_of(ids, session), _distances(ids, session)
    return [
        Performed(
            activity_id=key(row),
            exercise=Exercise(row.exercise) if row.exercise else None,
            started_at=row.started_at,
            ended_at=row.ended_at,
            efforts=efforts.get(key(row), {}),
            borg=_borg(row, label),
            water_c=label.water_c if label else None,
            distance_m=distances.get(key(row)),
            self_reported=row.original_id is None,
            sha256=sha256 or "",
        )
        for row, label, sha256 in rows
    ]


def _borg(row: Activity, label: ActivityLabel | None) -> float | None:
    """As the person told us; else as they told their watch."""
    if label is not None and label.borg is not None:
        return float(label.borg)
    return None if row.exertion is None else borg_of_cr10(row.exertion)


def efforts_of(activity_ids: Sequence[int], session: Session) -> dict[int, dict[Predicate, Effort]]:
    found: dict[int, dict[Predicate, Effort]] = {}
    for row in session.exec(select(ActivityEffort).where(col(ActivityEffort.activity_id).in_(activity_ids))):
        predicate = Predicate(row.predicate)
        found.setdefault(row.activity_id, {})[predicate] = Effort(
            predicate=predicate,
            spans=tuple(map(Span._make, row.spans)),
            excluded=tuple(Exclusion(Span(start, end), reason) for start, end, reason in row.excluded),
            note=row.note,
        )
    return found


def _distances(activity_ids: Sequence[int], session: Session) -> dict[int, float]:
    """The device's figure where it gave one, else ours or the person's."""
    rows: Iterable[tuple[int, str, float | None]] = session.exec(
        select(ActivityTotals.activity_id, ActivityTotals.source, ActivityTotals.distance_m).where(
            col(ActivityTotals.activity_id).in_(activity_ids), col(ActivityTotals.distance_m).is_not(None)
        )
    )
    in_rank = sorted(rows, key=lambda row: row[1] == "device")  # the device's come last, and stay
    return {number: metres for number, _, metres in in_rank if metres is not None}
