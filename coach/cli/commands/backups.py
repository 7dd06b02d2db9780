"""The database as a file: `coach backup` and `coach restore`."""

from pathlib import Path
from typing import Annotated

import typer

from coach.cli.options import Json, app


@app.command()
def backup(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A file that is not there yet, or a folder; without it, in the home."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the whole database into one file, while the service runs or not. The secret key is not in it."""
    from coach.cli import backups

    backups.backup(file, as_json=as_json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `coach backup` wrote.")],
    as_json: Json = False,
) -> None:
    """Bring a backup back in place of the database, which is set aside as a file. No service may run."""
    from coach.cli import backups

    backups.restore(file, as_json=as_json)
