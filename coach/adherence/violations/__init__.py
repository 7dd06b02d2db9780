"""What goes against a plan: one module a code, put in the order in which they may take a second."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from coach.adherence.violations import hot_water, intensity, length, locked, pain, strokes, uphill
from coach.adherence.violations.case import Case, Taking

__all__ = ["Case", "Taking", "left_out", "past_the_limits"]

_Rule = Callable[[Case], Iterator[Taking]]

_LEFT_OUT: Final[Sequence[_Rule]] = (locked.found, hot_water.found, uphill.found, strokes.found, pain.found)
"""Whatever the item: what the plan, the water or a pain limit leave out."""

_PAST_THE_LIMITS: Final[Sequence[_Rule]] = (intensity.found, length.found)
"""What one item has in mind: how hard, how long, how far."""


def left_out(case: Case) -> Iterator[Taking]:
    for rule in _LEFT_OUT:
        yield from rule(case)


def past_the_limits(case: Case) -> Iterator[Taking]:
    for rule in _PAST_THE_LIMITS:
        yield from rule(case)
