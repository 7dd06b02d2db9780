"""Every command with its options and help. Bodies only hand over: heavy imports wait until a command needs them."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

app = typer.Typer(
    name="coach",
    help="Keeps you moving the way your clinician asked. Not a medical device: get a diagnosis before you start.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Who = Annotated[str | None, typer.Option("--person", metavar="NAME", help="Whose, where several share a database.")]
Week = Annotated[str | None, typer.Argument(metavar="[WEEK]", help="2026-W45, or a date in the week.")]

_LAST_ID = 2**31 - 1  # what a PostgreSQL integer holds; there is no activity beyond


class Relief(StrEnum):
    """The postures that can ease symptoms; `coach.plan.Relief` for the parser, without its imports."""

    EXTENSION = "extension"
    FLEXION = "flexion"
    NEUTRAL = "neutral"
    NONE = "none"
    UNKNOWN = "unknown"


class Format(StrEnum):
    TEXT = "text"
    HTML = "html"
    JSON = "json"


def _day(text: str) -> date:
    try:
        return _of_our_time(date.fromisoformat(text))
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a date of our time. Write it as 2026-11-05.") from None


def _instant(text: str) -> datetime:
    try:
        return _of_our_time(datetime.fromisoformat(text))
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a moment of our time. Write it as 2026-11-05T12:30+01:00.") from None


Day = TypeVar("Day", date, datetime)


def _of_our_time(day: Day) -> Day:
    from coach.weeks import YEARS

    if day.year not in YEARS:
        raise ValueError(day)
    return day


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Keeps you moving the way your clinician asked. Not a medical device: get a diagnosis before you start."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"sciatica-coach {installed('sciatica-coach')}")
        raise typer.Exit


@app.command()
def setup(
    name: Annotated[str | None, typer.Option(help="What the coach calls the person.")] = None,
    email: Annotated[str | None, typer.Option(help="Where nudges and the weekly summary go.")] = None,
    timezone: Annotated[str | None, typer.Option(help="An IANA zone, such as Europe/Berlin.")] = None,
    condition: Annotated[str | None, typer.Option(help="A condition of the plan library.")] = None,
    diagnosed_by: Annotated[
        str | None, typer.Option(help="Who made the diagnosis. Without one the plan is locked.")
    ] = None,
    diagnosed_on: Annotated[date | None, typer.Option(parser=_day, metavar="DATE", help="When it was made.")] = None,
    relief: Annotated[Relief | None, typer.Option(help="The posture that eases the symptoms.")] = None,
    flexion_tolerated: Annotated[
        bool | None,
        typer.Option("--flexion-tolerated/--no-flexion-tolerated", help="Is bending forward comfortable?"),
    ] = None,
    birth_year: Annotated[int | None, typer.Option(help="For heart-rate ranges.")] = None,
    resting_hr: Annotated[int | None, typer.Option(help="Resting heart rate, beats a minute.")] = None,
    emergency_number: Annotated[str | None, typer.Option(help="112 by default.")] = None,
    start: Annotated[
        date | None, typer.Option(parser=_day, metavar="DATE", help="The plan's first day; today by default.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Set up a person and their plan, or change what is given. Asks for what is missing."""
    from coach.cli import setup as command
    from coach.enrolment import Details

    command.run(
        Details(
            name=name,
            email=email,
            timezone=timezone,
            condition=condition,
            diagnosed_by=diagnosed_by,
            diagnosed_on=diagnosed_on,
            relief=relief,
            flexion_tolerated=flexion_tolerated,
            birth_year=birth_year,
            resting_hr=resting_hr,
            emergency_number=emergency_number,
            start=start,
        ),
        as_json=as_json,
    )


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="FIT files, folders, .fit.gz or .zip.")],
    person: Who = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines, one object a file.")] = False,
) -> None:
    """Take FIT files in. Exit code 0: each is stored, partly stored or was there; 1: at least one was refused."""
    from coach.cli import importing

    raise typer.Exit(importing.run(paths, person, as_json=as_json))


@app.command()
def sync(
    person: Who = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines, one object a file.")] = False,
) -> None:
    """Import what is new on a watch or bike computer that is plugged in. Exit codes as for import; 1: no watch is."""
    from coach.cli import syncing

    raise typer.Exit(syncing.run(person, as_json=as_json))


@app.command()
def activities(
    person: Who = None,
    limit: Annotated[int | None, typer.Option(min=1, max=_LAST_ID, help="Only the newest so many.")] = None,
    as_json: Json = False,
) -> None:
    """List what was recorded, newest first."""
    from coach.cli import looking

    looking.activities(person, limit, as_json=as_json)


@app.command()
def activity(
    activity_id: Annotated[int, typer.Argument(metavar="ID", min=1, max=_LAST_ID)],
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Show one activity: whose figures they are, and what of it could count."""
    from coach.cli import looking

    looking.activity(activity_id, person, as_json=as_json)


@app.command()
def plan(person: Who = None, as_json: Json = False) -> None:
    """Show the plan: what is asked, what is left out, and where each number is from."""
    from coach.cli import looking

    looking.plan(person, as_json=as_json)


@app.command()
def week(week: Week = None, person: Who = None, as_json: Json = False) -> None:
    """Hold a week against the plan; this week by default."""
    from coach.cli import weekly

    weekly.week(week, person, as_json=as_json)


@app.command()
def summary(
    week: Week = None,
    person: Who = None,
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TEXT,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to a file instead.")] = None,
) -> None:
    """Write the weekly summary; of last week by default."""
    from coach.cli import weekly

    weekly.summary(week, person, form, out)


@app.command()
def nudges(person: Who = None, as_json: Json = False) -> None:
    """List what was sent, what is due, and what was not sent and why."""
    from coach.cli import nudging

    nudging.listed(person, as_json=as_json)


@app.command()
def tick(
    at: Annotated[
        datetime | None,
        typer.Option(
            parser=_instant,
            metavar="INSTANT",
            help="As if it were 2026-11-05T12:30+01:00 (your time without an offset).",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Do one whole sweep for everybody: plan what is worth saying, deliver what is due, and tell what was done."""
    from coach.cli import nudging

    nudging.tick(at, as_json=as_json)


@app.command()
def run() -> None:
    """Run the service in the foreground: plan, deliver and take what is dropped until stopped (SIGTERM or Ctrl-C)."""
    from coach.cli import nudging

    nudging.run()


@app.command()
def demo() -> None:
    """Show the whole product once, on invented sessions, in a temporary home."""
    from coach.cli import demo as command

    command.run()
