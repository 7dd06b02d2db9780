"""Pedalling: seconds of a ride with cadence, power or speed above zero, indoors or out."""

import numpy as np

from coach.effort.grid import Grid
from coach.effort.model import Effort, Predicate, Reason
from coach.effort.spans import from_mask


def efforts(grid: Grid) -> tuple[Effort, ...]:
    signs = [grid.column("cadence_rpm"), grid.column("power_w"), grid.speed_mps]
    # What is not known is not above zero either: NaN compares as False.
    known = [sign > 0 for sign in signs if sign is not None]
    pedalling = grid.running & (np.logical_or.reduce(known) if known else np.bool_(True))
    return (
        Effort(
            Predicate.PEDALLING,
            from_mask(pedalling),
            grid.excluded(pedalling, Reason.NOT_PEDALLING),
            None if known else "no cadence, power or speed was recorded: the timer's minutes count",
        ),
    )
