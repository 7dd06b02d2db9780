"""Templates become pages. What is not known to a template is an error, and what is put into one is escaped."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi.responses import HTMLResponse

FOLDER: Final = Path(__file__).parent
_CODE: Final = re.compile("`([^`]+)`")


def rendered(template: str, status: int = 200, **given: object) -> HTMLResponse:
    return HTMLResponse(_templates().get_template(template).render(**given), status_code=status)


@cache
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["coded"] = _coded
    return environment


def _coded(text: str) -> Any:
    """What stands between backticks is code."""
    from markupsafe import Markup, escape

    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  (escaped before)
