"""What leaves the house."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from coach.cli.options import LAST_ID, Json, Who, app, day


class ExportFormat(StrEnum):
    FHIR = "fhir"
    CSV = "csv"
    JSON = "json"


@app.command()
def export(
    form: Annotated[
        ExportFormat | None, typer.Option("--format", help="How to write it; JSON by default.", show_default=False)
    ] = None,
    fhir: Annotated[bool, typer.Option("--fhir", help="The same as --format fhir.")] = False,
    first: Annotated[
        str | None, typer.Option("--from", metavar="WEEK|DATE", help="From then on; by default from the beginning.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="WEEK|DATE", help="Up to then, included; by default up to today.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE|FOLDER", help="Where to write it: a file; for CSV a folder.")
    ] = None,
    person: Who = None,
    with_name: Annotated[bool, typer.Option("--with-name", help="Name the person in FHIR and CSV.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Hold FHIR against its specification first.")] = False,
    everything: Annotated[
        bool, typer.Option("--everything", help="A zip of all that is kept: record, account, files as they came.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
) -> None:
    """Take your record along: whole (JSON), as sheets (CSV), or for a clinician's system (FHIR)."""
    from coach.cli import exporting

    if everything:
        if form or fhir or first or last or with_name or check:
            raise typer.BadParameter("--everything is all there is, in one form; only --out, --person and --force go.")
        exporting.everything(person, out, force=force)
        return
    if fhir and form not in {None, ExportFormat.FHIR}:
        raise typer.BadParameter(f"--fhir is --format fhir; it does not go with --format {form}.")
    exporting.export(
        ExportFormat.FHIR if fhir else form or ExportFormat.JSON,
        exporting.Days(first, last),
        person,
        out,
        exporting.Wishes(with_name=with_name, check=check, force=force),
    )


@app.command()
def erase(
    person: Who = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the name; --person has to name them.")] = False,
    as_json: Json = False,
) -> None:
    """Erase a person and all that is kept of them, for good. Asks for the name once more."""
    from coach.cli import erasing

    erasing.run(person, yes=yes, as_json=as_json)


@app.command()
def audit(
    person: Who = None,
    number: Annotated[
        int | None, typer.Option("--number", metavar="N", min=1, max=LAST_ID, help="Whose, also who was erased.")
    ] = None,
    since: Annotated[date | None, typer.Option(parser=day, metavar="DATE", help="From that day (UTC) on.")] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=100_000, help="At most so many; 100 by default.")] = 100,
    as_json: Json = False,
) -> None:
    """Show who looked at somebody and who changed something, the latest first: that it was done, never what it held."""
    from coach.cli import auditing

    auditing.run(person, number, since, limit, as_json=as_json)


@app.command()
def retention(
    now: Annotated[bool, typer.Option("--now", help="Let go at once of what has been kept for long enough.")] = False,
    as_json: Json = False,
) -> None:
    """Show how long what is kept, and how much would be let go. A service does so once a day."""
    from coach.cli import retention as command

    command.run(now=now, as_json=as_json)
