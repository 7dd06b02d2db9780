"""How one is reached: `coach channels`."""

from typing import Annotated

import typer

from coach.cli.options import LAST_ID, Json, Who, app

channels_app = typer.Typer(no_args_is_help=False)
app.add_typer(channels_app, name="channels")

Number = Annotated[int, typer.Argument(metavar="N", min=1, max=LAST_ID, help="As `coach channels` lists it.")]


@channels_app.callback(invoke_without_command=True)
def channels(context: typer.Context, person: Who = None, as_json: Json = False) -> None:
    """List how you are reached: by the settings, and by channels of your own; add, try and remove those."""
    if context.invoked_subcommand is None:
        from coach.cli import channels as command

        command.listed(person, as_json=as_json)
    elif person is not None or as_json:
        raise typer.BadParameter(f"Write options behind it: coach channels {context.invoked_subcommand} ...")


@channels_app.command("list")
def listed(person: Who = None, as_json: Json = False) -> None:
    """The same as `coach channels` alone."""
    from coach.cli import channels as command

    command.listed(person, as_json=as_json)


@channels_app.command()
def add(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="ntfy://host/topic, https://host/path, tgram://...; - reads it.")
    ],
    name: Annotated[str | None, typer.Option("--name", help="What the list calls it.")] = None,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Add a channel of your own. Its URL is kept sealed."""
    from coach.cli import channels as command

    command.add(url, name, person, as_json=as_json)


@channels_app.command("test")
def try_out(
    number: Annotated[
        int | None, typer.Argument(metavar="[N]", min=1, max=LAST_ID, help="Which; all without it.")
    ] = None,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Send a message to see whether it arrives, and tell in a sentence what went wrong."""
    from coach.cli import channels as command

    raise typer.Exit(command.try_out(number, person, as_json=as_json))


@channels_app.command()
def remove(number: Number, person: Who = None, as_json: Json = False) -> None:
    """Remove a channel of your own, and forget its URL."""
    from coach.cli import channels as command

    command.remove(number, person, as_json=as_json)
