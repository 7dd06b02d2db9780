"""Templates, and what every page shows alike."""

import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any


def render(template: str, **shown: object) -> str:
    """A template of this folder, filled in. What ends on `.html.j2` escapes all that it is given."""
    rendered: str = _template(template).render(**shown)
    return rendered


@cache
def _template(name: str) -> Any:
    """Jinja's own memory of those it has read takes longer than some of them."""
    return _templates().get_template(name)


@cache
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # a template is read once
    )
    environment.filters["code"] = _code
    return environment


def _code(text: str) -> str:
    """As HTML: escaped, with commands in backticks set as such."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))
