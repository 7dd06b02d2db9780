"""How much of which pixels a mark covers: by how far a pixel's centre lies from its edge; a text as resvg has it."""

from functools import lru_cache
from html import escape
from math import ceil, floor
from typing import Final

import numpy as np
import numpy.typing as npt

from coach.charts import png
from coach.charts.marks import Anchor, Box, Dot, Label, Line, Mark
from coach.charts.resvg import rasterised

LEVELS: Final = 8
"""Steps in which an edge fades: enough for the eye, and few enough for a picture of some dozens of colours, which is a
fourth of the bytes.
"""

LEVEL: Final = 256
"""A level counts so much: with the number of a colour added it tells what to mix."""

Coverage = npt.NDArray[np.uint16]
"""How much of each pixel is inked, in `LEVELS` steps of `LEVEL`."""

Distances = npt.NDArray[np.floating]

Placed = tuple[int, int, Coverage]
"""The pixel at which its upper left corner lies: column, row."""

_FADES: Final = 1
"""Pixels around a line in which its edge fades."""


def placed(mark: Mark, scale: int) -> Placed:
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
    begin, along = points[:-1], np.diff(points, axis=0)
    thick = line.width * scale / 2
    first = np.floor(np.minimum(begin, points[1:]) - (thick + _FADES)).astype(int)
    last = np.ceil(np.maximum(begin, points[1:]) + (thick + _FADES)).astype(int)
    size = wide, high = (last - first).max(axis=0)
    # By stretch, row, and column, each in as large a window as the largest takes.
    from_x, from_y = (first + np.float32(0.5) - begin).astype(np.float32).T[:, :, None, None]
    x, y = from_x + np.arange(wide, dtype=np.float32), from_y + np.arange(high, dtype=np.float32)[:, None]
    along_x, along_y = along.T[:, :, None, None]
    length = np.maximum(along_x**2 + along_y**2, np.float32(1e-6))
    share = _between(x * (along_x / length) + y * (along_y / length), 0, 1)
    x, y = x - share * along_x, y - share * along_y
    inked = _faded(np.sqrt(x * x + y * y) - thick)
    left, top = first.min(axis=0).tolist()
    right, bottom = (first.max(axis=0) + size).tolist()
    whole = np.zeros((bottom - top, right - left), np.uint16)
    for (column, row), stretch in zip((first - (left, top)).tolist(), inked, strict=True):
        window = whole[row : row + high, column : column + wide]
        np.maximum(window, stretch, out=window)
    return left, top, whole


def _faded(distance: Distances) -> Coverage:
    """Inked where a pixel's centre lies inside, by half a pixel or more; the edge itself is half inked."""
    inked: Coverage = np.rint(_between(0.5 - distance, 0, 1) * LEVELS).astype(np.uint16) * LEVEL
    return inked


def _between(values: Distances, low: float, high: float) -> Distances:
    """As numpy's `clip`, which for so few takes longer to begin than to do."""
    limited: Distances = np.minimum(np.maximum(values, low), high)
    return limited


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
        return 0, 0, np.zeros((0, 0), np.uint16)
    left, top = int(columns[0]), int(rows[0])
    inked = opaque[top : rows[-1] + 1, left : columns[-1] + 1].astype(np.uint16)
    levels: Coverage = (inked * LEVELS + 127) // 255 * LEVEL
    return left - round(at * scale), top - baseline * scale, levels
