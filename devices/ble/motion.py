"""How fast and how far: speeds held against distances, counters that begin again, steps of one foot or of both."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np

from devices.ble import feet, speeds
from devices.ble.measurement import Quantity
from devices.ble.series import Series, merged, of
from devices.ble.sources import Source
from devices.recording import Column

_FASTEST_MPS: Final = 25.0
"""90 km/h, as in `speeds`: a counter that grows faster was set anew."""
_HELD_UP_M: Final = 10.0
"""Frames that were held up come all at once: a second's worth of a fast ride is no jump."""


class Motion(NamedTuple):
    """Second by second; `notes` says what was mended, a sentence each."""

    speed_mps: Column
    distance_m: Column
    notes: tuple[str, ...]


def motion(found: Mapping[Source, Series], seconds: int) -> Motion:
    """Speed by whoever is believed first, mended by that machine's own distance; the distance likewise."""
    mended = [_mended(found, source, each, seconds) for source, each in of(found, Quantity.SPEED_MPS)]
    speed_mps = merged((speed for speed, _, _ in mended), seconds)
    counted = [distance for _, distance, _ in mended if distance is not None]
    counted += [
        _counted(each, seconds)
        for source, each in of(found, Quantity.DISTANCE_M)
        if source._replace(quantity=Quantity.SPEED_MPS) not in found
    ]
    distance_m = counted[0] if counted else np.where(np.isnan(speed_mps), np.nan, np.cumsum(np.nan_to_num(speed_mps)))
    return Motion(speed_mps, distance_m, tuple(note for _, _, note in mended if note))


def strides_rpm(found: Mapping[Source, Series], seconds: int) -> Iterator[Column]:
    """Cadences of walks, as strides of one leg, whichever feet a pod counts."""
    for source, each in of(found, Quantity.STEPS_PER_MIN):
        steps = each.each_second(seconds)
        speed = found.get(source._replace(quantity=Quantity.SPEED_MPS))
        pairs = [] if speed is None else zip(speed.each_second(seconds).tolist(), steps.tolist(), strict=True)
        which = feet.judge((mps, spm) for mps, spm in pairs if not np.isnan(mps + spm)).feet
        yield np.array([feet.strides_per_min(spm, which) for spm in steps.tolist()])


def _mended(
    found: Mapping[Source, Series], source: Source, speed: Series, seconds: int
) -> tuple[Column, Column | None, str | None]:
    """A machine's speed and distance, agreeing with each other."""
    speed_mps = speed.each_second(seconds)
    counter = found.get(source._replace(quantity=Quantity.DISTANCE_M))
    if counter is None:
        return speed_mps, None, None
    distance_m = _counted(counter, seconds)
    known = ~np.isnan(speed_mps) & ~np.isnan(distance_m)
    samples = np.column_stack((np.flatnonzero(known), speed_mps[known], distance_m[known])).tolist()
    verdict = speeds.judge([speeds.Sample(*each) for each in samples])
    if verdict.why is speeds.Why.DISTANCE_STUCK:
        return speed_mps, None, f"{_started(verdict.why)}: the distance is worked out from the speed."
    if verdict.factor is None:
        speed_mps = np.where(known, np.gradient(distance_m), np.nan) if seconds > 1 else speed_mps
        return speed_mps, distance_m, f"{_started(verdict.why)}: the speed is worked out from the distance."
    mended = f"{_started(verdict.why)}: it was converted." if verdict.factor != 1 else None
    return speed_mps * verdict.factor, distance_m, mended


def _started(why: speeds.Why) -> str:
    return f"{why[0].upper()}{why[1:]}"


def _counted(counter: Series, seconds: int) -> Column:
    """Metres since the first that were told; a counter that jumps, or begins again, goes on where it was."""
    steps, took_s = np.diff(counter.values), np.diff(counter.at_s)
    plausible = (steps >= 0) & (steps <= np.maximum(_HELD_UP_M, took_s * _FASTEST_MPS))
    metres = np.concatenate(([0.0], np.cumsum(np.where(plausible, steps, 0.0))))
    return Series.of(Quantity.DISTANCE_M, counter.at_s, metres).each_second(seconds)
