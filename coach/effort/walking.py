"""Moving: seconds of a walk in which ground was covered, at any grade."""

import numpy as np

from coach.effort.grid import Grid, Mask
from coach.effort.model import Effort, Predicate, Reason
from coach.effort.spans import from_mask
from coach.plan.thresholds import thresholds


def moving(grid: Grid) -> Mask:
    """As `_moving`, once a recording."""
    return grid.once("moving", lambda: _moving(grid))


def _moving(grid: Grid) -> Mask:
    """Speed in the seconds in which it is known, else cadence; a walk without either counts while its timer ran."""
    speed_mps, cadence_rpm = grid.speed_mps, grid.column("cadence_rpm")
    if speed_mps is None and cadence_rpm is None:
        return grid.running
    unknown = np.full(grid.seconds, np.nan)
    speed_mps = unknown if speed_mps is None else speed_mps
    stepping = (unknown if cadence_rpm is None else cadence_rpm) > 0  # not where it is NaN
    holds = np.where(np.isnan(speed_mps), stepping, speed_mps >= thresholds().walking.moving_mps)
    return np.asarray(holds & grid.running)


def efforts(grid: Grid) -> tuple[Effort, ...]:
    mask = moving(grid)
    known = grid.speed_mps is not None or grid.column("cadence_rpm") is not None
    return (
        Effort(
            Predicate.MOVING,
            from_mask(mask),
            grid.excluded(mask, Reason.STANDING_STILL),
            None if known else "neither speed nor cadence was recorded: the timer's minutes count",
        ),
    )
