"""The summary as a letter: plain text, and HTML that a mail client shows well."""

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

from coach.summary.content import Letter
from config.messages import catalogue

_NOTES: Final = "<!-- what else there is to say -->"
"""Where it stands in a page; nobody sees it."""


def as_text(letter: Letter) -> str:
    return _render("letter.txt.j2", letter)


def with_notes(page: str, notes: Sequence[str]) -> str:
    """A page with what else there is to say above it, one paragraph each."""
    told = "".join(f'<p style="margin: 0 0 16px;">{escape(each)}</p>\n' for each in notes)
    return page.replace(_NOTES, told, 1)


def as_html(letter: Letter) -> str:
    """One page without links to anywhere: styles are inline, bars are table cells, dark mode is the reader's."""
    return _render("letter.html.j2", letter)


def _render(template: str, letter: Letter) -> str:
    rendered: str = (
        _templates().get_template(template).render(letter=letter, say=catalogue(letter.language).text, notes=_NOTES)
    )
    return rendered


@cache
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
