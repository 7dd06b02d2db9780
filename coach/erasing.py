"""A person is erased: all that is kept of them, at once, and whole or not at all."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, delete, func, select
from sqlmodel import Session, col
from sqlmodel import select as query

from coach.care import digest
from coach.errors import CoachError
from coach.messenger import addresses
from coach.store.access import What, note
from coach.store.accounts import Account
from coach.store.acting import COMMAND_LINE, Actor
from coach.store.belonging import theirs
from coach.store.contents import TABLES
from coach.store.engine import writing
from coach.store.tables import Person, key
from coach.store.wiping import empty_log, write_over
from config.settings import Settings
from devices.ble import journals
from devices.errors import JournalError
from scheduler import suspensions
from scheduler.channels.registry import CHANNELS
from scheduler.drafts import Address
from scheduler.tables import DELIVERY, NUDGE

SHARED: Final = "shared"
"""The folder of the home in which an account's files wait to be taken."""


class NotErasedError(CoachError):
    """Something of them would have been left; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What is gone: how many rows of each table, and how many files and folders beside the database."""

    rows: Mapping[str, int]
    files: int


def erase(engine: Engine, settings: Settings, person_id: int, now: datetime, by: Actor = COMMAND_LINE) -> Erased:
    """Everything of a person, with their account; nothing of anybody else. What was sent already is where it was sent.
    The log of who looked and who changed something stays: it knows them as a number, and now that they were erased.

    Raises:
        NotErasedError: something would be left.
    """
    with writing(engine, person_id, by) as session:
        connection = session.connection()
        write_over(connection)
        person = session.get_one(Person, person_id)
        files = [*_journals(settings.home, person_id), *_shared(session, settings.home, person_id)]
        rows = {"suspended_address": suspensions.resume(session, _addresses(session, person, settings))}
        for account in session.exec(query(Account).where(Account.person_id == person_id)):
            digest.forget(session, account)
        note(session, What.ERASED, person_id, now)
        session.flush()
        session.expunge_all()
        for table in reversed(TABLES):
            if (whose := theirs(table, person_id)) is not None:
                rows[table.name] = connection.execute(delete(table).where(whose)).rowcount
        if left := remains(session, person_id):
            raise NotErasedError(f"Nothing was erased, for something would be left in: {', '.join(left)}.")
        for path in files:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    empty_log(engine)
    return Erased(rows, len(files))


def remains(session: Session, person_id: int) -> Mapping[str, int]:
    """How many rows there are of a person, by table; empty where nothing is. That nothing refers to a row which is
    gone, the database sees to.
    """
    found = {}
    for table in TABLES:
        if (whose := theirs(table, person_id)) is not None:
            counted = select(func.count()).select_from(table).where(whose)
            found[table.name] = session.connection().execute(counted).scalar_one()
    return {name: count for name, count in found.items() if count}


def _addresses(session: Session, person: Person, settings: Settings) -> list[Address]:
    """Where they were ever written to, but for what somebody else is reached by as well."""
    nudges = select(NUDGE.c.id).where(NUDGE.c.recipient_id == str(key(person)))
    written = select(DELIVERY.c.channel, DELIVERY.c.address).where(DELIVERY.c.nudge_id.in_(nudges)).distinct()
    found = {Address(*row) for row in session.connection().execute(written)}
    found |= set(addresses(session, person, settings))
    found |= {Address(channel, person.email) for channel in CHANNELS if person.email}
    others = query(Person).where(col(Person.id) != person.id)
    emails = {each.email for each in session.exec(others)}
    return [each for each in found if each.address not in emails]


def _journals(home: Path, person_id: int) -> Iterator[Path]:
    """Of their rides, begun or kept."""
    for path in journals.found(home):
        try:
            owner = journals.read(path).owner
        except JournalError:
            continue
        if owner == str(person_id):
            yield path


def _shared(session: Session, home: Path, person_id: int) -> Iterator[Path]:
    for account in session.exec(query(Account.id).where(Account.person_id == person_id)):
        if (folder := home / SHARED / str(account)).is_dir():
            yield folder
