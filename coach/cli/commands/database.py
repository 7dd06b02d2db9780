"""The database as a whole: `coach db`."""

from typing import Annotated

import typer

from coach.cli.options import Json, app

database_app = typer.Typer(no_args_is_help=True)
app.add_typer(database_app, name="db")

To = Annotated[
    str,
    typer.Option("--to", metavar="URL", help="An empty database, as in COACH_DATABASE_URL; - reads it from stdin."),
]


@database_app.callback()
def database() -> None:
    """Look at the database, bring it up to date, or copy it into another one."""


@database_app.command()
def check(as_json: Json = False) -> None:
    """Say which database it is, whether it is up to date and sound, and how much it holds. Changes nothing."""
    from coach.cli import database as command

    raise typer.Exit(command.check(as_json=as_json))


@database_app.command()
def upgrade(as_json: Json = False) -> None:
    """Bring the database up to date, as every other command does when it opens it."""
    from coach.cli import database as command

    command.upgrade(as_json=as_json)


@database_app.command()
def copy(to: To, as_json: Json = False) -> None:
    """Copy everything into an empty database, and hold the copy against what was copied. This one stays as it is."""
    from coach.cli import database as command

    command.copy(to, as_json=as_json)
