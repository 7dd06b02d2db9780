"""The last weeks: as values, in words for who reads or hears them, and as a chart."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from coach.charts.marks import Chart
from coach.charts.trend import Caption, Week, trend
from coach.nudges.wording import shown
from coach.past import PastWeek
from config.messages import Messages
from config.messages.calendar import short


@dataclass(frozen=True, slots=True)
class Point:
    """A week. `score` is None where there was none, `pain`, the mean of its mornings, where none was told."""

    label: str
    score: int | None
    pain: float | None


def points(weeks: Sequence[PastWeek], words: Messages, *, dated: bool = False) -> Iterator[Point]:
    """Each by the number of its week, or `dated` by its Monday."""
    for each in weeks:
        number = words.text("share.week", number=f"{each.week.number:02}")
        yield Point(
            label=short(each.week.days[0], words) if dated else number,
            score=None if each.score is None else shown(each.score),
            pain=None if each.pain is None else round(each.pain, 1),
        )


def in_words(weeks: Sequence[Point], words: Messages) -> Iterator[str]:
    """All that the chart shows; nothing where there is nothing to compare."""
    if len(weeks) < 2:  # noqa: PLR2004 (one week is no trend)
        return
    yield words.text("trend.shares", weeks=", ".join(f"{each.label} {_score(each, words)}" for each in weeks))
    if any(each.pain is not None for each in weeks):
        yield words.text("trend.pains", weeks=", ".join(f"{each.label} {_pain(each, words)}" for each in weeks))


def chart(weeks: Sequence[Point], told: Iterable[str], words: Messages) -> Chart:
    """Weeks as a chart; `told` is what `in_words` makes of them."""
    caption = Caption(
        title=words.text("heading.trend"),
        description=". ".join(told) + ".",
        score=words.text("trend.share"),
        pain=words.text("trend.pain"),
    )
    shown_as = [
        Week(
            each.label,
            each.score,
            "–" if each.score is None else str(each.score),
            each.pain,
            "" if each.pain is None else _pain(each, words),
        )
        for each in weeks
    ]
    return trend(shown_as, caption)


def _score(point: Point, words: Messages) -> str:
    return words.text("trend.no_score") if point.score is None else words.text("share.one", score=point.score)


def _pain(point: Point, words: Messages) -> str:
    """`2`, `2.3`."""
    if point.pain is None:
        return words.text("trend.no_pain")
    return f"{point.pain:.1f}".removesuffix(".0").replace(".", words.text("number.point"))
