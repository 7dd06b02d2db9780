"""The summary as a letter: plain text, and HTML that a mail client shows well."""

from functools import cache
from pathlib import Path
from typing import Any

from coach.summary.content import Letter
from config.messages import catalogue


def as_text(letter: Letter) -> str:
    return _render("letter.txt.j2", letter)


def as_html(letter: Letter) -> str:
    """One page without links to anywhere: styles are inline, bars are table cells, dark mode is the reader's."""
    return _render("letter.html.j2", letter)


def _render(template: str, letter: Letter) -> str:
    rendered: str = _templates().get_template(template).render(letter=letter, say=catalogue().text)
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
