"""The tables of a session's page: lengths, laps and totals, as rows of words."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from coach.store.activities import Measured, Source
from coach.store.tables import Activity
from coach.units import Quantity, Units, shown
from coach.web import naming
from coach.web.visit import Visit
from devices.recording import Recording, Totals


def lengths(visit: Visit, recording: Recording) -> Iterator[tuple[str, ...]]:
    """The number of each that was swum, when, how long it took, stroke, strokes."""
    begun, swum = recording.start.timestamp(), 0
    for each in recording.lengths:
        swum += each.active
        stroke = each.stroke if each.stroke and visit.words.own.has(f"stroke.{each.stroke}") else None
        yield (
            str(swum) if each.active else "",
            naming.clock_at(begun + each.span.start_s, visit),
            f"{naming.figure(each.span.duration_s, visit)} s",
            visit.say("stroke.rest" if not each.active else f"stroke.{stroke}" if stroke else "stroke.unknown"),
            naming.figure(each.strokes, visit) if each.active else "",
        )


def laps(visit: Visit, recording: Recording) -> Iterator[tuple[str, ...]]:
    """Nothing where the whole session is one."""
    begun, units = recording.start.timestamp(), Units(visit.me.units)
    for number, each in enumerate(recording.laps if len(recording.laps) > 1 else (), 1):
        distance = shown(each.distance_m, Quantity.DISTANCE, units, visit.words.messages)
        at = naming.clock_at(begun + each.span.start_s, visit)
        yield str(number), at, naming.duration(each.span.duration_s), distance


_TOLD: Final = ("elapsed_s", "distance_m")
"""What was entered by hand; the rest of it says the same."""

_NEVER_ZERO: Final = ("distance_m", "avg_heart_rate_bpm", "max_heart_rate_bpm", "avg_cadence_rpm", "avg_power_w")
"""Without a sensor for it some devices write zeros, which nobody measured."""

_DURATIONS: Final = ("elapsed_s", "timer_s", "moving_s")
_LENGTHS: Final = {"distance_m": Quantity.DISTANCE, "ascent_m": Quantity.LENGTH}


def totals(visit: Visit, measured: Measured, sources: Sequence[Source]) -> Iterator[tuple[str, ...]]:
    """A row a figure that anybody tells: its name, then what each of the sources says."""
    row = measured.activity
    for name in _TOLD if row.original_id is None else Totals.__dataclass_fields__:
        told = [_told(measured.totals.get(source, Totals()), name) for source in sources]
        if any(value is not None for value in told):
            label = naming.cadence_name(row) if name == "avg_cadence_rpm" else name
            yield visit.say(f"total.{label}"), *(_total(visit, row, name, value) for value in told)


def _told(totals: Totals, name: str) -> float | None:
    value: float | None = getattr(totals, name)
    return None if name in _NEVER_ZERO and not value else value


def _total(visit: Visit, row: Activity, name: str, value: float | None) -> str:
    if value is None:
        return naming.UNKNOWN
    if name in _DURATIONS:
        return naming.duration(value)
    if name in _LENGTHS:
        return shown(value, _LENGTHS[name], Units(visit.me.units), visit.words.messages)
    if name == "avg_cadence_rpm":
        value = float(naming.cadence(row, np.array([value]))[0])
    return naming.figure(value, visit)
