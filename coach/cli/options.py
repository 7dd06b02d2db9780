"""The command line's root, and the options that commands share. Light: no command is loaded to show the help."""

from datetime import date, datetime
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
JsonLines = Annotated[bool, typer.Option("--json", help="Print JSON Lines, one object a file.")]
Who = Annotated[str | None, typer.Option("--person", metavar="NAME", help="Whose, where several share a database.")]
Week = Annotated[str | None, typer.Argument(metavar="[WEEK]", help="2026-W45, or a date in the week.")]

LAST_ID = 2**31 - 1  # what a PostgreSQL integer holds; there is no activity beyond
ActivityId = Annotated[int, typer.Argument(metavar="ID", min=1, max=LAST_ID)]


def day(text: str) -> date:
    """The parser of a date."""
    try:
        return _of_our_time(date.fromisoformat(text))
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a date of our time. Write it as 2026-11-05.") from None


def instant(text: str) -> datetime:
    """The parser of a moment; it may have no offset, and is the person's time then."""
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
