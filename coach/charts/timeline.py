"""A session against time: a panel for each quantity, stacked, and a strip that tells which of it counted.

It is stretched to whatever width a page has, so it holds no text: the page writes names, limits and times around it.
The colours are the page's own, by the names of its style sheet's variables, light or dark.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coach.charts.marks import Box, Chart, Line, Mark
from coach.effort.spans import Spans, from_mask
from devices.recording import Column

Mask = NDArray[np.bool_]

WIDTH: Final = 1000
PANEL: Final = 120  # a panel's height; the page's style sheet gives panel and strip the same proportion
STRIP: Final = 32
_NAME: Final = 28  # above the line, where the page writes the panel's name
_FLOOR: Final = 6

_STEPS: Final = 200
"""So many stretches a line is drawn by, each with its lowest and its highest: a screen shows no more."""

_SHADES: Final = 250
"""And so many the shading: what is shorter could not be seen."""

QUARTERS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Where the page writes the time."""

_GRID: Final = "var(--track)"
_LINE: Final = "var(--done)"
_LEFT_OUT: Final = "var(--shade)"
_COUNTED: Final = "var(--done)"
_UPHILL: Final = "var(--third)"


@dataclass(frozen=True, slots=True)
class Panel:
    """One quantity, a value a second, NaN where it is not known; drawn from `low`, at the bottom, to `high`."""

    values: Column
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Went:
    """Which seconds of it the plan counted, and which led uphill."""

    counted: Mask
    uphill: Mask


def panel(values: Column) -> Panel:
    """With whole numbers as limits, at least two apart."""
    low, high = float(np.floor(np.nanmin(values))), float(np.ceil(np.nanmax(values)))
    return Panel(values, low, max(high, low + 2))


def time_line(panels: Sequence[Panel], went: Went | None, title: str, description: str) -> Chart:
    """All panels over the same seconds; without `went` nothing is shaded, and there is no strip."""
    height = len(panels) * PANEL + (STRIP if went is not None else 0)
    marks: list[Mark] = list(_shading(went, height)) if went is not None else []
    marks += [Line(((x, 0.0), (x, float(height))), _GRID, 1) for x in (WIDTH * each for each in QUARTERS)]
    for number, each in enumerate(panels):
        marks += _drawn(each, top=number * PANEL + _NAME, bottom=(number + 1) * PANEL - _FLOOR)
    if went is not None:
        marks += _strip(went, top=len(panels) * PANEL)
    return Chart(WIDTH, height, title, description, Box(0, 0, WIDTH, height, "none"), tuple(marks))


def _shading(went: Went, height: float) -> Iterator[Mark]:
    for x, width in _boxes(~went.counted):
        yield Box(x, 0, width, height, _LEFT_OUT)


def _strip(went: Went, top: float) -> Iterator[Mark]:
    """What counted in the middle of the strip, what led uphill below it: told apart by their place as well."""
    yield Box(0, top + 14, WIDTH, 1, _LINE)
    for x, width in _boxes(went.counted):
        yield Box(x, top + 6, width, 16, _COUNTED)
    for x, width in _boxes(went.uphill):
        yield Box(x, top + 25, width, 7, _UPHILL)


def _boxes(mask: Mask) -> Iterator[tuple[float, float]]:
    """Where it holds for half of a stretch or more, from the left: where, and how wide."""
    if not mask.size:
        return
    edges = _edges(mask.size, _SHADES)
    shares = np.add.reduceat(mask.astype(np.float64), edges[:-1]) / np.diff(edges)
    scale = WIDTH / mask.size
    for start, end in _runs(shares >= 0.5):  # noqa: PLR2004 (half)
        yield round(edges[start] * scale, 1), round(float(edges[end] - edges[start]) * scale, 1)


def _runs(mask: Mask) -> Iterator[tuple[int, int]]:
    runs: Spans = from_mask(mask)
    return ((int(start), int(end)) for start, end in runs)


def _edges(seconds: int, most: int) -> NDArray[np.intp]:
    return np.linspace(0, seconds, min(seconds, most) + 1).astype(np.intp)


def _drawn(each: Panel, top: float, bottom: float) -> Iterator[Mark]:
    """Broken where nothing is known; a value on its own is a short stretch."""
    for y in (top, bottom):
        yield Line(((0.0, y), (float(WIDTH), y)), _GRID, 1)
    edges = _edges(each.values.size, _STEPS)
    lows, highs = (ufunc.reduceat(each.values, edges[:-1]) for ufunc in (np.fmin, np.fmax))
    scale = (bottom - top) / (each.high - each.low)
    for start, end in _runs(~np.isnan(lows)):
        points: list[tuple[float, float]] = []
        for index in range(start, end):
            x = round((edges[index] + edges[index + 1]) / 2 * WIDTH / each.values.size, 1)
            ys = [round(bottom - (float(value[index]) - each.low) * scale, 1) for value in (lows, highs)]
            ys.sort(key=lambda y, last=points[-1][1] if points else 0.0: abs(y - last))  # type: ignore[misc]
            points += [(x, y) for y in dict.fromkeys(ys)]
        yield Line(tuple(points if len(points) > 1 else [points[0], (points[0][0] + 1, points[0][1])]), _LINE, 1.5)


def means(values: Column, step_s: int) -> list[float | None]:
    """The mean of every so many seconds, the last of them perhaps fewer; None where nothing is known."""
    starts = np.arange(0, values.size, step_s)
    known = ~np.isnan(values)
    counts = np.add.reduceat(known.astype(np.float64), starts)
    sums = np.add.reduceat(np.where(known, values, 0.0), starts)
    return [float(total / count) if count else None for total, count in zip(sums, counts, strict=True)]
