"""A journal becomes a `Recording`: the same bytes, the same recording, whenever and by whomever it is made."""

from collections.abc import Iterator, Mapping
from math import ceil
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from devices.ble.identity import Identity
from devices.ble.journals import Log
from devices.ble.measurement import Quantity
from devices.ble.motion import motion, strides_rpm
from devices.ble.pauses import gaps, paused, running
from devices.ble.series import Series, merged, of, series
from devices.ble.sources import Source
from devices.recording import Column, ColumnName, Device, Lap, Recording, Span, Totals

_LIKE: Final[Mapping[ColumnName, Quantity]] = {
    "heart_rate_bpm": Quantity.HEART_RATE_BPM,
    "power_w": Quantity.POWER_W,
    "grade_pct": Quantity.INCLINE_PERCENT,
}


class Assembled(NamedTuple):
    """A recording, and what it does not tell: stretches of which nothing is known while the timer ran."""

    recording: Recording
    gaps: tuple[Span, ...]


def assemble(log: Log) -> Assembled | None:
    """The recording of a journal; None where no machine said anything that is recorded."""
    log = log.since_first_frame()
    found = series(log.entries)
    if not found:
        return None
    seconds = int(log.duration_s) + 1
    columns, notes = _columns(found, seconds)
    is_known = np.any([~np.isnan(column) for column in columns.values()], axis=0)
    moving = [column for name, column in columns.items() if name in ("speed_mps", "cadence_rpm", "power_w")]
    timer = running(paused(log.entries, log.duration_s), merged_motion(moving, seconds), log.duration_s)
    is_running = _within(timer, seconds)
    rows = is_running & is_known
    kept = {name: _read_only(column[rows]) for name, column in columns.items() if not np.isnan(column[rows]).all()}
    time_s = _read_only(np.flatnonzero(rows).astype(np.float64))
    recording = Recording(
        sport=log.sport,
        sub_sport=log.sub_sport,
        start=log.start,
        device=_device(log, found),
        totals=_totals(kept, timer, log.duration_s),
        columns=MappingProxyType({"time_s": time_s, **kept}),
        timer=timer,
        laps=(Lap(Span(0.0, log.duration_s), _last(kept.get("distance_m"))),),
        utc_offset=log.utc_offset,
        notes=tuple(notes),
    )
    return Assembled(recording, gaps(is_running & ~is_known))


def merged_motion(moving: list[Column], seconds: int) -> Column:
    """1 where anything moves, 0 where all that is known stands still, NaN where nothing is known."""
    if not moving:
        return np.full(seconds, np.nan)
    known = np.any([~np.isnan(column) for column in moving], axis=0)
    moves = np.any([np.nan_to_num(column) > 0 for column in moving], axis=0)
    return np.where(known, moves.astype(np.float64), np.nan)


def _columns(found: Mapping[Source, Series], seconds: int) -> tuple[dict[ColumnName, Column], list[str]]:
    moved = motion(found, seconds)
    cadences = [each.each_second(seconds) for _, each in of(found, Quantity.CADENCE_RPM)]
    columns: dict[ColumnName, Column] = {
        "speed_mps": moved.speed_mps,
        "distance_m": moved.distance_m,
        "cadence_rpm": merged([*cadences, *strides_rpm(found, seconds)], seconds),
    }
    for name, quantity in _LIKE.items():
        columns[name] = merged((each.each_second(seconds) for _, each in of(found, quantity)), seconds)
    return columns, [*moved.notes, *_false_zeros(found)]


def _false_zeros(found: Mapping[Source, Series]) -> Iterator[str]:
    for quantity in (Quantity.POWER_W, Quantity.CADENCE_RPM, Quantity.HEART_RATE_BPM):
        zeros = sum(int(np.count_nonzero(each.is_false)) for _, each in of(found, quantity))
        if zeros:
            what = quantity.rpartition("_")[0].replace("_", " ")
            yield f"{zeros} zeros of the {what} were too short to be true and are left out."


def _within(spans: tuple[Span, ...], seconds: int) -> NDArray[np.bool_]:
    mask = np.zeros(seconds, dtype=np.bool_)
    for span in spans:
        mask[ceil(span.start_s) : int(span.end_s) + 1] = True
    return mask


def _device(log: Log, found: Mapping[Source, Series]) -> Device:
    """The machine that most is believed of; FIT has a number for few makers, and room for a name."""
    said = log.devices.get(min(found).device)
    if said is None:
        return Device("development")
    known = Identity.of(said)
    serial = int(known.serial) if known.serial and known.serial.isdecimal() and len(known.serial) < _DIGITS else None
    return Device("development", known.name, serial)


_DIGITS: Final = 10  # of what FIT's u32 holds in any case


def _totals(columns: Mapping[ColumnName, Column], timer: tuple[Span, ...], elapsed_s: float) -> Totals:
    heart_rate = columns.get("heart_rate_bpm")
    cadence = columns.get("cadence_rpm")
    return Totals(
        elapsed_s=elapsed_s,
        timer_s=sum(span.duration_s for span in timer),
        distance_m=_last(columns.get("distance_m")),
        avg_heart_rate_bpm=_mean(heart_rate),
        max_heart_rate_bpm=None if heart_rate is None else float(np.nanmax(heart_rate)),
        avg_cadence_rpm=_mean(None if cadence is None else cadence[cadence > 0]),
        avg_power_w=_mean(columns.get("power_w")),
    )


def _mean(column: Column | None) -> float | None:
    return None if column is None or not np.any(~np.isnan(column)) else float(np.nanmean(column))


def _last(column: Column | None) -> float | None:
    return None if column is None else float(np.nanmax(column))


def _read_only(column: Column) -> Column:
    column.flags.writeable = False
    return column
