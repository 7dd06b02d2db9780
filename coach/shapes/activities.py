"""What was recorded, and what became of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coach.plan.model import Exercise
from coach.shapes.figures import effort_minutes, instant, rounded, steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coach.effort.model import Predicate
    from coach.ingest.files import Ingested
    from coach.shapes import types
    from coach.store.activities import Measured


def activity(measured: Measured) -> types.Activity:
    """Figures are the device's, ours where it gave none. Cadence is steps of both legs for a walk."""
    row = measured.activity
    on_foot = row.exercise == Exercise.LEVEL_WALK or row.sport == "running"
    cadence = measured.best("avg_cadence_rpm")
    return {
        "id": row.id,
        "sport": row.sport,
        "sub_sport": row.sub_sport,
        "exercise": row.exercise,
        "started_at": instant(row.started_at),
        "timezone": row.timezone,
        "duration_s": rounded(measured.best("elapsed_s"), 3),
        "timer_s": rounded(measured.best("timer_s"), 3),
        "moving_s": rounded(measured.best("moving_s"), 3),
        "distance_m": rounded(measured.best("distance_m"), 2),
        "ascent_m": rounded(measured.best("ascent_m"), 1),
        "records": row.records,
        "lengths": row.lengths,
        "active_lengths": row.active_lengths,
        "pool_length_m": row.pool_length_m,
        "avg_heart_rate": rounded(measured.best("avg_heart_rate_bpm"), 1),
        "max_heart_rate": rounded(measured.best("max_heart_rate_bpm"), 1),
        "avg_cadence_spm": rounded(steps(cadence), 1) if on_foot else None,
        "avg_cadence_rpm": None if on_foot else rounded(cadence, 1),
        "avg_power_w": rounded(measured.best("avg_power_w"), 1),
        "device": " ".join(filter(None, (row.manufacturer, row.product))) or None,
        "exertion": row.exertion,
        "feeling": row.feeling,
        "exercise_reason": row.exercise_reason,
        "self_reported": row.original_id is None,
        "label": _label(measured),
        "notes": row.notes,
    }


def _label(measured: Measured) -> types.Label | None:
    label = measured.label
    return None if label is None else {"exercise": label.exercise, "borg": label.borg, "water_c": label.water_c}


def activity_in_full(
    measured: Measured, overlaps: Iterable[int], efforts: Mapping[Predicate, Any]
) -> types.ActivityInFull:
    """`overlaps`: others of the same time, by number."""
    return {**activity(measured), "overlaps": list(overlaps), "minutes": effort_minutes(efforts)}


def ingested(result: Ingested) -> types.Ingested:
    return {
        "path": result.path,
        "sha256": result.sha256,
        "outcome": result.outcome,
        "reason": result.reason,
        "activities": [activity(each) for each in result.activities],
    }
