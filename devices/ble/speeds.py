"""Whether a machine's speed agrees with its own distance, and which of them to trust where it does not.

Machines that send miles an hour as kilometres are common, and so are those whose speed stays at 0 while the distance
grows. A distance is what a machine shows and keeps; a speed in the wrong unit is soon forgotten. So where they differ
the distance is believed, unless it does not move.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

KM_PER_MILE: Final = 1.609344
TOLERANCE: Final = 0.1
"""Either way. The metres are whole and frames come when they come; miles are off by six times as much."""
LEAST_M: Final = 50.0
"""By either measure: a metre of rounding at each end is then 4 %. Half a minute of walking."""
_LONGEST_GAP_S: Final = 10.0
"""Over a longer one nobody knows how fast it was."""
_FASTEST_MPS: Final = 25.0
_COARSEST_M: Final = 10.0
"""90 km/h, told in steps of a hundredth of a kilometre: a distance that grows faster was set, not covered."""


class Sample(NamedTuple):
    at_s: float
    speed_mps: float
    distance_m: float


class Trust(StrEnum):
    SPEED = "speed"
    DISTANCE = "distance"
    UNDECIDED = "undecided"


class Why(StrEnum):
    AGREE = "they agree"
    TOO_SHORT = "too little was covered to say"
    SPEED_STUCK = "the speed stays at 0 while the distance grows"
    DISTANCE_STUCK = "the distance stands still at speed"
    MILES = "the speed is in miles an hour"
    DIFFER = "speed and distance differ"


class Verdict(NamedTuple):
    """Which to trust and why.

    Attributes:
        factor: what the speeds are to be multiplied by; None where no factor mends them, and the speed is to be taken
            from the distance.
    """

    trust: Trust
    why: Why
    factor: float | None = 1.0


def judge(window: Sequence[Sample]) -> Verdict:
    """Speed against distance over a window of samples in order of time, a minute or more of moving."""
    stretches = list(_stretches(window))
    told_m = sum(told for told, _ in stretches)
    counted_m = sum(counted for _, counted in stretches)
    if max(told_m, counted_m) < LEAST_M:
        return Verdict(Trust.UNDECIDED, Why.TOO_SHORT)
    if counted_m == 0:
        return Verdict(Trust.SPEED, Why.DISTANCE_STUCK)
    if told_m == 0:
        return Verdict(Trust.DISTANCE, Why.SPEED_STUCK, factor=None)
    ratio = counted_m / told_m
    if _near(ratio, 1):
        return Verdict(Trust.SPEED, Why.AGREE)
    if _near(ratio, KM_PER_MILE):
        return Verdict(Trust.DISTANCE, Why.MILES, factor=KM_PER_MILE)
    return Verdict(Trust.DISTANCE, Why.DIFFER, factor=None)


def _near(ratio: float, to: float) -> bool:
    return 1 - TOLERANCE <= ratio / to <= 1 + TOLERANCE


def _stretches(window: Sequence[Sample]) -> Iterator[tuple[float, float]]:
    """Metres by speed and by distance between each two samples; without gaps, and without a distance that was set."""
    for a, b in pairwise(window):
        took_s = b.at_s - a.at_s
        counted_m = b.distance_m - a.distance_m
        if 0 < took_s <= _LONGEST_GAP_S and 0 <= counted_m <= _COARSEST_M + took_s * _FASTEST_MPS:
            yield took_s * (a.speed_mps + b.speed_mps) / 2, counted_m
