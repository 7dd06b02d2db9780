"""Live, over Bluetooth: ride or walk with the coach, its machines, its journals."""

from typing import Annotated

import typer

from coach.cli.options import Json, Who, app

devices_app = typer.Typer(no_args_is_help=False)
app.add_typer(devices_app, name="devices")
journal_app = typer.Typer(no_args_is_help=False)
app.add_typer(journal_app, name="journal")

Named = Annotated[str, typer.Argument(metavar="NAME", help="As `coach devices` tells it, or its address.")]
Minutes = Annotated[float | None, typer.Option(min=0.1, max=1440, help="End after so many.")]
Machines = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="With this machine; may be repeated, and is remembered.")
]
Nth = Annotated[int, typer.Argument(metavar="N", min=1, help="Its number in the list.")]


@app.command()
def ride(
    walk: Annotated[bool, typer.Option("--walk", help="A walk, on a treadmill or with a foot pod.")] = False,
    watts: Annotated[
        float | None, typer.Option(min=0, max=2000, help="Have the trainer hold this power; it rises slowly.")
    ] = None,
    level: Annotated[
        float | None, typer.Option(min=0, max=1000, help="Have the trainer hold this resistance instead.")
    ] = None,
    minutes: Minutes = None,
    device: Machines = None,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Ride (or walk) with the plan in view, over Bluetooth. Nothing is lost when a link drops or the program is killed.

    Keys: p pauses and goes on, 0-9 says how much it hurts (x is a ten), w is a warning sign, q ends.
    """
    from coach.cli import riding as command
    from coach.errors import UsageError

    if watts is not None and level is not None:
        raise UsageError("A trainer holds a power or a resistance: give --watts or --level.")
    if walk and (watts is not None or level is not None):
        raise UsageError("A treadmill is set at the treadmill: a walk has no targets.")
    wanted = command.Wanted(walk=walk, watts=watts, level=level, minutes=minutes, names=tuple(device or ()))
    raise typer.Exit(command.run(wanted, person, as_json=as_json))


@app.command()
def walk(
    minutes: Minutes = None,
    device: Machines = None,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Walk on a treadmill or with a foot pod: `coach ride --walk`, whose keys it has."""
    from coach.cli import riding as command

    wanted = command.Wanted(walk=True, watts=None, level=None, minutes=minutes, names=tuple(device or ()))
    raise typer.Exit(command.run(wanted, person, as_json=as_json))


@devices_app.callback(invoke_without_command=True)
def devices(context: typer.Context, as_json: Json = False) -> None:
    """Look for trainers, treadmills, sensors and straps nearby, and say what each can do."""
    if context.invoked_subcommand is None:
        from coach.cli import machines

        machines.scan(as_json=as_json)
    elif as_json:
        raise typer.BadParameter(f"Write options behind it: coach devices {context.invoked_subcommand} ...")


@devices_app.command()
def scan(as_json: Json = False) -> None:
    """Look for machines nearby, as `coach devices` alone does."""
    from coach.cli import machines

    machines.scan(as_json=as_json)


@devices_app.command(name="list")
def list_devices(as_json: Json = False) -> None:
    """List the machines that are remembered."""
    from coach.cli import machines

    machines.listed(as_json=as_json)


@devices_app.command()
def add(name: Named, as_json: Json = False) -> None:
    """Remember a machine: `coach ride` connects to it without being told."""
    from coach.cli import machines

    machines.add(name, as_json=as_json)


@devices_app.command()
def forget(name: Named, as_json: Json = False) -> None:
    """Forget a machine."""
    from coach.cli import machines

    machines.forget(name, as_json=as_json)


@devices_app.command(name="test")
def look_at(name: Named, as_json: Json = False) -> None:
    """Connect to a machine for a few seconds and show what it sends; nothing is recorded, nothing is controlled."""
    from coach.cli import machines

    machines.test(name, as_json=as_json)


@journal_app.callback(invoke_without_command=True)
def journal(context: typer.Context, as_json: Json = False) -> None:
    """List the journals of live sessions, oldest first."""
    if context.invoked_subcommand is None:
        from coach.cli import journals

        journals.listed(as_json=as_json)
    elif as_json:
        raise typer.BadParameter(f"Write options behind it: coach journal {context.invoked_subcommand} ...")


@journal_app.command()
def replay(number: Nth, as_json: Json = False) -> None:
    """Go through a journal again: its machines, what they sent, what was noted; nothing is changed."""
    from coach.cli import journals

    journals.replay(number, as_json=as_json)


@journal_app.command()
def recover(as_json: Json = False) -> None:
    """Keep what a killed program has left. Exit code 1: something could not be kept, and why is said."""
    from coach.cli import journals

    raise typer.Exit(journals.recover(as_json=as_json))
