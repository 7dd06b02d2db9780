"""`coach erase`."""

import sys

import typer
from rich.text import Text

from coach import erasures
from coach.app import App, open_app
from coach.cli.output import err, out, print_json
from coach.erasing import Erased, erase, remains
from coach.errors import CoachError, UsageError
from coach.store import people
from coach.store.engine import reading
from coach.store.tables import Person, key


def run(who: str | None, *, yes: bool, as_json: bool) -> None:
    if yes and who is None:
        raise UsageError("With --yes nobody is asked: say with --person NAME who is to be erased.")
    app = open_app()
    with reading(app.engine) as session:
        person = people.find_person(session, who)
        session.expunge(person)
    if not yes:
        _confirmed(person)
    erased = erase(app.engine, app.settings, key(person), app.clock())
    with reading(app.engine) as session:
        left = remains(session, key(person))
    if left:
        raise CoachError(f"They are erased, but since then there is something anew in: {', '.join(left)}. Do it again.")
    _told(app, person, erased, as_json=as_json)


def _confirmed(person: Person) -> None:
    """
    Raises:
        UsageError: nobody can be asked, or what was typed is another name.
    """
    if not sys.stdin.isatty():
        raise UsageError("Nobody is here to be asked. `coach erase --person NAME --yes` erases without asking.")
    err.print(
        Text(
            f"Everything of {person.name} goes for good: sessions and their files, plans, pain, messages, account, "
            "tokens. `coach export --everything --out FILE` takes it along first. Backups are not reached."
        )
    )
    typed = str(typer.prompt("Type the name again to erase it", default="", show_default=False, err=True))
    if typed.strip() != person.name:
        raise UsageError("That is another name. Nothing was erased.")


def _told(app: App, person: Person, erased: Erased, *, as_json: bool) -> None:
    line = erasures.note(app.settings, key(person), erased, app.clock())
    if as_json:
        print_json(line | {"tables": {name: count for name, count in erased.rows.items() if count}})
        return
    out.print(
        Text(
            f"Erased: {line['rows']:,} rows and {erased.files} files, looked for again in every table. That it was "
            f"done stands in {app.settings.home / erasures.FILE}, as number {person.id} and no more."
        ),
        soft_wrap=True,
    )
    out.print(
        "Backups and what was sent already are not reached: delete older backups, or erase again after a restore."
    )
