"""A server that is not there yet, or not any more."""

import threading
import time

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from coach.errors import DatabaseError
from coach.store.engine import open_database, reading
from coach.store.tables import Person


@pytest.fixture
def url(own_postgresql) -> str:
    own_postgresql.run("CREATE DATABASE coach")
    return own_postgresql.url("coach")


def test_one_that_comes_up_is_waited_for(own_postgresql, url):
    own_postgresql.stop(keep=True)
    coming = threading.Timer(1.0, own_postgresql.start)
    coming.start()
    open_database(url).dispose()
    coming.join()


def test_one_that_stays_away_is_told_with_what_to_do(own_postgresql, url, monkeypatch):
    monkeypatch.setattr("coach.store.engine._PATIENCE_S", 0.5)
    own_postgresql.stop(keep=True)
    with pytest.raises(
        DatabaseError, match=r"cannot be opened: .*Is PostgreSQL running, and COACH_DATABASE_URL right\?"
    ):
        open_database(url)


def test_an_answer_that_will_not_change_is_told_at_once(own_postgresql):
    began = time.monotonic()
    with pytest.raises(DatabaseError, match='database "nobodys" does not exist'):
        open_database(own_postgresql.url("nobodys"))
    assert time.monotonic() - began < 5


def test_after_it_was_away_it_is_there_again(own_postgresql, url):
    engine = open_database(url)
    own_postgresql.stop(keep=True)
    with pytest.raises(OperationalError), reading(engine) as session:
        session.exec(select(Person)).all()
    own_postgresql.start()
    with reading(engine) as session:
        assert session.exec(select(Person)).all() == []
    engine.dispose()
