"""With what programs ask in a person's name: `coach tokens`."""

from typing import Annotated

import typer

from coach.cli.options import LAST_ID, Json, Who, app

tokens_app = typer.Typer(no_args_is_help=False)
app.add_typer(tokens_app, name="tokens")


@tokens_app.callback(invoke_without_command=True)
def tokens(context: typer.Context, person: Who = None, as_json: Json = False) -> None:
    """List the tokens with which devices and other programs may ask; make and remove them."""
    if context.invoked_subcommand is None:
        from coach.cli import tokens as command

        command.listed(person, as_json=as_json)
    elif as_json or person is not None:
        raise typer.BadParameter(f"Write options behind it: coach tokens {context.invoked_subcommand} ...")


@tokens_app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the device or program that it is for.")],
    scope: Annotated[
        list[str], typer.Option(metavar="SCOPE", help="What it may do: read, plan, upload, check-in, label. Repeat it.")
    ],
    days: Annotated[int, typer.Option(metavar="DAYS", help="How long it is good: 30, 90 or 365.")] = 90,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Make a token, and write it to stdout, this once."""
    from coach.cli import tokens as command

    command.add(name, scope, days, person, as_json=as_json)


@tokens_app.command()
def remove(
    number: Annotated[int, typer.Argument(metavar="ID", min=1, max=LAST_ID)],
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Remove a token; whoever has it is let in no more."""
    from coach.cli import tokens as command

    command.remove(number, person, as_json=as_json)
