"""`coach audit`."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from rich.text import Text

from coach import shapes
from coach.app import open_app
from coach.cli.output import out, print_json, table, when
from coach.errors import UsageError
from coach.signs import visible
from coach.store import access, people
from coach.store.access import AccessLog
from coach.store.engine import reading
from coach.store.tables import key


def run(who: str | None, number: int | None, since: date | None, limit: int, *, as_json: bool) -> None:
    if who is not None and number is not None:
        raise UsageError("--person and --number both say whose: give one.")
    start = None if since is None else datetime.combine(since, time(), UTC)
    with reading(open_app().engine) as session:
        whose = key(people.find_person(session, who)) if who is not None else number
        found = access.everything(session, limit=limit, since=start, person_id=whose)
        if as_json:
            print_json([shapes.access(each) for each in found])
        elif not found:
            out.print("Nobody has looked or changed anything, as far as is still known.")
        else:
            made = table("when (UTC)", "who", "person", "what")
            for each in found:
                made.add_row(when(each.at, ZoneInfo("UTC")), _who(each), _whose(each), _what(each))
            out.print(made)


def _who(row: AccessLog) -> Text:
    account = "" if row.account_id is None else f", account {row.account_id}"
    return Text(f"{visible(row.who) or row.by.replace('_', ' ')}{account}")


def _whose(row: AccessLog) -> str:
    return "–" if row.person_id is None else str(row.person_id)


def _what(row: AccessLog) -> str:
    said = row.what.replace("_", " ")
    return said if row.of_account_id is None else f"{said} (account {row.of_account_id})"
