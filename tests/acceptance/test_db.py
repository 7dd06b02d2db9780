"""`coach db`: look at the database, bring it up to date, copy it."""

import io
import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from coach.store.contents import TABLES, WORKED_OUT
from coach.store.engine import HEAD
from scheduler.lock import HomeLock


@pytest.fixture
def ada(coach):
    coach("setup", "--name", "Ada", "--timezone", "Europe/Berlin", "--condition", "disc_herniation")
    coach("log", "level_walk", "20")


def test_check(coach, ada, home):
    said = coach("db", "check").out
    assert f"{home}/coach.db: version {HEAD}, the newest." in said
    told = coach("db", "check", "--json").json
    assert told["kind"] == "sqlite"
    assert told["is_newest"] is told["is_sound"] is True
    assert set(told["rows"]) == {each.name for each in TABLES}
    assert (told["rows"]["person"], told["rows"]["activity"]) == (1, 1)


def test_a_process_of_its_own_knows_every_table(ada, home):
    """One that has loaded nothing else: what it does not know it would neither count nor copy."""
    command = [sys.executable, "-c", "from coach.cli import main; main()", "db", "check", "--json"]
    told = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    with closing(sqlite3.connect(home / "coach.db")) as database:
        there = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert set(told["rows"]) == {name for name in there if name not in {"alembic_version", "sqlite_sequence"}}


def test_check_changes_nothing(coach, home):
    assert "nothing in it yet" in coach("db", "check", code=1).out
    assert coach("db", "check", "--json", code=1).json["version"] is None


def test_check_of_what_is_old_or_damaged(coach, ada, home):
    with closing(sqlite3.connect(home / "coach.db", isolation_level=None)) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("DELETE FROM person")
        database.execute("UPDATE alembic_version SET version_num = '0001'")
    said = coach("db", "check", code=1).out
    assert f"version 0001, and this program is at {HEAD}; it is damaged." in said


def test_upgrade(coach, home):
    assert coach("db", "upgrade", "--json").json["before"] is None
    assert f"version {HEAD}, the newest; it was already." in coach("db", "upgrade").out


def test_copy(coach, ada, home, tmp_path, monkeypatch):
    to = f"sqlite:///{tmp_path / 'copy.db'}"
    told = coach("db", "copy", "--to", to, "--json").json
    assert (told["from"], told["to"]) == (f"sqlite:///{home}/coach.db", to)
    assert set(told["tables"]) == {each.name for each in TABLES} - WORKED_OUT
    assert told["tables"]["person"]["rows"] == 1
    assert len(told["tables"]["person"]["sha256"]) == 64
    again = coach("db", "copy", "--to", to, code=1)
    assert "not empty: 'person' has 1" in again.err
    before = coach("activities").out
    monkeypatch.setenv("COACH_DATABASE_URL", to)
    assert coach("activities").out == before


def test_copy_by_an_address_on_stdin(coach, ada, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"sqlite:///{tmp_path / 'copy.db'}\n"))
    assert "Copied, and held against what was copied." in coach("db", "copy", "--to", "-").out


def test_copy_into_itself(coach, ada, home):
    assert "not empty" in coach("db", "copy", "--to", f"sqlite:///{home / 'coach.db'}", code=1).err


def test_no_copy_while_a_service_runs(coach, ada, home, tmp_path):
    with HomeLock(home):
        said = coach("db", "copy", "--to", f"sqlite:///{tmp_path / 'copy.db'}", code=1).err
    assert "Another scheduler is already running" in said


@pytest.mark.postgresql
def test_there_and_back(coach, ada, tmp_path, database_url, monkeypatch):
    def shown():
        return [coach(*words, "--json").json for words in (("activities",), ("plan",), ("week",))]

    before = shown()
    coach("db", "copy", "--to", database_url)
    monkeypatch.setenv("COACH_DATABASE_URL", database_url)
    assert coach("db", "check", "--json").json["kind"] == "postgresql"
    assert shown() == before
    back = f"sqlite:///{tmp_path / 'back.db'}"
    coach("db", "copy", "--to", back)
    monkeypatch.setenv("COACH_DATABASE_URL", back)
    assert shown() == before
