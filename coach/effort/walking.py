"""Moving: seconds of a walk in which ground was covered, at any grade."""

import numpy as np

from coach.effort.grid import Grid, Mask
from coach.effort.model import Effort, Predicate, Reason
from coach.effort.spans import from_mask
from coach.plan.thresholds import thresholds


def moving(grid: Grid) -> Mask:
    """Speed where it is known, else cadence; a walk that recorded neither counts while its timer ran."""
    speed_mps, cadence_rpm = grid.speed_mps, grid.column("cadence_rpm")
    if speed_mps is not None:
        holds = np.nan_to_num(speed_mps) >= thresholds().walking.moving_mps
    elif cadence_rpm is not None:
        holds = np.nan_to_num(cadence_rpm) > 0
    else:
        holds = np.ones(grid.seconds, dtype=np.bool_)
    return holds & grid.running


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
