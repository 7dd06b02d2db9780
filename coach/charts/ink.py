"""A chart as PNG: the same marks as in its SVG, painted by numpy.

resvg takes some 15 ms for a chart, most of it to compress pixels and to lay out text; a letter has room for 3. So
boxes, lines and dots are painted here, by how far the centre of a pixel lies from their edge, and resvg draws each text
once. A test holds the result against what resvg makes of the whole SVG.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
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

_LEVEL: Final = 256
"""A level counts so much: with the number of a colour added it tells what to mix."""

Coverage = npt.NDArray[np.uint16]
"""How much of each pixel is inked, in `_LEVELS` steps of `_LEVEL`."""

Mixed = npt.NDArray[np.int16]
"""What an ink makes of a ground: numbers of colours, by level and ground; `_NOT_MET` where nobody asked yet."""

_NOT_MET: Final = -1

Distances = npt.NDArray[np.floating]

Placed = tuple[int, int, Coverage]
"""The pixel at which its upper left corner lies: column, row."""

_FADES: Final = 1
"""Pixels around a line in which its edge fades."""

_RGB = tuple[int, int, int]


@lru_cache(maxsize=64)  # one message goes out on several channels, or once more
def as_png(chart: Chart, scale: int = 2) -> bytes:
    """`scale` pixels for each CSS pixel. What reaches over the card's edge is cut off."""
    size = chart.width * scale, chart.height * scale
    picture = _begun(size, chart.card, chart.marks[: chart.shared], scale).copy()
    picture.paint(chart.marks[chart.shared :])
    return png.encoded(picture.pixels, picture.palette)


@lru_cache(maxsize=8)  # of a Monday's letters most show the same weeks, in one of a few languages
def _begun(size: tuple[int, int], card: Box, marks: Sequence[Mark], scale: int) -> "_Picture":
    """A picture with what many charts share."""
    width, height = size
    palette = png.Palette([(*_rgb(card.fill), 255 * level // _LEVELS) for level in range(_LEVELS + 1)])
    picture = _Picture(np.zeros((height, width), np.uint8), palette, {}, scale)
    left, top, ink = _box(card, scale)
    picture.pixels[top : top + ink.shape[0], left : left + ink.shape[1]] = ink // _LEVEL
    picture.paint(marks)
    return picture


@dataclass(frozen=True, slots=True)
class _Picture:
    """`pixels` are numbers of colours of the palette; `mixed` is by ink."""

    pixels: npt.NDArray[np.uint8]
    palette: png.Palette
    mixed: dict[_RGB, Mixed]
    scale: int

    def copy(self) -> "_Picture":
        mixed = {rgb: known.copy() for rgb, known in self.mixed.items()}
        return _Picture(self.pixels.copy(), self.palette.copy(), mixed, self.scale)

    def paint(self, marks: Iterable[Mark]) -> None:
        for mark in marks:
            left, top, ink = _placed(mark, self.scale)
            ground = self.pixels[max(0, top) : top + ink.shape[0], max(0, left) : left + ink.shape[1]]
            ink = ink[max(0, -top) :, max(0, -left) :][: ground.shape[0], : ground.shape[1]]
            self._blend(ground, ink, _rgb(mark.stroke if isinstance(mark, Line) else mark.fill))

    def _blend(self, ground: npt.NDArray[np.uint8], ink: Coverage, rgb: _RGB) -> None:
        """Each pair of a level and a ground gets its colour when it is first met, and all pixels with it at once."""
        mixed = self.mixed.get(rgb)
        if mixed is None:
            mixed = self.mixed[rgb] = np.full(_LEVEL * (_LEVELS + 1), _NOT_MET, np.int16)
        pairs = ink + ground
        found = mixed.take(pairs)
        if found.min(initial=0) == _NOT_MET:
            for pair in np.flatnonzero(np.bincount(pairs[found == _NOT_MET])).tolist():
                level, index = divmod(pair, _LEVEL)
                mixed[pair] = self.palette.index(_mixed(self.palette.colours[index], rgb, level))
            found = mixed.take(pairs)
        ground[:] = found


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


@lru_cache(maxsize=4096)
def _mixed(ground: png.Colour, rgb: _RGB, level: int) -> png.Colour:
    """A colour over another one, which stays as opaque as it is."""
    red, green, blue = (low + (high - low) * level // _LEVELS for low, high in zip(ground[:3], rgb, strict=True))
    return red, green, blue, ground[3]


@lru_cache(maxsize=4096)
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
    inked: Coverage = np.rint(_between(0.5 - distance, 0, 1) * _LEVELS).astype(np.uint16) * _LEVEL
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
    levels: Coverage = (inked * _LEVELS + 127) // 255 * _LEVEL
    return left - round(at * scale), top - baseline * scale, levels


@lru_cache(maxsize=64)
def _rgb(written: str) -> _RGB:
    """From `#2f7d6b`."""
    return int(written[1:3], 16), int(written[3:5], 16), int(written[5:7], 16)
