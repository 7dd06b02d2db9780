"""The last weeks: how much of the plan was done, as bars, and how the mornings went, as a line below them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Final, NamedTuple

from coach.charts.marks import Box, Chart, Dot, Label, Line, Mark

# 344 CSS pixels are what a letter's text measures on a phone; on a wider page all of it grows.
WIDTH: Final = 344
_EDGE: Final = 14
_BARS: Final = 84  # so high is 100 %
_LINE: Final = 48  # and so high is pain from 0 to 10
_BAR_WIDTH: Final = 22  # or so much of its column:
_BAR_SHARE: Final = 0.7
_FIGURES: Final = 8  # more of them would run into one another
_SIGN: Final = 3.1  # half of what a letter of a week's label takes, so that the last one stays on the card

_CARD: Final = "#f6f8f7"
_INK: Final = "#1d2b2a"
_FAINT: Final = "#54635f"
_TRACK: Final = "#e0e7e4"
# A green and a purple that differ in lightness and in blue, which people see who do not tell red from green; besides,
# one is bars and the other a line.
_DONE: Final = "#2f7d6b"
_PAIN: Final = "#6a4c93"


class Week(NamedTuple):
    """`score` 0-100 and `pain`, the mean morning, 0-10, each None where there is none; the texts are their labels."""

    label: str
    score: int | None
    score_text: str
    pain: float | None
    pain_text: str


@dataclass(frozen=True, slots=True)
class Caption:
    """What the chart says of itself, in the person's language; `score` and `pain` head its two halves."""

    title: str
    description: str
    score: str
    pain: str


def trend(weeks: Sequence[Week], caption: Caption) -> Chart:
    """Oldest first. A week without a score has no bar, and one without a morning breaks the line: they are no zeros.

    The lower half is left out where no week has a morning. Of many weeks only every so many bear their figures, the
    last among them.
    """
    weeks = _thinned(weeks)
    frame = [Label(_EDGE, 22, caption.score, _FAINT, anchor="start"), *_tracks(weeks, top=48)]
    marks = [*_bars(weeks, top=48)]
    bottom = 48 + _BARS
    frame += [
        Label(min(x, WIDTH - 4 - _SIGN * len(each.label)), bottom + 17, each.label, _FAINT, 11)
        for x, each in _columns(weeks)
    ]
    bottom += 28
    if any(each.pain is not None for each in weeks):
        frame += [
            Label(_EDGE, bottom + 22, caption.pain, _FAINT, anchor="start"),
            Box(_EDGE, bottom + 46 + _LINE, WIDTH - 2 * _EDGE, 1, _TRACK),
        ]
        marks += _mornings(weeks, top=bottom + 46)
        bottom += 46 + _LINE + 8
    card = Box(0, 0, WIDTH, bottom, _CARD, 12)
    return Chart(WIDTH, bottom, caption.title, caption.description, card, (*frame, *marks), shared=len(frame))


def _thinned(weeks: Sequence[Week]) -> Sequence[Week]:
    step = ceil(len(weeks) / _FIGURES)
    return [
        each if left % max(1, step) == 0 else each._replace(label="", score_text="", pain_text="")
        for left, each in zip(reversed(range(len(weeks))), weeks, strict=True)
    ]


def _columns(weeks: Sequence[Week]) -> Iterator[tuple[float, Week]]:
    """Where each has its middle."""
    wide = (WIDTH - 2 * _EDGE) / max(1, len(weeks))
    for number, week in enumerate(weeks):
        yield _EDGE + wide * (number + 0.5), week


def _tracks(weeks: Sequence[Week], top: float) -> Iterator[Mark]:
    for left, wide, week in _bar_columns(weeks):
        if week.score is not None:
            yield Box(left, top, wide, _BARS, _TRACK, 4)


def _bars(weeks: Sequence[Week], top: float) -> Iterator[Mark]:
    for left, wide, week in _bar_columns(weeks):
        if week.score:
            done = _BARS * min(week.score, 100) / 100
            yield Box(left, top + _BARS - done, wide, done, _DONE, 4)
    for x, week in _columns(weeks):
        if week.score is None:
            yield Label(x, top + _BARS - 4, week.score_text, _FAINT)
        else:
            yield Label(x, top - 6, week.score_text, _INK)


def _bar_columns(weeks: Sequence[Week]) -> Iterator[tuple[float, float, Week]]:
    """Where the bar of each has its left side, and how wide it is."""
    wide = min(_BAR_WIDTH, round(_BAR_SHARE * (WIDTH - 2 * _EDGE) / max(1, len(weeks))))
    for x, week in _columns(weeks):
        yield round(x - wide / 2), wide, week


def _mornings(weeks: Sequence[Week], top: float) -> Iterator[Mark]:
    known = [
        (x, top + _LINE - _LINE * week.pain / 10, week.pain_text) if week.pain is not None else None
        for x, week in _columns(weeks)
    ]
    for x, y, _ in filter(None, known):
        yield Dot(x, y, 3.5 if len(weeks) <= _FIGURES else 2.5, _PAIN)
    for told, run in groupby(known, key=lambda each: each is not None):
        points = tuple((each[0], each[1]) for each in run if each is not None)
        if told and len(points) > 1:
            yield Line(points, _PAIN, 2)
    for x, y, text in filter(None, known):
        yield Label(x, y - 8, text, _INK)
