"""Strokes: the lengths of a pool by how they were swum, as the watch took them for."""

from typing import Final

from coach.effort.grid import Grid
from coach.effort.model import Effort, Predicate
from coach.effort.spans import union

_STROKES: Final = (Predicate.FREESTYLE, Predicate.BACKSTROKE, Predicate.BREASTSTROKE, Predicate.BUTTERFLY)


def efforts(grid: Grid) -> tuple[Effort, ...]:
    """A stroke that was not swum has no spans, and one that nobody saw has a note besides."""
    active = [each for each in grid.recording.lengths if each.active]
    note = None if any(each.stroke for each in active) else "strokes unavailable: the device told none"
    return tuple(
        Effort(stroke, union(each.span for each in active if each.stroke == stroke), note=note) for stroke in _STROKES
    )
