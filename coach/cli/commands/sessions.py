"""What was recorded: bring it in, look at it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from coach.cli.options import LAST_ID, ActivityId, Json, JsonLines, Who, app, instant


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="FIT files, folders, .fit.gz or .zip.")],
    again: Annotated[bool, typer.Option("--again", help="Also those that were deleted.")] = False,
    person: Who = None,
    as_json: JsonLines = False,
) -> None:
    """Take FIT files in. Exit code 0: each is stored, partly stored or was there; 1: at least one was refused."""
    from coach.cli import importing

    raise typer.Exit(importing.run(paths, person, again=again, as_json=as_json))


@app.command()
def sync(
    person: Who = None,
    as_json: JsonLines = False,
) -> None:
    """Import what is new on a watch or bike computer that is plugged in. Exit codes as for import; 1: no watch is."""
    from coach.cli import syncing

    raise typer.Exit(syncing.run(person, as_json=as_json))


@app.command()
def activities(
    person: Who = None,
    limit: Annotated[int | None, typer.Option(min=1, max=LAST_ID, help="Only the newest so many.")] = None,
    as_json: Json = False,
) -> None:
    """List what was recorded, newest first."""
    from coach.cli import looking

    looking.activities(person, limit, as_json=as_json)


@app.command()
def activity(
    activity_id: ActivityId,
    delete: Annotated[bool, typer.Option("--delete", help="Delete it; the file that it came from stays away.")] = False,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Show one activity: whose figures they are, and what of it could count."""
    from coach.cli import entering, looking

    if delete:
        entering.delete(activity_id, person, as_json=as_json)
    else:
        looking.activity(activity_id, person, as_json=as_json)


Borg = Annotated[int | None, typer.Option(help="How hard it felt: 6 (not at all) to 20 (all there is).")]
WaterC = Annotated[float | None, typer.Option("--water-c", metavar="DEGREES", help="The water's temperature, Celsius.")]


@app.command()
def log(
    exercise: Annotated[str | None, typer.Argument(metavar="EXERCISE", help="level_walk, swim, pool_walk ...")] = None,
    minutes: Annotated[int | None, typer.Argument(metavar="MINUTES", help="How long it was.")] = None,
    at: Annotated[
        datetime | None,
        typer.Option(parser=instant, metavar="INSTANT", help="When it began; without it, it has just ended."),
    ] = None,
    fast: Annotated[int, typer.Option(help="Minutes of a walk that were fast.")] = 0,
    uphill: Annotated[int, typer.Option(help="Minutes of a walk that led uphill.")] = 0,
    distance: Annotated[float | None, typer.Option(metavar="METRES", help="How far it was.")] = None,
    borg: Borg = None,
    water_c: WaterC = None,
    note: Annotated[str | None, typer.Option(help="A line about it.")] = None,
    remove: Annotated[
        int | None, typer.Option(metavar="ID", min=1, max=LAST_ID, help="Take back one that was entered by hand.")
    ] = None,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Enter a session that nothing recorded. It counts, and is shown as self-report."""
    from coach.cli import entering as command
    from coach.errors import UsageError
    from coach.manual import Told

    if remove is not None:
        if exercise is not None:
            raise UsageError("--remove takes one back; it goes with no exercise.")
        command.remove(remove, person, as_json=as_json)
        return
    if exercise is None or minutes is None:
        raise UsageError("Say what it was, and how many minutes: `coach log level_walk 20`.")
    told = Told(
        exercise=command.known(exercise),
        minutes=minutes,
        started_at=at,
        fast=fast,
        uphill=uphill,
        distance_m=distance,
        borg=borg,
        water_c=water_c,
        note=note,
    )
    command.log(told, person, as_json=as_json)


@app.command()
def label(
    activity_id: ActivityId,
    exercise: Annotated[str | None, typer.Argument(metavar="[EXERCISE]", help="What it was.")] = None,
    borg: Borg = None,
    water_c: WaterC = None,
    forget: Annotated[bool, typer.Option("--forget", help="Take back what was said of it.")] = False,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Say what no sensor knows: that this "pool swim" was a pool walk. The next file like it counts as the same."""
    from coach.cli import entering as command

    command.label(activity_id, exercise, borg, water_c, person, forget=forget, as_json=as_json)
