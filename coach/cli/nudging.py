"""`coach nudges`, `coach tick` and `coach run`."""

import sys
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rich.text import Text
from sqlmodel import col, select

from coach import shapes
from coach.app import App, open_app
from coach.cli.output import out, print_json, table, when
from coach.service import Service, open_service
from coach.store import people
from coach.store.engine import reading
from coach.store.tables import Person, key
from scheduler import outbox
from scheduler.counters import count
from scheduler.outbox import Entry
from scheduler.settled import Settled

_COUNTED: Final = timedelta(days=30)


def listed(who: str | None, limit: int, *, as_json: bool) -> None:
    with reading(open_app().engine) as session:
        person = people.find_person(session, who)
        entries = outbox.history(session, str(key(person)), limit)
    if as_json:
        print_json([shapes.nudge(each) for each in entries])
    elif not entries:
        out.print("Nothing was sent, and nothing is due.")
    else:
        out.print(show(entries, ZoneInfo(person.timezone)))


def counted(who: str | None, *, as_json: bool) -> None:
    """How it went over the last weeks."""
    app = open_app()
    since = app.clock() - _COUNTED
    with reading(app.engine) as session:
        person = people.find_person(session, who)
        found = count(session, since, str(key(person)))
    if as_json:
        print_json(shapes.counters(found, since))
        return
    made = table("what", ">how many")
    for name, number in shapes.counters(found, since).items():
        if isinstance(number, int):
            made.add_row(name.replace("_", " "), str(number))
    for reason, number in found.suppressed.items():
        made.add_row(Text(f"suppressed: {reason}"), str(number))
    out.print(f"The last {_COUNTED.days} days; lateness in seconds.")
    out.print(made)


def tick(at: datetime | None, *, as_json: bool) -> None:
    """`at` without an offset is the person's own time, where one zone is shared by all."""
    app = open_service()
    if at is not None:
        moment = at if at.utcoffset() is not None else at.replace(tzinfo=_zone(app))
        app = Service(app.settings, app.engine, lambda: moment)
    reports = app.tick(sys.stderr if as_json else sys.stdout)
    done = list(entries_of(app, reports))
    if as_json:
        print_json([shapes.nudge(entry) | {"person": person.name} for person, entry in done])
    elif not done:
        out.print("Nothing was due.")
    else:
        out.print(show([entry for _, entry in done], _zone(app)))


def show(entries: list[Entry], zone: ZoneInfo) -> object:
    made = table("rule", "period", "state", "due", "channel", "title", "why")
    for each in entries:
        made.add_row(
            each.rule,
            each.period,
            each.state,
            when(each.due_at, zone),
            each.channel,
            Text(each.title or "–"),
            Text(each.detail or each.reason),
        )
    return made


def entries_of(app: App, reports: list[Settled]) -> list[tuple[Person, Entry]]:
    """What a sweep did, as the outbox tells it."""
    touched = {(each.recipient_id, each.rule, each.period, each.channel) for each in reports}
    with reading(app.engine) as session:
        everybody = {str(key(each)): each for each in session.exec(select(Person).order_by(col(Person.id)))}
        session.expunge_all()
        return [
            (everybody[recipient], entry)
            for recipient in sorted({each.recipient_id for each in reports} & set(everybody))
            for entry in outbox.history(session, recipient)
            if (recipient, entry.rule, entry.period, entry.channel) in touched
        ]


def _zone(app: App) -> ZoneInfo:
    with reading(app.engine) as session:
        zones = {person.timezone for person in session.exec(select(Person))}
    return ZoneInfo(zones.pop()) if len(zones) == 1 else ZoneInfo("UTC")
