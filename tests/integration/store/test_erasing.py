"""Nothing is left of who is erased, and nothing of anybody else is touched. The tables themselves say what there is."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import insert, select
from sqlmodel import SQLModel

import coach.erasing
from coach.erasing import NotErasedError, erase, remains
from coach.store.accounts import Account
from coach.store.belonging import theirs
from coach.store.dropping import KEPT, LETTERS
from coach.store.engine import reading, writing
from coach.store.tables import Person
from config.settings import Settings
from devices.ble import journals

NOW = datetime(2026, 6, 4, 15, tzinfo=UTC)
TABLES = SQLModel.metadata.sorted_tables
NOBODYS = {"suspended_address", "task", "sweep", "access_log"}
"""The first is known by its addresses, and the last outlives who is erased; tests below see to both. The others hold
numbers alone, and a task that is done is gone.
"""
DROPPED = {KEPT, LETTERS}

_NUMBERS = count(1_000)


def value(column, person_id: int, row: dict[str, dict[str, object]]):
    """Something for a column: what it refers to, the person's own id, or any value of its type."""
    if column.foreign_keys:
        (reference,) = column.foreign_keys
        return row[reference.column.table.name][reference.column.name]
    if column.name == "person_id":
        return person_id
    if column.name == "recipient_id":
        return str(person_id)
    kind = column.type.python_type if column.type.__class__.__name__ != "UtcDateTime" else datetime
    values = {
        int: lambda: next(_NUMBERS),
        float: lambda: 1.5,
        bool: lambda: True,
        bytes: f"bytes of {person_id}".encode,
        datetime: lambda: NOW,
        date: NOW.date,
        time: lambda: time(8),
        dict: lambda: {"of": person_id},
        list: lambda: [person_id],
    }
    if getattr(column.type, "enums", None):
        return column.type.enums[0]
    if column.type.__class__.__name__ == "Uuid":
        return uuid4()
    return values.get(kind, lambda: f"{column.name} of {person_id}, {next(_NUMBERS)}")()


def filled(engine, person_id: int) -> None:
    """A row of theirs in each table that has such."""
    row: dict[str, dict[str, object]] = {}
    with writing(engine, None) as session:
        for table in sorted(TABLES, key=lambda each: each.name in DROPPED):  # whatever comes after them drops them
            if table.name in NOBODYS:
                continue
            row[table.name] = {column.name: value(column, person_id, row) for column in table.columns}
            if table.name == "person":
                row[table.name] |= {"id": person_id, "timezone": "Europe/Berlin", "email": f"{person_id}@example.org"}
            session.connection().execute(insert(table), [row[table.name]])


def everything(engine) -> dict[str, list]:
    """But the log, which outlives who is erased."""
    with reading(engine) as session:
        return {
            table.name: session.connection().execute(select(table)).all()
            for table in TABLES
            if table.name != "access_log"
        }


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path, public_url=None, smtp_url="smtp://localhost", database_url=None)


def test_every_table_is_somebodys_or_is_known_not_to_be():
    assert {table.name for table in TABLES if theirs(table, 1) is None} == NOBODYS


def test_no_table_keeps_a_row_and_nobody_elses_changes(engine, settings):
    filled(engine, 2)
    bos = everything(engine)
    filled(engine, 1)
    both = everything(engine)
    assert {name: len(rows) for name, rows in both.items() if len(rows) != 2 and name not in NOBODYS} == {}
    erased = erase(engine, settings, 1, NOW)
    assert everything(engine) == bos
    gone = {name: rows for name, rows in erased.rows.items() if name not in {*NOBODYS, *DROPPED}}
    assert gone == {
        table.name: 1 for table in TABLES if table.name not in {*NOBODYS, *DROPPED}
    }  # which others take along
    with reading(engine) as session:
        assert remains(session, 1) == {}
        assert set(remains(session, 2)) == {table.name for table in TABLES if table.name not in NOBODYS}


@pytest.mark.sqlite
def test_nothing_can_be_read_in_the_file_either(engine, settings):
    filled(engine, 1)
    filled(engine, 2)
    erase(engine, settings, 1, NOW)
    kept = b"".join(path.read_bytes() for path in Path(engine.url.database).parent.glob("coach.db*"))
    assert b"bytes of 2" in kept
    assert b"bytes of 1" not in kept
    assert b"1@example.org" not in kept


def test_refused_addresses_go_but_for_those_of_others(engine, settings, add_person):
    ada, bo = add_person("Ada"), add_person("Bo")
    addresses = SQLModel.metadata.tables["suspended_address"]
    with writing(engine, None) as session:
        for person, email in ((ada, "ada@example.org"), (bo, "shared@example.org")):
            session.get_one(Person, person.id).email = email
    filled(engine, 77)
    with writing(engine, None) as session:
        delivery = SQLModel.metadata.tables["delivery"]
        session.connection().execute(delivery.update().values(channel="email", address="before@example.org"))
        nudge = SQLModel.metadata.tables["nudge"]
        session.connection().execute(nudge.update().values(recipient_id=str(ada.id)))
        told = {"since": NOW, "reason": "refused"}
        rows = [("email", "ada@example.org"), ("email", "before@example.org"), ("email", "shared@example.org")]
        session.connection().execute(insert(addresses), [told | {"channel": each, "address": to} for each, to in rows])
    erase(engine, settings, ada.id, NOW)
    assert [row.address for row in everything(engine)["suspended_address"]] == ["shared@example.org"]
    erase(engine, settings, bo.id, NOW)
    assert everything(engine)["suspended_address"] == []


def test_files_that_wait_and_journals_go(engine, settings, add_person, tmp_path):
    ada, bo = add_person("Ada"), add_person("Bo")
    folders = {}
    for person in (ada, bo):
        with writing(engine, None) as session:
            account = Account(email=f"{person.name}@x", password_hash="x", person_id=person.id, created_at=NOW)
            session.add(account)
            session.flush()
            folders[person.name] = tmp_path / "shared" / str(account.id)
        folders[person.name].mkdir(parents=True)
        (folders[person.name] / "waiting.fit").write_bytes(b"x")
        begun = NOW + timedelta(seconds=person.id)
        journals.begin(
            tmp_path, begun, "cycling", "indoor_cycling", utc_offset=timedelta(), owner=str(person.id)
        ).close()
    (tmp_path / "journals" / "broken.open").write_bytes(b"no journal")
    assert erase(engine, settings, ada.id, NOW).files == 2
    assert not folders["Ada"].exists()
    assert folders["Bo"].exists()
    assert [journals.read(path).owner for path in journals.found(tmp_path) if path.stem != "broken"] == [str(bo.id)]


def test_where_something_would_be_left_nothing_is_changed(engine, settings, monkeypatch):
    filled(engine, 1)
    before = everything(engine)
    monkeypatch.setattr(coach.erasing, "remains", lambda *_: {"nudge": 1})
    with pytest.raises(NotErasedError, match="left in: nudge"):
        erase(engine, settings, 1, NOW)
    assert everything(engine) == before
