"""Opening a database, its settings, and what is said where it cannot be opened."""

import os
import subprocess
import sys
import threading
import time
import traceback
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, StatementError
from sqlmodel import select

from coach.errors import DatabaseError
from coach.store import people
from coach.store.engine import open_database, reading, schema_version, writing
from coach.store.tables import Contact, Person


@pytest.mark.sqlite
def test_settings_of_sqlite(engine):
    with engine.connect() as connection:
        said = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert said == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 30_000}


def test_foreign_keys_hold(engine, now):
    with pytest.raises(IntegrityError), writing(engine, None) as session:
        session.add(Contact(person_id=99, source="import", at=now))


def test_a_home_is_made_and_is_the_owners_alone(tmp_path):
    home = tmp_path / "data" / "home"
    open_database(f"sqlite:///{home / 'coach.db'}").dispose()
    assert home.stat().st_mode & 0o777 == 0o700


def test_moments_go_in_aware_and_come_out_as_utc(engine, add_person):
    person = add_person("Ada")
    summer = timezone(timedelta(hours=2))
    with writing(engine, None) as session:
        session.add(Contact(person_id=person.id, source="import", at=datetime(2026, 3, 29, 3, 30, tzinfo=summer)))
    with reading(engine) as session:
        at = session.exec(select(Contact.at)).one()
    assert at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(engine, add_person):
    person = add_person("Ada")
    with pytest.raises(StatementError, match="no time zone"), writing(engine, None) as session:
        session.add(Contact(person_id=person.id, source="import", at=datetime(2026, 3, 29)))  # noqa: DTZ001


def test_a_write_is_whole_or_not_at_all(engine, now):
    def half() -> None:
        with writing(engine, None) as session:
            session.add(Person(name="Ada", timezone="UTC", created_at=now))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    with reading(engine) as session:
        assert session.exec(select(Person)).all() == []


def test_readers_and_opening_wait_for_no_writer(engine, url, add_person, now):
    add_person("Ada")
    with writing(engine, None) as session:
        session.add(Person(name="Bea", timezone="UTC", created_at=now))
        session.flush()
        began = time.monotonic()
        again = open_database(url)
        with reading(again) as reader:
            assert [person.name for person in reader.exec(select(Person))] == ["Ada"]
        assert schema_version(again) is not None
        assert time.monotonic() - began < 5
        again.dispose()


def test_a_reader_sees_one_state(engine, add_person):
    add_person("Ada")
    with reading(engine) as session:
        assert len(session.exec(select(Person.id)).all()) == 1
        add_person("Bea")
        assert len(session.exec(select(Person.id)).all()) == 1


@contextmanager
def _by_name(engine, person):
    with people.changing(engine, person.name) as (session, _):
        yield session


@pytest.mark.parametrize("how", [lambda engine, person: writing(engine, person.id), _by_name])
def test_writers_queue_and_none_is_lost(engine, add_person, how):
    """A deferred transaction that reads before it writes would fail at once with `database is locked`."""
    person = add_person("Ada")

    def count_up() -> None:
        for _ in range(20):
            with how(engine, person) as session:
                row = session.get_one(Person, person.id)
                row.birth_year = (row.birth_year or 0) + 1
                session.add(row)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as session:
        assert session.get_one(Person, person.id).birth_year == 80


def test_an_error_quotes_no_values(engine, add_person, now):
    add_person("Ada Lovelace")
    with pytest.raises(IntegrityError) as caught, writing(engine, None) as session:
        session.add(Person(name="Ada Lovelace", timezone="UTC", created_at=now))
    assert "Lovelace" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.postgresql
def test_an_error_quotes_no_value_that_was_none(engine):
    name = "Ada Lovelace"
    with pytest.raises(DataError) as caught, reading(engine) as session:
        session.connection().execute(text("SELECT CAST(:name AS integer)"), {"name": name})
    assert "InvalidTextRepresentation" in str(caught.value)
    assert "Lovelace" not in "".join(traceback.format_exception(caught.value))


def test_a_file_where_the_home_should_be(tmp_path):
    (tmp_path / "file").write_text("here first")
    with pytest.raises(DatabaseError, match=r"File exists.*COACH_HOME"):
        open_database(f"sqlite:///{tmp_path / 'file' / 'coach.db'}")


def test_the_file_is_its_owners_alone_in_any_folder(tmp_path):
    tmp_path.chmod(0o755)
    open_database(f"sqlite:///{tmp_path / 'coach.db'}").dispose()
    assert (tmp_path / "coach.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="drops root's rights in a process of its own")
def test_a_home_that_may_not_be_written_by_others(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    _refuses_as_nobody(home / "inner" / "coach.db", "Permission denied")
    _refuses_as_nobody(home / "coach.db", "Permission denied")


def _refuses_as_nobody(database, why):
    program = (
        "import os, sys\n"
        "from coach.errors import DatabaseError\n"
        "from coach.store.engine import open_database\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try: open_database(sys.argv[1])\n"
        "except DatabaseError as error: print(error)\n"
    )
    # pytest's folders are root's alone: let everybody pass through them.
    for parent in database.parents:
        if parent.exists() and parent != parent.parent and parent.stat().st_mode & 0o001 == 0:
            parent.chmod(parent.stat().st_mode | 0o011)
    ended = subprocess.run(
        [sys.executable, "-c", program, f"sqlite:///{database}"], capture_output=True, text=True, check=True
    )
    assert why in ended.stdout
    assert "COACH_HOME" in ended.stdout


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "coach.db").write_text("Dear diary, " * 200)
    with pytest.raises(DatabaseError, match="not a database"):
        open_database(f"sqlite:///{tmp_path / 'coach.db'}")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("foo://ada:geheim@db.example.org/coach", r"foo://ada:\*\*\*@db.example.org/coach cannot be opened"),
        ("sqlite+foo:////tmp/ada-geheim-not", "cannot be opened"),
        ("postgresql+pg8000://ada:geheim@db.example.org/coach", r"\*\*\*.*'pg8000', which is not installed"),
        ("postgresql+psycopg://ada:geheim@db.example.org:port/coach", "is not an SQLAlchemy URL"),
        ("postgresql+psycopg://ada:not@geheim@db.example.org/coach", "is not an SQLAlchemy URL"),
        ("geheim", "is not an SQLAlchemy URL"),
    ],
)
def test_an_address_that_leads_nowhere_is_a_sentence_without_its_password(url, said):
    with pytest.raises(DatabaseError, match=said) as caught:
        open_database(url)
    assert "geheim" not in str(caught.value).replace("ada-geheim-not", "")


def test_who_waits_for_too_long_is_told(engine, url, add_person, monkeypatch):
    monkeypatch.setattr("coach.store.sqlite._BUSY_TIMEOUT_MS", 50)
    monkeypatch.setattr("coach.store.postgresql._LOCK_TIMEOUT_S", 0.05)
    ada = add_person("Ada")
    with writing(engine, ada.id):
        hurried = open_database(url)
        with pytest.raises(OperationalError, match=r"locked|lock timeout"), writing(hurried, ada.id):
            pass
        hurried.dispose()


@pytest.mark.postgresql
def test_who_changes_another_person_does_not_wait(engine, add_person):
    ada, bea = add_person("Ada"), add_person("Bea")
    with writing(engine, ada.id), writing(engine, bea.id), writing(engine, None):
        pass
