"""`coach demo`."""

from typing import Annotated

import typer

from coach.cli.options import app


@app.command()
def demo(
    live: Annotated[
        bool, typer.Option("--live", help="A ride on a virtual trainer, by a clock that hurries (extra `gym`).")
    ] = False,
) -> None:
    """Show the whole product once, on invented sessions, in a temporary home."""
    if live:
        from coach.cli import live_demo

        live_demo.run()
        return
    from coach.cli import demo as command

    command.run()
