"""Writers on SQLite wait for their turn, and get it."""

import threading
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from coach.store import sqlite
from coach.store.engine import open_database
from scheduler import turns
from scheduler.turns import ROOM_S, leave_room

pytestmark = pytest.mark.sqlite


@contextmanager
def held(engine):
    """Another's turn, until it is over."""
    with engine.connect() as connection:
        yield connection.begin()


def test_who_waits_looks_often_for_as_long_as_it_takes(engine, monkeypatch):
    slept = []
    with held(engine) as other:

        def sleep(seconds: float) -> None:
            slept.append(seconds)
            if len(slept) == 1000:
                other.commit()

        monkeypatch.setattr(turns.time, "sleep", sleep)
        with engine.begin() as connection:
            assert connection.scalar(text("PRAGMA busy_timeout")) == 30_000, "whatever else it waits for, as ever"
    assert len(slept) == 1000
    assert max(slept) < ROOM_S, "none passes over the room that an eager writer leaves"
    assert len(set(slept)) > 900, "no two writers stay in step"


def test_patience_ends_with_the_sentence_of_the_database(engine, monkeypatch):
    monkeypatch.setattr(sqlite, "_BUSY_TIMEOUT_MS", 50)
    with closing_engine(engine.url) as impatient:
        with held(engine), pytest.raises(OperationalError, match="database is locked"), impatient.begin():
            pytest.fail("it is another's turn")
        with impatient.begin() as connection:
            assert connection.scalar(text("PRAGMA busy_timeout")) == 50


def test_what_no_wait_mends_is_told_at_once(engine, monkeypatch):
    monkeypatch.setattr(turns.time, "sleep", lambda _: pytest.fail("it waits"))
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA query_only = ON")
        with pytest.raises(OperationalError, match="readonly"):
            connection.begin()


def test_nobody_waits_for_who_only_reads(engine):
    with engine.connect() as reader, engine.begin() as writer:
        del writer
        assert reader.execution_options(coach_only_reads=True).scalar(text("SELECT count(*) FROM nudge")) == 0


WRITERS, WRITES, TURNS = 4, 10, 5000


@pytest.mark.thorough
def test_all_get_their_turn_beside_an_eager_writer(engine):
    """However fast the machine is: it would have to pass over all of them five thousand times."""
    waiting = [threading.Thread(target=_writes, args=(engine.url,)) for _ in range(WRITERS)]
    for each in waiting:
        each.start()
    turns_taken = 0
    while any(each.is_alive() for each in waiting) and turns_taken < TURNS:
        with engine.begin() as connection:
            turns_taken += 1
            connection.execute(text("UPDATE person SET name = name"))
            threading.Event().wait(0.01)
        leave_room(engine.dialect)
    assert not any(each.is_alive() for each in waiting)


def _writes(url) -> None:
    with closing_engine(url) as engine:
        for _ in range(WRITES):
            with engine.begin() as connection:
                connection.execute(text("UPDATE person SET name = name"))


@contextmanager
def closing_engine(url):
    engine = open_database(str(url))
    try:
        yield engine
    finally:
        engine.dispose()


def test_room_is_left_on_sqlite_alone(engine, monkeypatch):
    slept = []
    monkeypatch.setattr(turns.time, "sleep", slept.append)
    leave_room(engine.dialect)
    leave_room(engine.dialect, ROOM_S / 2)
    leave_room(engine.dialect, 1.0)
    assert slept == [ROOM_S, ROOM_S / 2, 0.0]
