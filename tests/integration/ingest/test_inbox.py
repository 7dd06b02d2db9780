"""What is dropped becomes activities, once, of the person it is for; and a failure stops nothing."""

import asyncio
import logging
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from coach import inbox as module
from coach.inbox import Inbox
from coach.store import people as store
from coach.store.engine import reading
from coach.store.tables import Activity, Person

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def log(caplog) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO)
    return caplog


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "drop"


@pytest.fixture
def stop() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def inbox(engine, folder, stop) -> Inbox:
    return Inbox(engine, lambda: NOON, folder, stop)


@pytest.fixture
def dropped(folder, fits):
    """Files by their place in the drop folder; each is called as what is in it."""

    def drop(*places: str) -> list[Path]:
        paths = [folder / f"{place}.fit" for place in places]
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(fits[path.stem])
        return paths

    return drop


def take(inbox: Inbox, paths: list[Path]) -> list[Path]:
    return asyncio.run(inbox.take(paths))


def sports(engine, person: Person) -> list[str]:
    with reading(engine) as session:
        of = select(Activity.sport).where(Activity.person_id == person.id).order_by(col(Activity.sport))
        return list(session.exec(of))


def contact(engine, person: Person) -> datetime | None:
    with reading(engine) as session:
        return store.last_contact(session, person.id)


def test_each_has_a_folder(engine, inbox, dropped, ada, bea, log):
    paths = dropped("Ada/walk", "Bea/2026/06/ride", "swim", "Cleo/walk")
    assert take(inbox, paths) == [paths[3], paths[2]]
    assert (sports(engine, ada), sports(engine, bea)) == (["walking"], ["cycling"])
    assert log.text.count("Whose is it? Put it into a folder called as the person (Ada, Bea)") == 2
    assert take(inbox, [paths[3], paths[2]]) == [paths[3], paths[2]]
    assert log.text.count("Whose is it?") == 2, "told once"


def test_nobody_is_set_up(engine, inbox, dropped, log):
    paths = dropped("walk")
    assert take(inbox, paths) == paths
    assert "Nobody is set up yet" in log.text


def test_a_file_that_is_known_or_refused_is_no_contact(engine, inbox, dropped, ada, log):
    assert take(inbox, dropped("Ada/text")) == []
    assert contact(engine, ada) is None
    assert "text.fit: refused. " in log.text
    take(inbox, dropped("Ada/walk"))
    assert contact(engine, ada) == NOON
    later = Inbox(engine, lambda: NOON.replace(hour=20), inbox._folder, asyncio.Event())
    assert take(later, dropped("Ada/walk")) == []
    assert contact(engine, ada) == NOON, "a start of the service is no sync"


def test_a_database_that_is_away_is_waited_for(engine, inbox, dropped, ada, log, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))

    paths = dropped("Ada/walk", "Ada/ride")
    with monkeypatch.context() as patch:
        patch.setattr(module, "ingest", locked)
        assert take(inbox, paths) == sorted(paths)
    assert "database is locked. Dropped files wait." in log.text
    assert take(inbox, paths) == []
    assert sports(engine, ada) == ["cycling", "walking"]


def test_a_fault_of_the_program_costs_one_file(engine, inbox, dropped, ada, log, monkeypatch):
    ingest = module.ingest

    def faulty(engine, person, sources, *args, **kwargs):
        for source in sources:
            if "ride" in source.name:
                raise ZeroDivisionError
        return ingest(engine, person, sources, *args, **kwargs)

    monkeypatch.setattr(module, "ingest", faulty)
    assert take(inbox, dropped("Ada/walk", "Ada/ride", "Ada/swim")) == []
    assert sports(engine, ada) == ["swimming", "walking"]
    assert log.text.count("ride.fit: refused. This should not have happened: ZeroDivisionError") == 1


def test_a_stop_is_heeded_between_files(engine, inbox, dropped, ada, stop, monkeypatch):
    ingest, done = module.ingest, []

    def counted(*args, **kwargs):
        for result in ingest(*args, **kwargs):
            done.append(result)
            yield result

    monkeypatch.setattr(module, "ingest", counted)
    stop.set()
    take(inbox, dropped("Ada/walk", "Ada/ride", "Ada/swim"))
    assert len(done) == 1
