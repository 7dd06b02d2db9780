"""`coach channels`: list, add, try and remove the ways to a person."""

import sys

from rich.text import Text

from coach import reaching, shapes
from coach.app import open_app
from coach.cli import EXIT_FAILED
from coach.cli.output import err, out, print_json, table
from coach.errors import NotFoundError, UsageError
from coach.reaching import Way
from coach.service import open_service
from coach.signs import visible
from coach.store import channels, people
from coach.store.engine import reading
from coach.store.tables import key
from config.messages import catalogue
from config.secrets import open_secrets
from scheduler.channels.base import Delivered, Outcome, Unknown

_NONE = "Nothing is set up: messages appear on the terminal. `coach channels add URL` adds a way."


def listed(who: str | None, *, as_json: bool) -> None:
    app = open_app()
    with reading(app.engine) as session:
        found = reaching.ways(session, people.find_person(session, who), app.settings)
    if as_json:
        print_json([shapes.way(each) for each in found])
    elif not found:
        out.print(_NONE)
    else:
        made = table(">no.", "channel", "where", "state")
        for each in found:
            state = "in use" if each.suspended is None else f"refused, and left alone: {visible(each.suspended)}"
            made.add_row(str(each.number or "–"), each.address.channel, Text(each.label), Text(state))
        out.print(made)


def add(url: str, name: str | None, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    found, is_found = reaching.check(sys.stdin.readline() if url == "-" else url, app.settings)
    with reading(app.engine) as session:
        people.find_person(session, who)  # before a key is made
    secrets = open_secrets(app.settings)
    with people.changing(app.engine, who) as (session, person):
        added = reaching.add(session, person, found, name, secrets, app.clock())
    number = added.way.number
    if as_json:
        print_json({**shapes.way(added.way), "is_new": added.is_new, "secret": added.secret})
    elif not added.is_new:
        out.print(Text(f"It is there already: channel {number}, {added.way.label}."))
    else:
        out.print(Text(f"Added: channel {number}, {added.way.label}. `coach channels test {number}` tries it."))
        if added.secret is not None:
            out.print(f"What it sends is signed with this secret, which is not shown again: {added.secret}")
    if not is_found:
        err.print("Its host could not be found just now. It is kept all the same.")


def try_out(number: int | None, who: str | None, *, as_json: bool) -> int:
    """The exit code: whether all of them took it."""
    service = open_service()
    with reading(service.engine) as session:
        person = people.find_person(session, who)
        ways = reaching.ways(session, person, service.settings)
        words = catalogue(person.language)
    tried = [each for each in ways if number is None or each.number == number]
    if not tried:
        raise (
            UsageError(_NONE)
            if number is None
            else NotFoundError(f"There is no channel {number}. `coach channels` lists them.")
        )
    outcomes = service.try_out(tried, words, sys.stdout)
    _tell(tried, outcomes, as_json=as_json)
    return 0 if all(isinstance(each, Delivered) for each in outcomes) else EXIT_FAILED


def _tell(tried: list[Way], outcomes: list[Outcome], *, as_json: bool) -> None:
    results = list(zip(tried, outcomes, strict=True))
    if as_json:
        print_json([shapes.trial(way, outcome) for way, outcome in results])
        return
    for way, outcome in results:
        if isinstance(outcome, Delivered):
            out.print(Text(f"{way.label}: sent. Look whether it is there."), soft_wrap=True)
            continue
        what = "perhaps sent" if isinstance(outcome, Unknown) else "not sent"
        reason = visible(outcome.reason).rstrip(".")
        err.print(Text(f"{way.label}: {what}. {reason[:1].upper()}{reason[1:]}."), soft_wrap=True)


def remove(number: int, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    with people.changing(app.engine, who) as (session, person):
        row = channels.one(session, key(person), number)
        channels.remove(session, row, app.clock())
        gone = Way(channels.address(row), row.label, row.number, row.created_at)
    if as_json:
        print_json(shapes.way(gone))
    else:
        out.print(Text(f"Removed: channel {number}, {gone.label}."))
