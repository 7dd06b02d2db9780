"""The summary as a letter: plain text, and HTML that a mail client shows well."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from coach.charts.marks import Chart
from coach.charts.svg import as_svg
from coach.summary.content import Letter
from coach.summary.rendering import render
from coach.summary.trend import chart
from config.messages import catalogue
from scheduler.channels.markup import buttons
from scheduler.messages import Action, Picture

_NOTES: Final = "<!-- what else there is to say -->"
"""Where it stands in a page; nobody sees it."""

_TREND: Final = "trend.png"


def as_text(letter: Letter, choices: Sequence[Action] = ()) -> str:
    """Without links in it: a channel adds those of its message. `choices` only tells that the next step has some."""
    return _render("letter.txt.j2", letter, choices=choices)


def as_html(
    letter: Letter, *, choices: Sequence[Action] = (), unsubscribe_url: str | None = None, pictures: bool = False
) -> str:
    """One page: styles are inline, bars are table cells, dark mode is the reader's.

    Args:
        letter: its words.
        choices: what can be answered to the next step, as buttons; without any, the page says where to answer.
        unsubscribe_url: a small link at its foot.
        pictures: show the chart as the picture that `pictures_of` makes, for a mail; otherwise it is part of the
            page, which stands alone and loads nothing.
    """
    drawn = None if pictures or not letter.trend_in_words else as_svg(_chart(letter))
    shown: dict[str, object] = {"trend": drawn, "picture": f"cid:{_TREND}", "buttons": buttons(choices)}
    return _render("letter.html.j2", letter, choices=choices, unsubscribe_url=unsubscribe_url, **shown)


def pictures_of(letter: Letter) -> tuple[Picture, ...]:
    """What the page shows where it was asked for `pictures`."""
    return (Picture(_TREND, partial(_painted, letter)),) if letter.trend_in_words else ()


def with_notes(page: str, notes: str) -> str:
    """A page with more HTML above it."""
    return page.replace(_NOTES, notes, 1)


def _painted(letter: Letter) -> bytes:
    from coach.charts.ink import as_png  # numpy takes a tenth of a second

    return as_png(_chart(letter))


def _chart(letter: Letter) -> Chart:
    return chart(letter.trend, letter.trend_in_words, catalogue(letter.language))


def _render(template: str, letter: Letter, **shown: object) -> str:
    return render(
        template,
        letter=letter,
        say=catalogue(letter.language).text,
        notes=_NOTES,
        language=letter.language,
        title=letter.title,
        **shown,
    )
