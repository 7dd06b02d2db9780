"""Moderate, vigorous and beyond: the seconds at that intensity or harder, by heart rate, or by cadence on foot.

Which of the two it was, and why neither where it is unknown, is the note of each. Borg, which comes first in water and
is all that counts with beta blockers, is not of the seconds but of the session: `Performed.borg`.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coach.effort.body import Body, zones
from coach.effort.cadence import mean_spm
from coach.effort.grid import Grid, Mask
from coach.effort.model import Effort, Predicate
from coach.effort.spans import from_mask
from coach.plan.exercises import Family
from coach.plan.thresholds import thresholds
from devices.recording import Column

_LEVELS: Final = (Predicate.MODERATE, Predicate.VIGOROUS, Predicate.BEYOND)

# An optical sensor jumps for a few seconds when the wrist bends, and a heart does not: the median of 10 s and the
# second itself follows an effort within 5 s, and no jump shorter than that shows.
_MEDIAN_S: Final = 11

# Below half of the time a strap that lost contact says nothing of the session; cadence may.
_ENOUGH: Final = 0.5


def efforts(grid: Grid, body: Body, family: Family) -> tuple[Effort, ...]:
    heart_rate_bpm = grid.column("heart_rate_bpm")
    if heart_rate_bpm is None or _known_share(grid, heart_rate_bpm) < _ENOUGH:
        unknown = "no heart rate was recorded" if heart_rate_bpm is None else "the heart rate is missing for most of it"
    elif (found := zones(body, grid.recording.start.year, in_water=family.in_water)) is None:
        unknown = "the heart-rate ranges need a birth year or a highest heart rate"
    else:
        limits = (found.moderate.low, found.vigorous.low, found.vigorous.high + 1)
        note = f"intensity by {found.basis}: moderate from {limits[0]}, vigorous from {limits[1]} beats a minute"
        return tuple(
            Effort(level, from_mask(mask & grid.running), note=note)
            for level, mask in zip(_LEVELS, _at_least(heart_rate_bpm, limits), strict=True)
        )
    return (_by_cadence(grid, unknown) if family is Family.WALK else None) or tuple(
        Effort(level, (), note=f"intensity unknown: {unknown}") for level in _LEVELS
    )


def _known_share(grid: Grid, values: Column) -> float:
    running = np.count_nonzero(grid.running)
    return np.count_nonzero(grid.running & ~np.isnan(values)) / running if running else 0.0


def _at_least(values: Column, limits: tuple[int, ...]) -> Iterator[Mask]:
    """For each limit, where the median of the seconds around is at least that: where most of those known are."""
    known = ~np.isnan(values)
    most = _around(known)
    values = np.where(known, values, 0.0)
    highest = values.max(initial=0.0)
    for limit in limits:
        least = limit - 0.5  # whole beats: between two, the nearer
        reached = highest >= least
        yield known & (2 * _around(values >= least) > most) if reached else np.zeros(len(values), dtype=np.bool_)


def _around(mask: Mask) -> NDArray[np.int64]:
    """How many of the seconds around each are in the mask; past the ends none are."""
    half = _MEDIAN_S // 2
    sums = np.zeros(len(mask) + 2 * half + 1, dtype=np.int64)
    np.cumsum(mask, out=sums[half + 1 : half + 1 + len(mask)])
    sums[half + 1 + len(mask) :] = sums[half + len(mask)]
    return np.asarray(sums[_MEDIAN_S:] - sums[:-_MEDIAN_S])


def _by_cadence(grid: Grid, instead: str) -> tuple[Effort, ...] | None:
    """A walk's intensity by its steps; a cadence that is beyond vigorous walking is not known of."""
    spm = mean_spm(grid)
    if spm is None:
        return None
    walking = thresholds().walking
    moderate, vigorous = walking.fast_spm, walking.vigorous_spm
    note = f"intensity by cadence, for {instead}: moderate from {moderate}, vigorous from {vigorous} steps a minute"
    return (
        Effort(Predicate.MODERATE, from_mask(spm >= moderate), note=note),
        Effort(Predicate.VIGOROUS, from_mask(spm >= vigorous), note=note),
        Effort(Predicate.BEYOND, (), note=note),
    )
