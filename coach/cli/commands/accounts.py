"""Who may sign in to the pages: `coach accounts`."""

from typing import Annotated

import typer

from coach.accounts.role import Role
from coach.cli.options import Json, Who, app

accounts_app = typer.Typer(no_args_is_help=False)
app.add_typer(accounts_app, name="accounts")


@accounts_app.callback(invoke_without_command=True)
def accounts(context: typer.Context, as_json: Json = False) -> None:
    """List who may sign in to the pages; write links that make an account or set a new password."""
    if context.invoked_subcommand is None:
        from coach.cli import accounts as command

        command.listed(as_json=as_json)
    elif as_json:
        raise typer.BadParameter(f"Write options behind it: coach accounts {context.invoked_subcommand} ...")


@accounts_app.command()
def link(person: Who = None, as_json: Json = False) -> None:
    """Write a link, good once, with which a person makes their account, or sets a new password where they have one."""
    from coach.cli import accounts as command

    command.link(person, as_json=as_json)


@accounts_app.command()
def role(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The address that the account goes by.")],
    role: Annotated[Role, typer.Argument(help="What it may do beside what is its own.")],
) -> None:
    """Say whether an account is a person's, a clinician's, or of somebody who sees to accounts."""
    from coach.cli import accounts as command

    command.given_role(email, role)
