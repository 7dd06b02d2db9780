"""`coach tokens`."""

import sys

from rich.text import Text

from coach import shapes
from coach.accounts.tokens import issue
from coach.app import open_app
from coach.cli.output import err, out, print_json, table
from coach.store import people
from coach.store import tokens as stored
from coach.store.engine import reading
from coach.store.tables import key


def listed(who: str | None, *, as_json: bool) -> None:
    app = open_app()
    with reading(app.engine) as session:
        found = stored.of_person(session, key(people.find_person(session, who)))
    if as_json:
        print_json([shapes.token(each) for each in found])
    elif not found:
        out.print("No program may ask yet. `coach tokens add NAME --scope upload` makes a token.")
    else:
        made = table(">id", "name", "may", "until", "last used")
        for each in found:
            used = f"{each.used_at:%Y-%m-%d}" if each.used_at is not None else "–"
            over = " (over)" if each.expires_at <= app.clock() else ""
            made.add_row(str(each.id), each.name, ", ".join(each.scopes), f"{each.expires_at:%Y-%m-%d}{over}", used)
        out.print(made)


def add(name: str, scopes: list[str], days: int, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    with people.changing(app.engine, who) as (session, person):
        session.expire_on_commit = False
        issued = issue(session, key(person), name, scopes, days, app.clock())
    if as_json:
        print_json(shapes.token(issued.row) | {"token": issued.token})
        return
    err.print("For that program, and nobody else; it is shown this once.")
    sys.stdout.write(f"{issued.token}\n")


def remove(number: int, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    with people.changing(app.engine, who) as (session, person):
        session.expire_on_commit = False
        row = stored.remove(session, key(person), number, app.clock())
        name = row.name
    if as_json:
        print_json({"removed": number})
    else:
        out.print(Text(f"The token of {name} is removed."))
