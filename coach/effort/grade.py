"""Uphill, steep and downhill: bouts of a walk by the slope of the ground.

Barometric altitude is noisy: over 100 m of distance a least-squares slope is right to 0.9 % (simulation in the
clinical rules, section 4), over 30 m only to 2.8 %. A ramp shorter than 60 m is therefore diluted.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coach.effort.grid import Grid, Mask
from coach.effort.median import median
from coach.effort.model import Effort, Predicate
from coach.effort.spans import Spans, from_mask, to_mask
from coach.effort.walking import moving
from coach.plan.thresholds import thresholds
from devices.recording import Column, Recording, Span

_PREDICATES: Final = (Predicate.UPHILL, Predicate.STEEP, Predicate.DOWNHILL)
_QUICK_WIDTH: Final = 5
_INDOOR: Final = frozenset({"treadmill", "indoor_walking", "indoor_running", "virtual_activity"})


class GradeUnavailableError(Exception):
    """The recording cannot tell how steep it was. Not an error: an unknown grade earns and violates nothing."""


def efforts(grid: Grid) -> tuple[Effort, ...]:
    walking = moving(grid)
    try:
        grade_pct = _grade_pct(grid, walking)
    except GradeUnavailableError as reason:
        return tuple(Effort(each, (), note=f"grade unavailable: {reason}") for each in _PREDICATES)
    limits = thresholds().grade
    uphill = _bouts(grade_pct, walking, limits.start_pct)
    steep = uphill & (grade_pct >= limits.steep_pct)
    downhill = _bouts(-grade_pct, walking, -limits.downhill_pct)
    return tuple(
        Effort(predicate, from_mask(mask))
        for predicate, mask in zip(_PREDICATES, (uphill, steep, downhill), strict=True)
    )


class Climb(NamedTuple):
    """A stretch, in the seconds that it was asked in, and its mean grade in per cent; None is unknown."""

    span: Span
    grade_pct: float | None


def climbs(recording: Recording, spans: Spans) -> tuple[Climb, ...]:
    """The mean grade of each stretch, over its seconds of walking."""
    grid = Grid(recording)
    try:
        grade_pct = _grade_pct(grid, moving(grid))
    except GradeUnavailableError:
        return tuple(Climb(span, None) for span in spans)
    known = ~np.isnan(grade_pct)
    within = [to_mask((span,), grid.seconds) & known for span in spans]
    means = [float(grade_pct[mask].mean()) if mask.any() else None for mask in within]
    return tuple(map(Climb, spans, means))


def _grade_pct(grid: Grid, walking: Mask) -> Column:
    """The grade at each second, percent; NaN where nobody walked."""
    indoor = grid.recording.sub_sport in _INDOOR
    sent = grid.column("grade_pct")
    if indoor and sent is not None:
        return np.where(walking, sent, np.nan)
    if indoor:
        raise GradeUnavailableError("the treadmill sent no inclination")
    device = grid.recording.device
    if f"{device.manufacturer} {device.product}" in thresholds().grade.no_barometer:
        raise GradeUnavailableError("this device has no barometer")
    altitude_m, distance_m = grid.column("altitude_m"), grid.column("distance_m")
    if altitude_m is None or distance_m is None:
        raise GradeUnavailableError("no altitude" if altitude_m is None else "no distance")
    known = walking & ~np.isnan(altitude_m) & ~np.isnan(distance_m)
    if not known.any():
        raise GradeUnavailableError("no altitude while moving")
    if (np.diff(distance_m[known]) < 0).any():
        raise GradeUnavailableError("the distance runs backwards")
    if not np.ptp(distance_m[known]):
        raise GradeUnavailableError("no distance")
    line = fitted(distance_m[known], _median(altitude_m[known]))
    if median(line.scatter_m) > thresholds().grade.noise_m:
        raise GradeUnavailableError("the altitude is as noisy as without a barometer")
    grade_pct = np.full(grid.seconds, np.nan)
    grade_pct[known] = line.slope * 100
    return grade_pct


class Line(NamedTuple):
    """The straight line through the ground around each point: its slope (rise over run), and how far off it points
    lie, as a root mean square.
    """

    slope: Column
    scatter_m: Column


def fitted(distance_m: Column, altitude_m: Column) -> Line:
    """Least squares of altitude over distance, in a window centred on each point.

    Distance never falls; the ends have half a window. Level where nothing was covered.
    """
    half = thresholds().grade.window_m / 2
    # Sums of squares of a long walk's distances would eat the precision that small slopes need: start from zero.
    x, z = distance_m - distance_m[0], altitude_m - altitude_m[0]
    low = np.searchsorted(x, x - half, side="left")
    high = np.searchsorted(x, x + half, side="right")

    def window_sum(values: Column) -> Column:
        sums = np.concatenate(([0.0], np.cumsum(values)))
        return np.asarray(sums[high] - sums[low])

    count = (high - low).astype(np.float64)
    sum_x, sum_z = window_sum(x), window_sum(z)
    covariance = count * window_sum(x * z) - sum_x * sum_z
    variance = count * window_sum(x * x) - sum_x * sum_x
    # A window without extent has a variance of rounding errors only.
    flat = variance <= 1e-9 * np.maximum(1.0, count * window_sum(x * x))
    slope = np.where(flat, 0.0, covariance / np.where(flat, 1.0, variance))
    spread = count * window_sum(z * z) - sum_z * sum_z - slope * covariance
    return Line(slope, np.sqrt(np.maximum(spread, 0.0)) / count)


def _median(altitude_m: Column) -> Column:
    width = thresholds().grade.median_s
    if width == _QUICK_WIDTH:
        return _median_of_5(altitude_m)
    return np.asarray(np.median(sliding_window_view(np.pad(altitude_m, width // 2, mode="edge"), width), axis=1))


def _median_of_5(values: Column) -> Column:
    """By comparisons alone: a tenth of the time that sorting each window takes."""
    one, two, mid, four, five = sliding_window_view(np.pad(values, 2, mode="edge"), 5).T
    low = np.maximum(np.minimum(one, two), np.minimum(four, five))
    high = np.minimum(np.maximum(one, two), np.maximum(four, five))
    return np.asarray(np.maximum(np.minimum(mid, low), np.minimum(np.maximum(mid, low), high)))


def _bouts(grade_pct: Column, walking: Mask, start_pct: float) -> Mask:
    """Uphill from the first second at the start threshold to the first below the end threshold, if long enough.

    Downhill is the same of the grade turned over, for a slope's error has no sign.
    """
    limits = thresholds().grade
    end_pct = start_pct - (limits.start_pct - limits.end_pct)
    moving_at = np.flatnonzero(walking & ~np.isnan(grade_pct))
    grades = grade_pct[moving_at]
    # Hysteresis without a loop: between the thresholds a second continues what the last decided one was.
    decided = np.where(grades >= start_pct, 1, np.where(grades < end_pct, 0, -1))
    last = np.maximum.accumulate(np.where(decided >= 0, np.arange(len(decided)), -1))
    rising = (last >= 0) & (decided[np.maximum(last, 0)] == 1)
    uphill = np.zeros(len(walking), dtype=np.bool_)
    for bout in from_mask(rising):
        if bout.duration_s >= limits.shortest_bout_s:
            uphill[moving_at[int(bout.start_s) : int(bout.end_s)]] = True
    return uphill
