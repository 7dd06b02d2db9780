"""`record` messages as columns in our units, and in order of time."""

from collections.abc import Callable, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Final

import numpy as np

from devices.fit.messages import FAR_S, RECORD, Table
from devices.fit.profile import names_of
from devices.recording import Column, ColumnName

_DEGREES_PER_SEMICIRCLE = 180 / 2**31

MOST_DEVELOPERS: Final = 50
"""Columns of developers. Real files have 4 at most; a small one can name thousands, each as long as its records."""

Records = Table


def _known(records: Records, name: str) -> Column | None:
    """A column of one number a record; damaged files say that a heart rate is a list."""
    column = records.get(name)
    return column if column is not None and column.ndim == 1 else None


def _first(*names: str) -> Callable[[Records], Column | None]:
    """Row by row the first of these fields that has a value."""

    def pick(records: Records) -> Column | None:
        found = [column for name in names if (column := _known(records, name)) is not None]
        if not found:
            return None
        column, *others = found
        for other in others:
            column = np.where(np.isnan(column), other, column)
        return column

    return pick


def _heart_rate(records: Records) -> Column | None:
    """0 is a strap without contact, not a heart rate."""
    column = _known(records, "heart_rate")
    return None if column is None else np.where(column > 0, column, np.nan)


def _cadence(records: Records) -> Column | None:
    whole, fraction = _first("cadence", "cadence256")(records), _known(records, "fractional_cadence")
    return whole if whole is None or fraction is None else whole + np.nan_to_num(fraction)


def _degrees(name: str) -> Callable[[Records], Column | None]:
    def pick(records: Records) -> Column | None:
        column = _known(records, name)
        return None if column is None else column * _DEGREES_PER_SEMICIRCLE

    return pick


_SOURCES: Final[Mapping[ColumnName, Callable[[Records], Column | None]]] = MappingProxyType(
    {
        "heart_rate_bpm": _heart_rate,
        "cadence_rpm": _cadence,
        "power_w": _first("power"),
        "speed_mps": _first("enhanced_speed", "speed"),
        "distance_m": _first("distance"),
        "altitude_m": _first("enhanced_altitude", "altitude"),
        "grade_pct": _first("grade"),
        "temperature_c": _first("temperature"),
        "latitude_deg": _degrees("position_lat"),
        "longitude_deg": _degrees("position_long"),
    }
)


def in_time(records: Records) -> tuple[Records, str | None]:
    """The records in order of their time, without those that have none or an absurd one.

    Returns:
        the records, and a sentence where some were left out or moved.
    """
    total = records.rows
    stamps = records["timestamp"] if "timestamp" in records else np.full(total, np.nan)
    if _is_in_time(stamps):
        return records, None
    known = ~np.isnan(stamps)
    kept = known & (np.abs(stamps - np.median(stamps[known])) <= FAR_S) if known.any() else known
    order = np.flatnonzero(kept)
    in_order = bool((np.diff(stamps[order]) >= 0).all())
    if kept.all() and in_order:
        return records, None
    order = order[np.argsort(stamps[order], kind="stable")]
    lost = total - len(order)
    left_out = f"{lost:,} of {total:,} records have no time or an absurd one and were left out."
    return (
        records.take(order),
        left_out if lost else "Some records were written out of order; they were put in order of time.",
    )


def _is_in_time(stamps: Column) -> bool:
    """Whether all have a time, in order, and none is far from the others."""
    return len(stamps) == 0 or bool((stamps[1:] >= stamps[:-1]).all() and stamps[-1] - stamps[0] <= FAR_S)


def columns(records: Records, start: float) -> Mapping[ColumnName, Column]:
    """Read-only columns of a recording; `start` is in the records' own seconds."""
    stamps = records.get("timestamp")
    if stamps is None or not len(stamps):
        return MappingProxyType({})
    found: dict[ColumnName, Column | None] = {"time_s": stamps - start}
    found |= {name: pick(records) for name, pick in _SOURCES.items()}
    kept: dict[ColumnName, Column] = {
        name: column for name, column in found.items() if column is not None and not np.isnan(column).all()
    }
    for column in kept.values():
        column.flags.writeable = False
    return MappingProxyType(kept)


def developer(records: Records) -> Mapping[str, Column]:
    """Read-only columns that no native field has a name for, the first so many."""
    if "timestamp" not in records or not records.rows:
        return MappingProxyType({})
    foreign = (name for name in records if name not in names_of(RECORD) and not name.startswith("unknown"))
    few = islice(foreign, MOST_DEVELOPERS)
    found = {name: column for name in few if (column := _known(records, name)) is not None}
    kept = {name: column for name, column in found.items() if not np.isnan(column).all()}
    for column in kept.values():
        column.flags.writeable = False
    return MappingProxyType(kept)


def between(records: Records, since: float, until: float) -> Records:
    """The records with since <= timestamp < until; they are in order of time.

    The distance of a later session of the file begins at 0 here, where the device counted on.
    """
    if "timestamp" not in records:
        return records
    first, last = np.searchsorted(records["timestamp"], [since, until]).tolist()
    cut = records.take(slice(first, last))
    distance = _known(records, "distance")
    if distance is None or first == 0:
        return cut
    return cut.with_column("distance", _from_zero(distance[:first], distance[first:last]))


def _from_zero(earlier: Column, distance: Column) -> Column:
    before, after = earlier[~np.isnan(earlier)][-1:], distance[~np.isnan(distance)][:1]
    counted_on = len(before) and len(after) and after[0] >= before[0]
    return distance - before[0] if counted_on else distance
