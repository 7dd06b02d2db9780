"""Whether a foot pod counts the steps of one foot or of both: some do one, some the other, and none says which."""

from collections.abc import Iterable
from enum import StrEnum
from statistics import median
from typing import Final, NamedTuple

WALK_RATIO: Final = 0.0065
"""Length of a step in metres by steps a minute, which stays near this at whatever speed somebody walks (Sekiya and
Nagasaki 1998, Gait & Posture 7:225); running at 3 to 5 m/s, 0.007 to 0.009."""
_BOUND: Final = 2 * WALK_RATIO
"""Who counts one foot has half the steps of twice the length, hence four times the ratio: the middle, as ratios go."""
LEAST_SAMPLES: Final = 10
"""Ten seconds of a foot pod's: a median of them stands an odd step, and a walk has not got far."""
_SLOWEST_MPS: Final = 0.4
_FEWEST_PER_MIN: Final = 20
"""Slower is standing about, and its steps say nothing."""
_S_PER_MIN: Final = 60


class Feet(StrEnum):
    ONE = "one"
    BOTH = "both"
    UNSURE = "unsure"


class Judged(NamedTuple):
    """Which it is, and the median walk ratio that says so, were it both; None where too little was walked."""

    feet: Feet
    ratio: float | None


def judge(samples: Iterable[tuple[float, float]]) -> Judged:
    """Which feet a series of speeds (m/s) and cadences (steps a minute, as sent) is of."""
    ratios = [
        _S_PER_MIN * speed_mps / steps_per_min**2
        for speed_mps, steps_per_min in samples
        if speed_mps >= _SLOWEST_MPS and steps_per_min >= _FEWEST_PER_MIN
    ]
    if len(ratios) < LEAST_SAMPLES:
        return Judged(Feet.UNSURE, None)
    ratio = median(ratios)
    return Judged(Feet.ONE if ratio > _BOUND else Feet.BOTH, ratio)


def strides_per_min(steps_per_min: float, feet: Feet) -> float:
    """Turns of one leg a minute, as `Recording` has the cadence of a walk; unsure counts as both."""
    return steps_per_min if feet is Feet.ONE else steps_per_min / 2
