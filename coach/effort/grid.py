"""A recording on whole seconds. Some watches write every second, some every four, some when they feel like it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil, floor
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from coach.effort.model import Exclusion, Reason
from coach.effort.spans import from_mask, to_mask
from devices.recording import Column, ColumnName, Recording

Mask = NDArray[np.bool_]
Made = TypeVar("Made")

# Watches that record "smartly" leave up to 39 s between two records of a walk (measured on real files);
# past a minute nobody knows what happened.
_LONGEST_GAP_S: Final = 60.0

# A clock that jumps must not make us allocate a year of seconds; nobody exercises for longer than this.
_LONGEST_ACTIVITY_S: Final = 48 * 3600


@dataclass(frozen=True)
class Grid:
    """Columns of a recording, resampled to 1 Hz. Second i stands for the time from i to i + 1."""

    recording: Recording
    _columns: dict[ColumnName, Column | None] = field(default_factory=dict, init=False, repr=False, compare=False)
    _made: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def seconds(self) -> int:
        ends = [span.end_s for span in (*self.recording.timer, *(each.span for each in self.recording.lengths))]
        time_s = self.recording.column("time_s")
        if time_s is not None and len(time_s):
            ends.append(float(time_s[-1]))
        return min(ceil(max(ends, default=0.0)), _LONGEST_ACTIVITY_S)

    @cached_property
    def running(self) -> Mask:
        """Where the device's timer ran."""
        return to_mask(self.recording.timer, self.seconds)

    def column(self, name: ColumnName) -> Column | None:
        """Values between two records lie on the line between them; NaN where the records are too far apart."""
        if name not in self._columns:
            self._columns[name] = self._sampled(name)
        return self._columns[name]

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What is worked out of this recording once, and asked for by several predicates."""
        if name not in self._made:
            self._made[name] = make()
        made: Made = self._made[name]
        return made

    def _sampled(self, name: ColumnName) -> Column | None:
        time_s, values = self.recording.column("time_s"), self.recording.column(name)
        if time_s is None or values is None:
            return None
        there = ~np.isnan(values)
        if not there.any():
            return None
        if there.all():
            return np.where(self._near_records, np.interp(self._moments, time_s, values), np.nan)
        known_at, known = time_s[there], values[there]
        return np.where(self._near(known_at), np.interp(self._moments, known_at, known), np.nan)

    @cached_property
    def _moments(self) -> Column:
        return np.arange(self.seconds, dtype=np.float64)

    @cached_property
    def _near_records(self) -> Mask:
        time_s = self.recording.column("time_s")
        return np.zeros(self.seconds, dtype=np.bool_) if time_s is None or not len(time_s) else self._near(time_s)

    def _near(self, known_at: Column) -> Mask:
        """Where the moments before and after that something is known of are not too far apart.

        Beyond the first and the last of them, the nearest stands for both.
        """
        near = np.zeros(self.seconds, dtype=np.bool_)
        since, until = known_at[0] - _LONGEST_GAP_S / 2, known_at[-1] + _LONGEST_GAP_S / 2
        near[max(0, ceil(since)) : max(0, floor(until) + 1)] = True
        for gap in np.flatnonzero(np.diff(known_at) > _LONGEST_GAP_S).tolist():
            near[max(0, floor(known_at[gap]) + 1) : max(0, ceil(known_at[gap + 1]))] = False
        return near

    @cached_property
    def speed_mps(self) -> Column | None:
        """Ground covered a second: from distance where there is one, for speed fields freeze and drop to zero."""
        distance_m = self.column("distance_m")
        if distance_m is not None:
            known_m = distance_m[~np.isnan(distance_m)]
            if known_m.size and known_m.max() > known_m.min():
                return np.gradient(distance_m)
        return self.column("speed_mps")

    @cached_property
    def recorded(self) -> Mask:
        """Where the device said what happened: by records close to each other, or by the lengths of a pool."""
        return self._near_records | to_mask(tuple(each.span for each in self.recording.lengths), self.seconds)

    def excluded(self, counted: Mask, idle: Reason) -> tuple[Exclusion, ...]:
        """Every second that did not count, with its reason: paused, no data, or `idle` while the timer ran."""
        left = self.running & ~counted
        reasons = (
            (~self.running, Reason.PAUSED),
            (left & ~self.recorded, Reason.NO_DATA),
            (left & self.recorded, idle),
        )
        return tuple(
            sorted(
                (Exclusion(span, reason) for mask, reason in reasons for span in from_mask(mask)),
                key=lambda each: each.span,
            )
        )
