"""The values of each source as series, and second by second."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from devices.ble.entries import Entry, Kind
from devices.ble.measurement import EXPIRY_S, Quantity
from devices.ble.sources import Source, Sources
from devices.ble.uuids import assigned
from devices.ble.zeros import false_zeros
from devices.recording import Column

# A belt that lies level for a second lies level; who pedals, moves or lives does not stop doing so for one.
_DOUBTED: Final = frozenset(
    {
        Quantity.SPEED_MPS,
        Quantity.CADENCE_RPM,
        Quantity.STEPS_PER_MIN,
        Quantity.POWER_W,
        Quantity.HEART_RATE_BPM,
    }
)


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one source, as they came; `is_false` where a zero is one that nobody can have had."""

    at_s: Column
    values: Column
    is_false: NDArray[np.bool_]

    @classmethod
    def of(cls, quantity: Quantity, at_s: Column, values: Column) -> Self:
        doubted = quantity in _DOUBTED
        marks = false_zeros(at_s.tolist(), values.tolist()) if doubted else np.zeros(len(values), dtype=np.bool_)
        return cls(at_s, values, np.asarray(marks, dtype=np.bool_))

    def each_second(self, seconds: int) -> Column:
        """At each whole second what was said last, for as long as that holds; a false zero says nothing."""
        moments = np.arange(seconds, dtype=np.float64)
        last = np.searchsorted(self.at_s, moments, side="right") - 1
        known = (last >= 0) & (moments - self.at_s[last] < EXPIRY_S) & ~self.is_false[last]
        return np.where(known, self.values[last], np.nan)


def series(entries: Iterable[Entry]) -> Mapping[Source, Series]:
    """Of all frames of a journal, the sources to believe first."""
    sources = Sources()
    found: dict[Source, list[tuple[float, float]]] = defaultdict(list)
    for entry in entries:
        if entry.kind is Kind.FRAME:
            for source, at_s, value in sources.feed(
                entry.device, assigned(entry.characteristic), entry.frame, entry.at_s
            ):
                found[source].append((at_s, value))
    return {
        source: Series.of(source.quantity, *np.array(found[source], dtype=np.float64).T) for source in sorted(found)
    }


def of(found: Mapping[Source, Series], quantity: Quantity) -> Iterator[tuple[Source, Series]]:
    """Those of a quantity, the ones to believe first."""
    return ((source, each) for source, each in found.items() if source.quantity is quantity)


def merged(columns: Iterable[Column], seconds: int) -> Column:
    """Each second from the first that says something."""
    whole = np.full(seconds, np.nan)
    for column in columns:
        whole = np.where(np.isnan(whole), column, whole)
    return whole
