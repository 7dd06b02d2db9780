"""A real database, migrated as coach does it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from coach.store.engine import open_database, writing
from coach.store.tables import Person, key

NOW = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.fixture
def url(database_url) -> str:
    return database_url


@pytest.fixture
def engine(url) -> Iterator[Engine]:
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.fixture
def add_person(engine) -> Callable[[str], Person]:
    def add(name: str) -> Person:
        with writing(engine, None) as session:
            session.expire_on_commit = False
            person = Person(name=name, timezone="Europe/Berlin", created_at=NOW)
            session.add(person)
        return person

    return add


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def ada(add_person) -> int:
    return key(add_person("Ada"))


@pytest.fixture
def bea(add_person, ada) -> int:
    return key(add_person("Bea"))
