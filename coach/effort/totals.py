"""Our own figures for a recording, beside the device's: worked out from the columns, whoever made them."""

import numpy as np

from coach.effort.grid import Grid
from coach.effort.model import Effort, Predicate
from coach.effort.spans import total_s
from devices.recording import Column, ColumnName, Recording, Totals

_MOVING = frozenset({Predicate.MOVING, Predicate.PEDALLING, Predicate.SWIMMING, Predicate.TIMER})


def totals_of(recording: Recording, efforts: tuple[Effort, ...]) -> Totals:
    """Totals from the records. `ascent_m` stays the device's business: it has the barometer's raw data."""
    grid = Grid(recording)
    moving = [total_s(effort.spans) for effort in efforts if effort.predicate in _MOVING]
    distance_m = _known(recording, "distance_m")
    heart_rate = _known(recording, "heart_rate_bpm")
    return Totals(
        elapsed_s=float(grid.seconds) or None,
        timer_s=total_s(recording.timer) or None,
        moving_s=moving[0] if moving else _moving_s(grid),
        distance_m=_swum_m(recording) or (float(distance_m[-1] - distance_m[0]) if distance_m.size else None),
        avg_heart_rate_bpm=_mean(heart_rate),
        max_heart_rate_bpm=float(heart_rate.max()) if heart_rate.size else None,
        avg_cadence_rpm=_mean(_above_zero(_known(recording, "cadence_rpm"))),
        avg_power_w=_mean(_known(recording, "power_w")),
    )


def _moving_s(grid: Grid) -> float | None:
    speed_mps = grid.speed_mps
    return None if speed_mps is None else float(np.count_nonzero(grid.running & (np.nan_to_num(speed_mps) > 0)))


def _swum_m(recording: Recording) -> float | None:
    """Active lengths times the pool's length."""
    active = sum(length.active for length in recording.lengths)
    return active * recording.pool_length_m if recording.pool_length_m else None


def _known(recording: Recording, name: ColumnName) -> Column:
    values = recording.column(name)
    return np.empty(0) if values is None else values[~np.isnan(values)]


def _above_zero(values: Column) -> Column:
    return values[values > 0]


def _mean(values: Column) -> float | None:
    return float(values.mean()) if values.size else None
