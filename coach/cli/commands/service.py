"""The service."""

from datetime import datetime
from typing import Annotated

import typer

from coach.cli.options import Json, app, instant


@app.command()
def tick(
    at: Annotated[
        datetime | None,
        typer.Option(
            parser=instant,
            metavar="INSTANT",
            help="As if it were 2026-11-05T12:30+01:00 (your time without an offset).",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Do one whole sweep for everybody: plan what is worth saying, deliver what is due, and tell what was done."""
    from coach.cli import nudging

    nudging.tick(at, as_json=as_json)


@app.command()
def run() -> None:
    """Run the service in the foreground: plan, deliver and take what is dropped until stopped (SIGTERM or Ctrl-C)."""
    from coach.cli import nudging

    nudging.run()


@app.command()
def doctor(as_json: Json = False) -> None:
    """Look whether all is there that the coach needs, from database to Bluetooth adapter, and say what to do."""
    from coach.cli import doctor as command

    command.run(as_json=as_json)
