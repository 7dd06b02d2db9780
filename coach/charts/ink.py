"""A chart as PNG: the same marks as in its SVG, painted by numpy.

resvg takes some 15 ms for a chart, most of it to compress pixels and to lay out text; a letter has room for 3. A test
holds the result against what resvg makes of the whole SVG.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from coach.charts import png
from coach.charts.coverage import LEVEL, LEVELS, Coverage, placed
from coach.charts.marks import Box, Chart, Line, Mark

Mixed = npt.NDArray[np.int16]
"""What an ink makes of a ground: numbers of colours, by level and ground; `_NOT_MET` where nobody asked yet."""

_NOT_MET: Final = -1

_FEW: Final = 1024
"""Of a mark with no more pixels, such as a figure or a dot, it is known which it inks: those that lie side by side are
painted at once, for numpy takes longer to begin than to paint one.
"""

_RGB = tuple[int, int, int]
_Size = tuple[int, int]
"""Of a picture: width and height, in pixels."""


@lru_cache(maxsize=64)  # one message goes out on several channels, or once more
def as_png(chart: Chart, scale: int = 2) -> bytes:
    """`scale` pixels for each CSS pixel. What reaches over the card's edge is cut off."""
    size = chart.width * scale, chart.height * scale
    shared, own = chart.marks[: chart.shared], chart.marks[chart.shared :]
    inks = tuple(dict.fromkeys(map(_ink, own)))
    picture = _begun(size, chart.card, shared, inks, scale).copy()
    picture.paint(own)
    return png.encoded(picture.rows, picture.palette)


@lru_cache(maxsize=8)  # of a Monday's letters most show the same weeks, in one of a few languages
def _begun(size: _Size, card: Box, marks: Sequence[Mark], inks: Sequence[str], scale: int) -> "_Picture":
    """A picture with what many charts share; what more inks make of its two main colours is mixed already."""
    palette = png.Palette([(*_rgb(card.fill), 255 * level // LEVELS) for level in range(LEVELS + 1)])
    picture = _Picture(png.blank(*size), palette, {}, size, scale)
    _, _, at, ink = _place(card, scale, size)
    picture.ground(at)[at] = ink // LEVEL
    picture.paint(marks)
    for ground in np.argsort(-np.bincount(picture.rows[:, 1:].reshape(-1)), kind="stable")[:2].tolist():
        for each in inks:
            picture.mix(_rgb(each), range(ground, ground + LEVEL * (LEVELS + 1), LEVEL))
    return picture


_At = tuple[slice, slice] | npt.NDArray[np.intp]
"""Some rows and columns of a picture, or numbers of pixels among all of its rows."""


class _Place(NamedTuple):
    """A mark on a picture.

    Attributes:
        rgb: its ink.
        columns: from and up to which it reaches.
        at: its pixels, each by its number where they are few.
        ink: how much of each is inked.
    """

    rgb: _RGB
    columns: tuple[int, int]
    at: _At
    ink: Coverage


@dataclass(frozen=True, slots=True)
class _Picture:
    """`rows` hold numbers of colours of the palette, as `png.blank` has them; `mixed` is by ink."""

    rows: npt.NDArray[np.uint8]
    palette: png.Palette
    mixed: dict[_RGB, Mixed]
    size: _Size
    scale: int

    def ground(self, at: _At) -> npt.NDArray[np.uint8]:
        """What these are among."""
        return self.rows[:, 1:] if isinstance(at, tuple) else self.rows.reshape(-1)

    def copy(self) -> "_Picture":
        mixed = {rgb: known.copy() for rgb, known in self.mixed.items()}
        return _Picture(self.rows.copy(), self.palette.copy(), mixed, self.size, self.scale)

    def paint(self, marks: Iterable[Mark]) -> None:
        for rgb, _, at, ink in _side_by_side(_place(each, self.scale, self.size) for each in marks):
            ground = self.ground(at)
            ground[at] = self._blended(ground[at], ink, rgb)

    def mix(self, rgb: _RGB, pairs: Iterable[int]) -> Mixed:
        """What an ink makes of its grounds, with these pairs of a level and a ground."""
        mixed = self.mixed.get(rgb)
        if mixed is None:
            mixed = self.mixed[rgb] = np.full(LEVEL * (LEVELS + 1), _NOT_MET, np.int16)
        for pair in pairs:
            level, index = divmod(pair, LEVEL)
            mixed[pair] = self.palette.index(_mixed(self.palette.colours[index], rgb, level))
        return mixed

    def _blended(self, ground: npt.NDArray[np.uint8], ink: Coverage, rgb: _RGB) -> Mixed:
        """Each pair of a level and a ground gets its colour when it is first met, and all pixels with it at once."""
        pairs = ink + ground
        found = self.mix(rgb, ()).take(pairs)
        if found.min(initial=0) == _NOT_MET:
            found = self.mix(rgb, np.bincount(pairs[found == _NOT_MET]).nonzero()[0].tolist()).take(pairs)
        return found


def _side_by_side(places: Iterable[_Place]) -> Iterator[_Place]:
    """In turn; those of few pixels and one ink as one, as long as each lies to the right of the one before."""
    row: list[_Place] = []
    for each in places:
        if row and not _goes_on(row[-1], each):
            yield _as_one(row)
            row = []
        row.append(each)
    if row:
        yield _as_one(row)


def _goes_on(before: _Place, after: _Place) -> bool:
    few = not isinstance(before.at, tuple) and not isinstance(after.at, tuple)
    return few and before.rgb == after.rgb and before.columns[1] <= after.columns[0]


def _as_one(row: Sequence[_Place]) -> _Place:
    if len(row) == 1:
        return row[0]
    rgb, columns, _, _ = row[0]
    return _Place(rgb, columns, np.concatenate([each.at for each in row]), np.concatenate([each.ink for each in row]))


def _place(mark: Mark, scale: int, size: _Size) -> _Place:
    """Lines are like no other; all the dots, bars and figures that there are make some thousands."""
    return _placed_anew(mark, scale, size) if isinstance(mark, Line) else _known(mark, scale, size)


@lru_cache(maxsize=2048)
def _known(mark: Mark, scale: int, size: _Size) -> _Place:
    return _placed_anew(mark, scale, size)


def _placed_anew(mark: Mark, scale: int, size: _Size) -> _Place:
    left, top, ink = placed(mark, scale)
    width, height = size
    ink = ink[max(0, -top) : max(0, height - top), max(0, -left) : max(0, width - left)]
    left, top = max(0, left), max(0, top)
    right, bottom = left + ink.shape[1], top + ink.shape[0]
    at: _At = slice(top, bottom), slice(left, right)
    if ink.size <= _FEW:
        rows, columns = ink.nonzero()
        at, ink = (top + rows) * (1 + width) + 1 + left + columns, ink[rows, columns]
    return _Place(_rgb(_ink(mark)), (left, right), at, ink)


@lru_cache(maxsize=4096)
def _mixed(ground: png.Colour, rgb: _RGB, level: int) -> png.Colour:
    """A colour over another one, which stays as opaque as it is."""
    red, green, blue = (low + (high - low) * level // LEVELS for low, high in zip(ground[:3], rgb, strict=True))
    return red, green, blue, ground[3]


def _ink(mark: Mark) -> str:
    return mark.stroke if isinstance(mark, Line) else mark.fill


@lru_cache(maxsize=64)
def _rgb(written: str) -> _RGB:
    """From `#2f7d6b`."""
    return int(written[1:3], 16), int(written[3:5], 16), int(written[5:7], 16)
