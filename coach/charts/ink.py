"""A chart as PNG: the same marks as in its SVG, painted by numpy.

resvg takes some 15 ms for a chart, most of it to compress pixels and to lay out text; a letter has room for 3. So
boxes, lines and dots are painted here, by how far the centre of a pixel lies from their edge, and resvg draws each text
once. A test holds the result against what resvg makes of the whole SVG.
"""

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from itertools import pairwise
from math import ceil, floor
from typing import Final

import numpy as np
import numpy.typing as npt

from coach.charts import png
from coach.charts.marks import Anchor, Box, Chart, Dot, Label, Line, Mark
from coach.charts.resvg import rasterised

Coverage = npt.NDArray[np.uint16]
"""How much of each pixel is inked, in 256ths: a colour times that fits its sixteen bits."""

Placed = tuple[int, int, Coverage]
"""The pixel at which its upper left corner lies: column, row."""

_WHOLE: Final = np.uint16(256)
_FADES: Final = 1
"""Pixels around a line in which its edge fades."""


def as_png(chart: Chart, scale: int = 2) -> bytes:
    """`scale` pixels for each CSS pixel. What reaches over the card's edge is cut off."""
    pixels = np.empty((chart.height * scale, chart.width * scale, 4), np.uint8)
    pixels.view(np.uint32)[:] = np.array([*_colour(chart.card.fill), 0], np.uint8).view(np.uint32)
    left, top, card = _box(chart.card, scale)
    pixels[top : top + card.shape[0], left : left + card.shape[1], 3] = np.minimum(card, 255)
    for mark in chart.marks:
        for placed in _painted(mark, scale):
            _blend(pixels, placed, _colour(mark.stroke if isinstance(mark, Line) else mark.fill))
    return png.encoded(pixels)


def _painted(mark: Mark, scale: int) -> Iterator[Placed]:
    match mark:
        case Box():
            yield _box(mark, scale)
        case Dot(x, y, radius, fill):
            yield _box(Box(x - radius, y - radius, 2 * radius, 2 * radius, fill, radius), scale)
        case Line():
            yield _line(mark, scale)
        case Label():
            column, row, coverage = _text(mark.text, mark.size, mark.anchor, scale)
            yield round(mark.x * scale) + column, round(mark.y * scale) + row, coverage


def _blend(pixels: png.Pixels, placed: Placed, colour: tuple[int, int, int]) -> None:
    left, top, ink = placed
    height = pixels.shape[0]
    first_row, first_column = max(0, top), max(0, left)
    rows, columns = slice(first_row, min(height, top + ink.shape[0])), slice(first_column, left + ink.shape[1])
    ground = pixels[rows, columns]
    ink = ink[first_row - top :, first_column - left :][: ground.shape[0], : ground.shape[1]]
    rest = _WHOLE - ink
    for channel, value in enumerate(colour):  # one after the other: numpy is slow where the last axis is short
        plane = ground[:, :, channel]
        plane[:] = (plane * rest + value * ink) >> 8


def _box(box: Box, scale: int) -> Placed:
    x, y = box.x * scale, box.y * scale
    size = (box.width * scale, box.height * scale, box.radius * scale)
    return floor(x), floor(y), _rounded(*(round(each, 3) for each in (*size, x % 1, y % 1)))


@lru_cache(maxsize=1024)
def _rounded(width: float, height: float, radius: float, dx: float, dy: float) -> Coverage:
    """Of a rectangle whose corner lies at (dx, dy) in its first pixel."""
    radius = min(radius, width / 2, height / 2)
    x = np.abs(np.arange(ceil(dx + width), dtype=np.float32) + 0.5 - dx - width / 2) - (width / 2 - radius)
    y = np.abs(np.arange(ceil(dy + height), dtype=np.float32) + 0.5 - dy - height / 2) - (height / 2 - radius)
    beyond = np.hypot(np.maximum(x, 0)[None, :], np.maximum(y, 0)[:, None])
    within = np.minimum(np.maximum(x[None, :], y[:, None]), 0)
    return _faded(beyond + within - radius)


def _line(line: Line, scale: int) -> Placed:
    """All of it at once: where two stretches meet, neither is painted over the other."""
    points = np.array(line.points, np.float32) * scale
    reach = line.width * scale / 2 + _FADES
    left, top = (int(each) for each in np.floor(points.min(axis=0) - reach))
    right, bottom = (int(each) for each in np.ceil(points.max(axis=0) + reach))
    whole = np.zeros((bottom - top, right - left), np.uint16)
    for start, end in pairwise(points):
        first, last = (int(each) for each in (np.floor(start[0] - reach), np.ceil(end[0] + reach)))
        x = np.arange(first, last, dtype=np.float32)[None, :] + 0.5 - start[0]
        y = np.arange(top, bottom, dtype=np.float32)[:, None] + 0.5 - start[1]
        along_x, along_y = (float(each) for each in end - start)
        share = np.clip((x * along_x + y * along_y) / max(along_x**2 + along_y**2, 1e-6), 0, 1)
        inked = _faded(np.hypot(x - share * along_x, y - share * along_y) - line.width * scale / 2)
        stretch = whole[:, first - left : last - left]
        np.maximum(stretch, inked, out=stretch)
    return left, top, whole


def _faded(distance: npt.NDArray[np.float32]) -> Coverage:
    """Inked where a pixel's centre lies inside, by half a pixel or more; the edge itself is half inked."""
    inked: Coverage = np.rint(np.clip(0.5 - distance, 0, 1) * _WHOLE).astype(np.uint16)
    return inked


@lru_cache(maxsize=4096)
def _text(text: str, size: float, anchor: Anchor, scale: int) -> Placed:
    """Seen from its anchor. All the weeks, scores and pains there are make some hundreds."""
    width, baseline = ceil((0.7 * len(text) + 3) * size), ceil(1.5 * size)
    at = {"start": size, "middle": width / 2, "end": width - size}[anchor]
    drawn = rasterised(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{2 * baseline}"><text x="{at}" '
        f'y="{baseline}" text-anchor="{anchor}" font-family="Inter" font-size="{size}">{escape(text)}</text></svg>',
        scale,
    )
    opaque = png.decoded(drawn)[:, :, 3]
    rows, columns = np.flatnonzero(opaque.any(axis=1)), np.flatnonzero(opaque.any(axis=0))
    if not len(rows):
        return 0, 0, np.zeros((0, 0), np.uint16)
    left, top = int(columns[0]), int(rows[0])
    inked = opaque[top : rows[-1] + 1, left : columns[-1] + 1].astype(np.uint16)
    inked += inked >> 7  # 255 is the whole
    return left - round(at * scale), top - baseline * scale, inked


def _colour(written: str) -> tuple[int, int, int]:
    """From `#2f7d6b`."""
    return int(written[1:3], 16), int(written[3:5], 16), int(written[5:7], 16)
