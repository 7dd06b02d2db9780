"""The plan's next step: `coach next`."""

from enum import StrEnum
from typing import Annotated

import typer

from coach.cli.options import Json, Who, app


class Choice(StrEnum):
    """What can be answered to a step."""

    ACCEPT = "accept"
    STAY = "stay"
    ASK = "ask"


@app.command(name="next")
def next_step(
    choice: Annotated[
        Choice | None,
        typer.Argument(metavar="[accept|stay|ask]", help="Take it, keep the plan, or ask the clinician first."),
    ] = None,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Show the step that the last week leads to, or answer it. Nothing changes unless you accept."""
    from coach.cli import stepping

    stepping.run(choice, person, as_json=as_json)
