"""What the coach says, and what one wants to hear: `coach nudges`."""

from datetime import date, time
from enum import StrEnum
from typing import Annotated

import typer

from coach.cli.options import Json, Who, app, day

nudges_app = typer.Typer(no_args_is_help=False)
app.add_typer(nudges_app, name="nudges")

RuleId = Annotated[str, typer.Argument(metavar="RULE", help="R1 to R14.")]


class Assume(StrEnum):
    """`coach.preview.Assume` for the parser, without its imports."""

    NOTHING = "nothing"
    PLANNED = "planned"


def clock(text: str) -> time:
    """The parser of a local time."""
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a time. Write it as 08:30.") from None


@nudges_app.callback(invoke_without_command=True)
def nudges(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="The latest so many.")] = 100,
    stats: Annotated[bool, typer.Option("--stats", help="Count instead of listing.")] = False,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """List what was sent, what is due, and what was not sent and why; say what you want to hear."""
    if context.invoked_subcommand is not None:
        if person is not None or as_json or stats:
            raise typer.BadParameter(f"Write options behind it: coach nudges {context.invoked_subcommand} ...")
        return
    from coach.cli import nudging

    if stats:
        nudging.counted(person, as_json=as_json)
    else:
        nudging.listed(person, limit, as_json=as_json)


@nudges_app.command()
def rules(person: Who = None, as_json: Json = False) -> None:
    """List the rules, and what you want of each."""
    from coach.cli import wishing

    wishing.listed(person, as_json=as_json)


@nudges_app.command()
def off(rule: RuleId, person: Who = None, as_json: Json = False) -> None:
    """Turn a rule off."""
    from coach.cli import wishing

    wishing.off(rule, person, as_json=as_json)


@nudges_app.command()
def on(
    rule: RuleId,
    at: Annotated[
        time | None, typer.Option("--at", parser=clock, metavar="HH:MM", help="Of R2: when it suits; 08:30 by default.")
    ] = None,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Turn a rule on again, or ask for one that waits for it (R3)."""
    from coach.cli import wishing

    wishing.on(rule, at, person, as_json=as_json)


@nudges_app.command()
def snooze(
    rule: RuleId,
    until: Annotated[date | None, typer.Option("--until", parser=day, metavar="DATE", help="Silent before it.")] = None,
    days: Annotated[int | None, typer.Option("--days", metavar="N", min=1, max=366, help="Silent so long.")] = None,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Put a rule to sleep for a while."""
    from coach.cli import wishing

    wishing.snooze(rule, until, days, person, as_json=as_json)


@nudges_app.command()
def preview(
    first: Annotated[
        date | None, typer.Option("--from", parser=day, metavar="DATE", help="The first day; today by default.")
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=day, metavar="DATE", help="The last day; a fortnight by default.")
    ] = None,
    assume: Annotated[
        Assume, typer.Option("--assume", help="Meanwhile nothing happens, or what is planned.")
    ] = Assume.NOTHING,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Play the coming days: what would be said, when, and why. Nothing is sent, and nothing is changed."""
    from coach.cli import previewing

    previewing.run(first, last, assume, person, as_json=as_json)
