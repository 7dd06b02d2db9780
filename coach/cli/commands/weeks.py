"""A week against the plan, and its summary."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from coach.cli.options import Json, Week, Who, app


class Audience(StrEnum):
    PERSON = "person"
    CLINICIAN = "clinician"


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
def explain(
    what: Annotated[str, typer.Argument(metavar="WEEK|ID", help="2026-W45, a date in the week, or an activity's id.")],
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Tell where every minute of a week or of one session went, and why."""
    from coach.cli import explaining

    explaining.explain(what, person, as_json=as_json)


@app.command()
def summary(
    week: Week = None,
    person: Who = None,
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TEXT,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to a file instead.")] = None,
    audience: Annotated[Audience, typer.Option("--for", help="Who reads it.")] = Audience.PERSON,
) -> None:
    """Write the weekly summary; of last week by default."""
    from coach.cli import weekly

    weekly.summary(week, person, form, out, audience)


@app.command()
def replay(
    plan: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A plan file, as `coach plan export` writes one, to judge by.")
    ] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="WEEK", help="Only from this week on.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Keep the recordings as they measure now.")] = False,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Judge all weeks again, from the original files or under another plan, and show what would differ."""
    from coach.cli import replaying

    replaying.run(plan, since, person, write=write, as_json=as_json)
