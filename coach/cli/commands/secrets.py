"""The secret key: `coach secrets`."""

from typing import Annotated

import typer

from coach.cli.options import Json, app

secrets_app = typer.Typer(no_args_is_help=False)
app.add_typer(secrets_app, name="secrets")


@secrets_app.callback(invoke_without_command=True)
def secrets(context: typer.Context, as_json: Json = False) -> None:
    """Say where the secret key is, and how much is sealed with it; change it."""
    if context.invoked_subcommand is None:
        from coach.cli import secrets as command

        command.show(as_json=as_json)
    elif as_json:
        raise typer.BadParameter(f"Write options behind it: coach secrets {context.invoked_subcommand} ...")


@secrets_app.command()
def rotate(
    leaked: Annotated[
        bool, typer.Option("--leaked", help="Somebody else may have the key: links that are out are void at once.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a new key and seal anew what is sealed. Links that are out stay good. Start every process anew then."""
    from coach.cli import secrets as command

    command.rotate(leaked=leaked, as_json=as_json)
