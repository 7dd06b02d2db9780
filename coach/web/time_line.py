"""A session against time, for its page: the chart, what stands around it, and the same figures as a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np

from coach.adherence.ledger import Account
from coach.charts.svg import as_svg
from coach.charts.timeline import QUARTERS, Panel, Went, means, panel, time_line
from coach.effort.grid import Grid, Mask
from coach.effort.model import Predicate
from coach.effort.spans import Spans, intersect, shift, to_mask
from coach.store.tables import Activity
from coach.units import Quantity, Units, unit
from coach.web import naming
from coach.web.visit import Visit
from devices.recording import Column, Recording, Span

_ROWS: Final = 120
"""A row a minute for two hours; of longer sessions each stands for more."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A panel's name, and what its line runs between."""

    name: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class TimeLine:
    """`went`: a strip tells what counted; `left_out`, `uphill`: something of it did not, or led uphill."""

    svg: str
    scales: tuple[Scale, ...]
    times: tuple[str, ...]
    went: bool
    left_out: bool
    uphill: bool
    rows: tuple[tuple[str, ...], ...]


def drawn(visit: Visit, row: Activity, recording: Recording, accounts: Sequence[Account]) -> TimeLine | None:
    """None where there is nothing to draw: no line, and nothing that counts."""
    grid = Grid(recording)
    if not grid.seconds:
        return None
    named = {name: panel(values) for name, values in _quantities(visit, row, grid)}
    begun = row.started_at.timestamp()
    went = _went(accounts, begun, grid.seconds) if accounts else None
    if not named and went is None:
        return None
    chart = time_line(list(named.values()), went, visit.say("time_line.title"), " ".join(_in_words(visit, named, went)))
    return TimeLine(
        svg=as_svg(chart, stretched=True),
        scales=tuple(Scale(name, f"{each.low:.0f}", f"{each.high:.0f}") for name, each in named.items()),
        times=tuple(naming.clock_at(begun + share * grid.seconds, visit)[:5] for share in QUARTERS),
        went=went is not None,
        left_out=went is not None and not bool(went.counted.all()),
        uphill=went is not None and bool(went.uphill.any()),
        rows=tuple(_rows(visit, begun, [each.values for each in named.values()], grid.seconds)),
    )


def _quantities(visit: Visit, row: Activity, grid: Grid) -> Iterator[tuple[str, Column]]:
    """What there is of heart rate, cadence, power and altitude, as the person reads it. Without a sensor some devices
    write zeros.
    """
    if (bpm := grid.column("heart_rate_bpm")) is not None:
        yield visit.say("time_line.heart_rate"), bpm
    if (rpm := grid.column("cadence_rpm")) is not None and np.nanmax(rpm) > 0:
        yield visit.say(f"time_line.{naming.cadence_name(row)}"), naming.cadence(row, rpm)
    if (power_w := grid.column("power_w")) is not None and np.nanmax(power_w) > 0:
        yield visit.say("time_line.power"), power_w
    if (altitude_m := grid.column("altitude_m")) is not None:
        read = unit(Quantity.LENGTH, Units(visit.me.units))
        yield visit.say("time_line.altitude", unit=read.symbol), altitude_m * read.factor


def _went(accounts: Sequence[Account], begun: float, seconds: int) -> Went:
    def mask(spans: Spans) -> Mask:
        return to_mask(intersect(shift(spans, -begun), (Span(0, seconds),)), seconds)

    counted, uphill = np.zeros(seconds, np.bool_), np.zeros(seconds, np.bool_)
    for account in accounts:
        counted |= mask(tuple(each.span for each in account.own if each.factor))
        uphill |= mask(account.session.predicates.get(Predicate.UPHILL, ()))
    return Went(counted, uphill)


def _in_words(visit: Visit, named: dict[str, Panel], went: Went | None) -> Iterator[str]:
    """All that the chart shows, but for its every turn."""
    for name, each in named.items():
        low, mean, high = (f"{found(each.values):.0f}" for found in (np.nanmin, np.nanmean, np.nanmax))
        yield visit.say("time_line.range", name=name, low=low, mean=mean, high=high)
    if went is not None:
        minutes, uphill = round(float(went.counted.sum()) / 60), round(float(went.uphill.sum()) / 60)
        yield visit.say("time_line.counted_of", minutes=minutes, whole=round(went.counted.size / 60))
        if uphill:
            yield visit.say("time_line.uphill_of", minutes=uphill)


def _rows(visit: Visit, begun: float, columns: Iterable[Column], seconds: int) -> Iterator[tuple[str, ...]]:
    step_s = 60 * ceil(seconds / 60 / _ROWS)
    figures = [means(each, step_s) for each in columns]
    for index, values in enumerate(zip(*figures, strict=True)):
        yield naming.clock_at(begun + index * step_s, visit)[:5], *(naming.figure(each, visit) for each in values)
