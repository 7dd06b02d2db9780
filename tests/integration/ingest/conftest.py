"""A migrated database with two people, and FIT files that the project writes itself."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from coach.demo import sessions
from coach.ingest.files import Ingested
from coach.ingest.taking import ingest
from coach.store.engine import writing
from coach.store.tables import Person
from devices.errors import SourceError
from devices.fit.sources import Source
from devices.fit.write import write

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
"""A Monday; all is imported then."""
MORNING = NOON - timedelta(hours=3)


@pytest.fixture(scope="session")
def fits() -> Mapping[str, bytes]:
    walk = dataclasses.replace(sessions.walk(MORNING, 3), utc_offset=timedelta(hours=2))
    files = {
        "walk": write(walk),
        "swim": write(sessions.swim(MORNING, 6)),
        "ride": write(sessions.ride(MORNING + timedelta(hours=1), 3)),
        "bogota": write(dataclasses.replace(walk, utc_offset=timedelta(hours=-5))),
        "text": b"Dear diary, today I walked.",
        "empty": b"",
    }
    files["cut"] = files["walk"][: len(files["walk"]) * 2 // 3]
    files["stub"] = files["walk"][:40]
    files["multi"] = files["swim"] + files["ride"]  # a chain; its sessions are read as one multisport file's
    return files


@pytest.fixture
def people(engine) -> tuple[Person, Person]:
    with writing(engine, None) as session:
        session.expire_on_commit = False
        found = tuple(Person(name=name, timezone="Europe/Berlin", created_at=MORNING) for name in ("Ada", "Bea"))
        session.add_all(found)
    return found


@pytest.fixture
def ada(people) -> Person:
    return people[0]


@pytest.fixture
def bea(people) -> Person:
    return people[1]


Bring = Callable[..., list[Ingested]]


@pytest.fixture
def bring(engine, fits) -> Bring:
    """Ingest files by their name in `fits`; a name that is none is a source that cannot be read."""

    def source(name: str) -> Source:
        def read() -> bytes:
            if name not in fits:
                raise SourceError(f"{name} does not exist.")
            return fits[name]

        return Source(name, read)

    def bring(person: Person, *names: str, at: datetime = NOON) -> list[Ingested]:
        return list(ingest(engine, person, [source(name) for name in names], lambda: at))

    return bring


@pytest.fixture
def counts(engine) -> Callable[[], dict[str, int]]:
    """How many rows each table has, but for the log of changes."""

    def count() -> dict[str, int]:
        with engine.connect() as connection:
            return {
                name: connection.scalar(select(func.count()).select_from(table))
                for name, table in SQLModel.metadata.tables.items()
                if name != "access_log"
            }

    return count
