"""False zeros: what a sensor sends when it has lost sight for a moment, and what nobody can have.

They stay in the values as they were sent. A frame that contradicts itself is flagged at once (`doubtful`); that a zero
was short is known only when it is over (`false_zeros`), and then it is left out of averages.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from devices.ble.measurement import Flaw, Quantity

SHORT_S: Final = 3.0
"""A zero that lasts longer is a rest. It is as long as any value holds (`EXPIRY_S`): who stops pedalling or takes the
strap off does so for more than that, and a sensor that missed a turn or two has found it again."""


class Doubt(NamedTuple):
    """A zero of a quantity is doubted where the same frame has another above zero; always where it names none."""

    flaw: Flaw
    zero: Quantity
    beside: Quantity | None = None

    @property
    def needs(self) -> frozenset[Quantity]:
        return frozenset({self.zero} if self.beside is None else {self.zero, self.beside})


DOUBTS: Final = (
    Doubt(Flaw.ZERO_HEART_RATE, Quantity.HEART_RATE_BPM),
    Doubt(Flaw.ZERO_POWER, Quantity.POWER_W, beside=Quantity.CADENCE_RPM),
    Doubt(Flaw.ZERO_CADENCE, Quantity.CADENCE_RPM, beside=Quantity.POWER_W),
)


def doubtful(values: Mapping[Quantity, float]) -> tuple[Flaw, ...]:
    """Which zeros of a frame its other values contradict."""
    return tuple(
        doubt.flaw
        for doubt in DOUBTS
        if values.get(doubt.zero) == 0 and (doubt.beside is None or values.get(doubt.beside, 0) > 0)
    )


def false_zeros(at_s: Sequence[float], values: Sequence[float]) -> list[bool]:
    """For each value of a series whether it is a false zero: one of a run between two other values that are at most
    `SHORT_S` apart. At the start and the end of a series a zero is a zero.

    Args:
        at_s: when each came, in order.
        values: of one quantity, as many.
    """
    runs = [list(run) for _, run in groupby(range(len(values)), key=lambda index: values[index] == 0)]
    marks = [False] * len(values)
    for before, run, after in zip(runs, runs[1:], runs[2:], strict=False):
        if values[run[0]] == 0 and at_s[after[0]] - at_s[before[-1]] <= SHORT_S:
            for index in run:
                marks[index] = True
    return marks
