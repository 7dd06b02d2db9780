"""The plan: `coach plan`."""

from coach.cli.options import Json, Who, app


@app.command()
def plan(person: Who = None, as_json: Json = False) -> None:
    """Show the plan: what is asked, what is left out, and where each number is from."""
    from coach.cli import looking

    looking.plan(person, as_json=as_json)
