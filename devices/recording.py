"""`Recording`: what any device yields, before it is anyone's.

Sport names are FIT's own (`walking`, `cycling`, `swimming`; sub-sports `lap_swimming`, `indoor_cycling`).
Times inside a recording are seconds from its `start`; only `start` itself is a date.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]

ColumnName = Literal[
    "time_s",
    "heart_rate_bpm",
    "cadence_rpm",
    "power_w",
    "speed_mps",
    "distance_m",
    "altitude_m",
    "grade_pct",
    "temperature_c",
    "latitude_deg",
    "longitude_deg",
]


class Span(NamedTuple):
    """A half-open stretch of time [start_s, end_s), in seconds from the start of a recording."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Device:
    """Who recorded it: FIT manufacturer and product names, and the serial number where it is sent."""

    manufacturer: str | None = None
    product: str | None = None
    serial_number: int | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """A session in one line. `None` is "not known", never zero.

    Used twice: as the device's own totals, and as what we compute from the columns; the two are kept apart.
    """

    elapsed_s: float | None = None  # from the first moment to the last, pauses included
    timer_s: float | None = None  # while the device's timer ran
    moving_s: float | None = None
    distance_m: float | None = None
    ascent_m: float | None = None
    avg_heart_rate_bpm: float | None = None
    max_heart_rate_bpm: float | None = None
    avg_cadence_rpm: float | None = None  # crank turns; for walking strides of one leg
    avg_power_w: float | None = None


@dataclass(frozen=True, slots=True)
class Lap:
    span: Span
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class Length:
    """One length of a pool, or the rest between two of them (`active` is False)."""

    span: Span
    active: bool
    stroke: str | None = None  # FIT swim_stroke: freestyle, backstroke, breaststroke, butterfly, drill, mixed
    strokes: int | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """One session of one sport, as the device told it.

    Attributes:
        sport: FIT sport name.
        sub_sport: FIT sub-sport name, None where the device sent none.
        start: aware, UTC.
        device: who recorded it.
        totals: the device's own totals of the session; empty where it sent none.
        columns: per-record values by name, float64, one length for all, NaN where a record has no value;
            a name is there only if some record has a value. `time_s` never decreases. All are read-only.
        developer: columns that an app on the device added under names of its own, as `columns`; what stands for a
            native field is there and not here. What it added to sessions and laps is not read.
        timer: the stretches in which the device's timer ran, in order and disjoint.
        laps, lengths: in order of time.
        pool_length_m: metres, also where the pool was set in yards.
        exertion: how hard it was, as the person told the device, Borg CR10 (0-10); None where it did not ask.
        feeling: how they felt, 0 (very weak) to 100 (very strong); None where it did not ask.
        utc_offset: local time less UTC as the device believed it, unchecked; None where it did not say.
        notes: what had to be worked out in a way that a person may want to know (one sentence each).
    """

    sport: str
    sub_sport: str | None
    start: datetime
    device: Device = field(default_factory=Device)
    totals: Totals = field(default_factory=Totals)
    columns: Mapping[ColumnName, Column] = field(default_factory=lambda: MappingProxyType({}))
    developer: Mapping[str, Column] = field(default_factory=lambda: MappingProxyType({}))
    timer: tuple[Span, ...] = ()
    laps: tuple[Lap, ...] = ()
    lengths: tuple[Length, ...] = ()
    pool_length_m: float | None = None
    exertion: float | None = None
    feeling: float | None = None
    utc_offset: timedelta | None = None
    notes: tuple[str, ...] = ()

    def column(self, name: ColumnName) -> Column | None:
        """The column, or None where the device recorded nothing under that name."""
        return self.columns.get(name)

    @property
    def records(self) -> int:
        time_s = self.columns.get("time_s")
        return 0 if time_s is None else len(time_s)

    @property
    def has_position(self) -> bool:
        return "latitude_deg" in self.columns
