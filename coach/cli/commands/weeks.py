"""A week against the plan, and its summary."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from coach.cli.options import Json, Week, Who, app


class Format(StrEnum):
    TEXT = "text"
    HTML = "html"
    JSON = "json"


@app.command()
def week(week: Week = None, person: Who = None, as_json: Json = False) -> None:
    """Hold a week against the plan; this week by default."""
    from coach.cli import weekly

    weekly.week(week, person, as_json=as_json)


@app.command()
def summary(
    week: Week = None,
    person: Who = None,
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TEXT,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to a file instead.")] = None,
) -> None:
    """Write the weekly summary; of last week by default."""
    from coach.cli import weekly

    weekly.summary(week, person, form, out)
