"""What was worked out holds until somebody commits, in whichever process, or a minute has passed."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine

from coach.store.engine import open_database, reading, writing
from coach.store.memory import Memory
from coach.store.tables import Person

NOW = datetime(2026, 6, 4, 15, 0, 10, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'coach.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def memory(database):
    memory = Memory(database)
    yield memory
    memory.close()


@pytest.fixture
def asked(memory):
    """How often it was worked out, asked once more."""
    made = []

    def ask(key="a", now=NOW):
        memory.recall(key, now, lambda: made.append(key))
        return len(made)

    return ask


def test_it_holds(asked, database):
    assert asked() == 1
    with reading(database) as session:
        session.get(Person, 1)
    with writing(database, None):
        pass  # nothing
    assert asked() == 1
    assert asked("b") == 2
    assert asked(now=NOW + timedelta(seconds=49)) == 2


def test_a_commit_ends_it(asked, database):
    asked()
    with writing(database, None) as session:
        session.add(Person(name="Ada", timezone="UTC", created_at=NOW))
        session.flush()
        assert asked() == 1, "nobody else sees it yet"
    assert asked() == 2
    assert asked() == 2


def test_one_of_another_process_does_too(asked, database):
    asked()
    told = f"import sqlite3; sqlite3.connect({database.url.database!r}).executescript('CREATE TABLE t (i)')"
    subprocess.run([sys.executable, "-c", told], check=True)
    assert asked() == 2


def test_a_minute_ends_it(asked):
    asked()
    assert asked(now=NOW + timedelta(seconds=50)) == 2


def test_what_is_committed_meanwhile_counts(memory, database):
    names = iter(("Ada", "Bo"))

    def make():
        with reading(database) as session:
            found = session.get(Person, 1)
        with writing(database, None) as session:
            session.add(Person(name=next(names), timezone="UTC", created_at=NOW))
        return found

    assert memory.recall("a", NOW, make) is None
    assert memory.recall("a", NOW, make) is not None


def test_what_fails_is_tried_again(memory, asked):
    with pytest.raises(ZeroDivisionError):
        memory.recall("a", NOW, lambda: 1 / 0)
    assert asked() == 1


def test_there_is_an_end_to_what_is_held(memory):
    for number in range(1000):
        memory.recall(number, NOW, lambda: None)
    assert len(memory._held) <= 256


@pytest.mark.parametrize("url", ["sqlite://", "postgresql+psycopg://nobody@127.0.0.1:1/none"])
def test_where_commits_are_not_told_nothing_is_held(url):
    memory, made = Memory(create_engine(url)), []
    for _ in range(2):
        memory.recall("a", NOW, lambda: made.append(1))
    assert len(made) == 2
