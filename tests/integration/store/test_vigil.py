"""A process notices that the clock was set back, and that another version of the program has the database."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from coach.errors import DatabaseError
from coach.store.engine import HEAD
from coach.vigil import Vigil

NOW = datetime(2026, 10, 25, 0, 59, 50, tzinfo=UTC)  # in ten seconds the clocks of Berlin go back; that of UTC does not


class Times:
    """A clock on the wall, and one that cannot be set."""

    def __init__(self) -> None:
        self.wall, self.steady = NOW, 1000.0

    def go(self, seconds: float, *, back: float = 0) -> None:
        self.wall += timedelta(seconds=seconds - back)
        self.steady += seconds


@pytest.fixture
def times() -> Times:
    return Times()


@pytest.fixture
def vigil(engine, times) -> Vigil:
    return Vigil(engine, lambda: times.wall, asyncio.Event(), lambda: times.steady)


def test_a_clock_that_goes_on_is_no_news(vigil, times, caplog):
    for seconds, back in ((10, 0), (10, 30), (3600, 0), (10, -86_400)):  # corrected, a sleep, set forward
        assert vigil.look() is None
        times.go(seconds, back=back)
    vigil.look()
    assert caplog.messages == []
    vigil.refuse()


def test_a_clock_that_was_set_back_is_told_once_and_stops_nothing(vigil, times, caplog):
    vigil.look()
    times.go(10, back=7200)
    assert vigil.look() is None
    times.go(10)
    assert vigil.look() is None
    (said,) = caplog.messages
    assert said.startswith("The clock was set back by 7200 s. What was sent is not sent again;")


@pytest.mark.parametrize("version", ["9999", "0001"])
def test_a_database_that_another_version_has_stops_it(vigil, engine, version, caplog):
    assert vigil.look() is None
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{version}'"))  # noqa: S608
    asyncio.run(vigil.job.call())
    assert vigil._stop.is_set()
    with pytest.raises(DatabaseError, match=f"at version {version} now, and this program at {HEAD}"):
        vigil.refuse()
    assert "another version of the program" in caplog.text


@pytest.mark.sqlite
def test_a_database_that_is_away_is_another_matter(vigil, engine):
    Path(engine.url.database).write_bytes(b"rubbish" * 1000)
    assert vigil.look() is None
