"""What was recorded: bring it in, look at it."""

from pathlib import Path
from typing import Annotated

import typer

from coach.cli.options import LAST_ID, ActivityId, Json, JsonLines, Who, app


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="FIT files, folders, .fit.gz or .zip.")],
    person: Who = None,
    as_json: JsonLines = False,
) -> None:
    """Take FIT files in. Exit code 0: each is stored, partly stored or was there; 1: at least one was refused."""
    from coach.cli import importing

    raise typer.Exit(importing.run(paths, person, as_json=as_json))


@app.command()
def sync(
    person: Who = None,
    as_json: JsonLines = False,
) -> None:
    """Import what is new on a watch or bike computer that is plugged in. Exit codes as for import; 1: no watch is."""
    from coach.cli import syncing

    raise typer.Exit(syncing.run(person, as_json=as_json))


@app.command()
def activities(
    person: Who = None,
    limit: Annotated[int | None, typer.Option(min=1, max=LAST_ID, help="Only the newest so many.")] = None,
    as_json: Json = False,
) -> None:
    """List what was recorded, newest first."""
    from coach.cli import looking

    looking.activities(person, limit, as_json=as_json)


@app.command()
def activity(
    activity_id: ActivityId,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Show one activity: whose figures they are, and what of it could count."""
    from coach.cli import looking

    looking.activity(activity_id, person, as_json=as_json)
