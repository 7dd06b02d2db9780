"""A chart as PNG: the same marks as in its SVG, painted by numpy.

resvg takes some 15 ms for a chart, most of it to compress pixels and to lay out text; a letter has room for 3. So
boxes, lines and dots are painted here, by how far the centre of a pixel lies from their edge, and resvg draws each text
once. A test holds the result against what resvg makes of the whole SVG.
"""

from collections import defaultdict
from collections.abc import Sequence
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

Indices = npt.NDArray[np.uint8]
"""Pixels as numbers of colours."""

Mixed = npt.NDArray[np.int16]
"""What an ink makes of a ground: numbers of colours, by ground and level; `_NOT_MET` where nobody asked yet."""

_NOT_MET: Final = -1

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
    mixed: defaultdict[tuple[int, int, int], Mixed] = defaultdict(_nothing_met)
    for mark in chart.marks:
        rgb = _rgb(mark.stroke if isinstance(mark, Line) else mark.fill)
        left, top, ink = _placed(mark, scale)
        ground = pixels[max(0, top) : top + ink.shape[0], max(0, left) : left + ink.shape[1]]
        ink = ink[max(0, -top) :, max(0, -left) :][: ground.shape[0], : ground.shape[1]]
        _blend(ground, palette, mixed[rgb], ink, rgb)
    return png.encoded(pixels, palette)


def _nothing_met() -> Mixed:
    return np.full(256 * (_LEVELS + 1), _NOT_MET, np.int16)


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


def _blend(ground: Indices, palette: png.Palette, mixed: Mixed, ink: Coverage, rgb: tuple[int, int, int]) -> None:
    """Each pair of a ground and a level gets its colour when it is first met, and all pixels with it at once."""
    pairs = ground * np.uint16(_LEVELS + 1) + ink
    found = mixed.take(pairs)
    if found.min(initial=0) == _NOT_MET:
        for pair in np.flatnonzero(np.bincount(pairs[found == _NOT_MET])):
            index, level = divmod(int(pair), _LEVELS + 1)
            mixed[pair] = palette.index(_mixed(palette.colours[index], rgb, level))
        found = mixed.take(pairs)
    ground[:] = found


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
    points = [(x * scale, y * scale) for x, y in line.points]
    thick = line.width * scale / 2
    left, top, right, bottom = _around(points, thick + _FADES)
    whole = np.zeros((bottom - top, right - left), np.uint8)
    for start, end in pairwise(points):
        first, upper, last, lower = _around((start, end), thick + _FADES)
        x = np.arange(first, last, dtype=np.float32)[None, :] + np.float32(0.5 - start[0])
        y = np.arange(upper, lower, dtype=np.float32)[:, None] + np.float32(0.5 - start[1])
        along_x, along_y = end[0] - start[0], end[1] - start[1]
        length = max(along_x**2 + along_y**2, 1e-6)
        share = np.clip(x * np.float32(along_x / length) + y * np.float32(along_y / length), 0, 1)
        inked = _faded(np.hypot(x - share * along_x, y - share * along_y) - thick)
        stretch = whole[upper - top : lower - top, first - left : last - left]
        np.maximum(stretch, inked, out=stretch)
    return left, top, whole


def _around(points: Sequence[tuple[float, float]], reach: float) -> tuple[int, int, int, int]:
    """The pixels that these points reach: from the left and the top to the right and the bottom."""
    across, down = zip(*points, strict=True)
    return floor(min(across) - reach), floor(min(down) - reach), ceil(max(across) + reach), ceil(max(down) + reach)


def _faded(distance: npt.NDArray[np.floating]) -> Coverage:
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
    opaque = png.opacity(drawn)
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
