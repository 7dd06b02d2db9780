"""`coach demo`."""

from coach.cli.options import app


@app.command()
def demo() -> None:
    """Show the whole product once, on invented sessions, in a temporary home."""
    from coach.cli import demo as command

    command.run()
