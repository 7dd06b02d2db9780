"""Fast: minutes of a walk at or above a moderate cadence (100 steps a minute, CADENCE-Adults)."""

import numpy as np

from coach.effort.grid import Grid
from coach.effort.median import median
from coach.effort.model import Effort, Predicate
from coach.effort.spans import from_mask
from coach.effort.walking import moving
from coach.plan.thresholds import thresholds
from devices.recording import Column


def steps_per_minute(cadence_rpm: Column) -> Column:
    """FIT cadence of a walk counts the strides of one leg; some devices have doubled it already."""
    stepping = cadence_rpm[cadence_rpm > 0]
    doubled = stepping.size and median(stepping) > thresholds().walking.already_doubled_above_rpm
    return cadence_rpm if doubled else cadence_rpm * 2


def mean_spm(grid: Grid) -> Column | None:
    """Steps a minute, the mean of the minute around each second; 0 where nobody walks. None without any cadence."""
    cadence_rpm = grid.column("cadence_rpm")
    if cadence_rpm is None:
        return None
    return grid.once("mean_spm", lambda: _mean_spm(grid, cadence_rpm))


def _mean_spm(grid: Grid, cadence_rpm: Column) -> Column:
    window_s = thresholds().walking.fast_window_s
    walking = moving(grid)
    spm = np.where(walking, np.nan_to_num(steps_per_minute(cadence_rpm)), 0.0)
    # The mean of the minute around each second, from running sums.
    sums = np.concatenate(([0.0], np.cumsum(spm)))
    at = np.arange(grid.seconds)
    # At both ends of a walk the minute lies inside it: brisk to the last step is brisk to the last second.
    low = np.clip(at - window_s // 2, 0, max(0, grid.seconds - window_s))
    high = np.clip(low + window_s, 0, grid.seconds)
    # Float sums of whole numbers of steps may fall short of a threshold by less than a rounding error.
    return np.asarray(np.where(walking, (sums[high] - sums[low]) / window_s + 1e-9, 0.0))


def efforts(grid: Grid) -> tuple[Effort, ...]:
    spm = mean_spm(grid)
    if spm is None:
        return (Effort(Predicate.FAST, (), note="cadence unavailable: the device sent none"),)
    return (Effort(Predicate.FAST, from_mask(spm >= thresholds().walking.fast_spm)),)
