"""`coach export`."""

import json
import re
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.app import App, open_app
from coach.cli.output import err
from coach.cli.writing import write_folder, write_made, write_whole
from coach.errors import CoachError, NotFoundError, UsageError
from coach.exchange.archive import archive
from coach.exchange.dossier import Dossier
from coach.exchange.spreadsheet import sheets
from coach.gathering import dossier, first_day_of
from coach.store import people
from coach.store.access import What, note
from coach.store.engine import reading, writing
from coach.store.tables import Person, key
from coach.weeks import IsoWeek

_DATE: Final = re.compile(r"\d{4}-?\d{2}-?\d{2}")


@dataclass(frozen=True, slots=True)
class Days:
    """From when to when, as it was typed: a week, a date, or nothing."""

    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Wishes:
    with_name: bool = False
    check: bool = False
    force: bool = False


def export(form: str, days: Days, who: str | None, target: Path | None, wishes: Wishes) -> None:
    if wishes.check and form != "fhir":
        raise UsageError("--check is for --format fhir: nothing else has a specification to be held against.")
    if form == "csv" and target is None:
        raise UsageError("CSV is a file for each kind of thing. Say with --out which folder they go into.")
    if target is not None and form != "csv":
        _may_write(target, force=wishes.force)
    found = _found(days, who)
    if form == "csv" and target is not None:
        _folder(target, sheets(found, with_name=wishes.with_name), force=wishes.force)
        return
    written = _text(_fhir(found, wishes) if form == "fhir" else archive(found))
    if target is None:
        sys.stdout.write(written)
    else:
        write_whole(target, written)
        err.print(f"Written to {target}.")


def everything(who: str | None, target: Path | None, *, force: bool) -> None:
    """What the pages give as "take everything along"."""
    from coach.taking_along import write_all

    if target is None:
        raise UsageError("Everything is a zip. Say with --out which file it goes into, such as --out coach.zip.")
    _may_write(target, force=force)
    app = open_app()
    with reading(app.engine) as session:
        person_id = key(people.find_person(session, who))
    write_made(target, lambda file: write_all(app.engine, person_id, app.clock(), file))
    _noted(app, person_id)
    err.print(f"Written to {target}.")


def _noted(app: App, person_id: int) -> None:
    with writing(app.engine, person_id) as session:
        note(session, What.EXPORTED, person_id, app.clock())


def _found(days: Days, who: str | None) -> Dossier:
    app = open_app()
    now = app.clock()
    with reading(app.engine) as session:
        person = people.find_person(session, who)
        first, last = _between(session, person, days, now.astimezone(ZoneInfo(person.timezone)).date())
        found = dossier(session, person, first, last, now)
    if found.is_empty:
        raise NotFoundError(
            f"There is nothing of {person.name} to export from {first} to {last}. "
            "`coach activities` lists what is there."
        )
    _noted(app, key(person))
    return found


def _between(session: Session, person: Person, days: Days, today: date) -> tuple[date, date]:
    last = _day(days.last, end=True) or today
    first = _day(days.first, end=False) or min(first_day_of(session, person), last)
    if first > last:
        raise UsageError(f"--from {first} is after --to {last}: there is no day between them.")
    return first, last


def _day(typed: str | None, *, end: bool) -> date | None:
    """The day that was typed, or the first or last one of the week that was."""
    if typed is None:
        return None
    week = IsoWeek.parse(typed)
    if _DATE.fullmatch(typed.strip()):
        return date.fromisoformat(typed.strip())
    return week.sunday if end else week.monday


def _fhir(found: Dossier, wishes: Wishes) -> dict[str, Any]:
    from coach.exchange.fhir import bundle
    from coach.plan.library import conditions

    document = bundle(found, conditions(), with_name=wishes.with_name)
    if wishes.check:
        from coach.exchange.fhir.check import check

        err.print(f"Checked: {check(document)} resources are as FHIR R4B has them.")
    return document


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _may_write(target: Path, *, force: bool) -> None:
    if target.is_dir():
        raise CoachError(f"{target} is a folder. Name the file that is to be written, such as {target / 'coach.json'}.")
    if not target.parent.is_dir():
        raise CoachError(f"There is no folder {target.parent} to write {target.name} into. Make it first.")
    if target.is_file() and not force:
        raise CoachError(f"{target} is there already. Take another name, or write over it with --force.")


def _folder(folder: Path, files: dict[str, str], *, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise CoachError(f"{folder} is a file. CSV goes into a folder.")
    if not folder.parent.is_dir():
        raise CoachError(f"There is no folder {folder.parent} to make {folder.name} in. Make it first.")
    there = [name for name in files if (folder / name).exists()]
    if there and not force:
        raise CoachError(
            f"{folder} has {', '.join(there)} already. Take another folder, or write over them with --force."
        )
    write_folder(folder, files)
    err.print(f"Written to {folder}: {', '.join(files)}.")
