"""A chart as PNG: the same marks as in its SVG, painted by numpy.

resvg takes some 15 ms for a chart, most of it to compress pixels and to lay out text; a letter has room for 3. So
boxes, lines and dots are painted here, by how far the centre of a pixel lies from their edge, and resvg draws each text
once. A test holds the result against what resvg makes of the whole SVG.
"""

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

_LEVELS: Final = 8
"""Steps in which an edge fades: enough for the eye, and few enough for a picture of some dozens of colours, which is a
fourth of the bytes.
"""

Coverage = npt.NDArray[np.uint8]
"""How much of each pixel is inked, in `_LEVELS` steps."""

Placed = tuple[int, int, Coverage]
"""The pixel at which its upper left corner lies: column, row."""

_FADES: Final = 1
"""Pixels around a line in which its edge fades."""


@lru_cache(maxsize=64)  # one message goes out on several channels, or once more
def as_png(chart: Chart, scale: int = 2) -> bytes:
    """`scale` pixels for each CSS pixel. What reaches over the card's edge is cut off."""
    palette = png.Palette([(*_rgb(chart.card.fill), 255 * level // _LEVELS) for level in range(_LEVELS + 1)])
    pixels = np.zeros((chart.height * scale, chart.width * scale), np.uint8)
    left, top, card = _box(chart.card, scale)
    pixels[top : top + card.shape[0], left : left + card.shape[1]] = card
    for mark in chart.marks:
        _blend(pixels, palette, _placed(mark, scale), _rgb(mark.stroke if isinstance(mark, Line) else mark.fill))
    return png.encoded(pixels, palette)


def _placed(mark: Mark, scale: int) -> Placed:
    match mark:
        case Box():
            return _box(mark, scale)
        case Dot(x, y, radius, fill):
            return _box(Box(x - radius, y - radius, 2 * radius, 2 * radius, fill, radius), scale)
        case Line():
            return _line(mark, scale)
        case Label():
            column, row, coverage = _text(mark.text, mark.size, mark.anchor, scale)
            return round(mark.x * scale) + column, round(mark.y * scale) + row, coverage


def _blend(pixels: npt.NDArray[np.uint8], palette: png.Palette, placed: Placed, rgb: tuple[int, int, int]) -> None:
    """Each pair of a ground and a level that is there gets its colour, and all pixels with that pair get it at once."""
    left, top, ink = placed
    ground = pixels[max(0, top) : top + ink.shape[0], max(0, left) : left + ink.shape[1]]
    ink = ink[max(0, -top) :, max(0, -left) :][: ground.shape[0], : ground.shape[1]]
    pairs = ground * np.uint16(_LEVELS + 1) + ink
    mixed = np.zeros(len(palette.colours) * (_LEVELS + 1), np.uint8)
    for pair in np.flatnonzero(np.bincount(pairs.ravel(), minlength=len(mixed))):
        index, level = divmod(int(pair), _LEVELS + 1)
        mixed[pair] = palette.index(_mixed(palette.colours[index], rgb, level))
    ground[:] = mixed[pairs]


@lru_cache(maxsize=4096)
def _mixed(ground: png.Colour, rgb: tuple[int, int, int], level: int) -> png.Colour:
    """A colour over another one, which stays as opaque as it is."""
    red, green, blue = (low + (high - low) * level // _LEVELS for low, high in zip(ground[:3], rgb, strict=True))
    return red, green, blue, ground[3]


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
    whole = np.zeros((bottom - top, right - left), np.uint8)
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
    inked: Coverage = np.rint(np.clip(0.5 - distance, 0, 1) * _LEVELS).astype(np.uint8)
    return inked


@lru_cache(maxsize=4096)
def _text(text: str, size: float, anchor: Anchor, scale: int) -> Placed:
    """Seen from its anchor. All the weeks, scores and pains there are make some hundreds."""
    width, baseline, edge = ceil((0.7 * len(text) + 1.5) * size), ceil(1.1 * size), size / 2
    at = {"start": edge, "middle": width / 2, "end": width - edge}[anchor]
    drawn = rasterised(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{ceil(1.5 * size)}"><text x="{at}" '
        f'y="{baseline}" text-anchor="{anchor}" font-family="Inter" font-size="{size}">{escape(text)}</text></svg>',
        scale,
    )
    opaque = png.decoded(drawn)[:, :, 3]
    rows, columns = np.flatnonzero(opaque.any(axis=1)), np.flatnonzero(opaque.any(axis=0))
    if not len(rows):
        return 0, 0, np.zeros((0, 0), np.uint8)
    left, top = int(columns[0]), int(rows[0])
    inked = opaque[top : rows[-1] + 1, left : columns[-1] + 1].astype(np.uint16)
    levels: Coverage = ((inked * _LEVELS + 127) // 255).astype(np.uint8)
    return left - round(at * scale), top - baseline * scale, levels


def _rgb(written: str) -> tuple[int, int, int]:
    """From `#2f7d6b`."""
    return int(written[1:3], 16), int(written[3:5], 16), int(written[5:7], 16)
