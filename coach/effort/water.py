"""Exercise in the water that is not swimming, of which a watch sees nothing but its timer."""

from typing import Final

import numpy as np

from coach.effort.grid import Grid
from coach.effort.median import median
from coach.effort.model import Effort, Predicate, Reason
from coach.effort.spans import from_mask
from devices.recording import Recording

# Colder is no bath, and hotter is a watch in the sun or a sauna.
_PLAUSIBLE_C: Final = (10.0, 42.0)


def efforts(grid: Grid) -> tuple[Effort, ...]:
    return (Effort(Predicate.TIMER, from_mask(grid.running), grid.excluded(grid.running, Reason.NO_DATA)),)


def temperature_note(recording: Recording) -> str | None:
    """What the watch read in the water. A wrist warms it, so it is told and never judged by."""
    temperature_c = recording.column("temperature_c")
    if recording.sport != "swimming" or temperature_c is None:
        return None
    median_c = median(temperature_c[~np.isnan(temperature_c)])
    low, high = _PLAUSIBLE_C
    return f"The watch read {median_c:.0f} °C in the water." if low <= median_c <= high else None
