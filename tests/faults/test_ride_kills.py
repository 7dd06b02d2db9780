"""Kill -9 in the middle of a ride, at any moment: nothing is lost, the file is valid, and the week counts it once."""

import io
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fitparse import FitFile
from sqlmodel import func
from sqlmodel import select as sql

from coach.app import App
from coach.riding import keeping
from coach.store.engine import open_database, reading, writing
from coach.store.tables import Activity, Original, Person
from config.settings import Settings
from devices.ble import journals
from devices.ble.entries import Entry, Kind
from devices.ble.recorder import recorded
from devices.fit.read import read
from scheduler.clock import utc_now

PROGRAM = Path(__file__).with_name("rider.py")
LONGEST_S = 0.8  # some minutes of the ride's own time
KILLS = [10, pytest.param(100, marks=pytest.mark.slow)]


class Stable:
    """Rides, one at a time, and what each of them says it has written."""

    def __init__(self) -> None:
        self._hears, tells = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", PROGRAM, str(tells)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            pass_fds=[tells],
        )
        os.close(tells)

    def ride_and_kill(self, home: Path, number: int, after_s: float) -> int:
        """How many frames were written before it was killed, as it said."""
        self._process.stdin.write(f"{home} {number}\n")
        rider = int(self._process.stdout.readline())
        written = len(os.read(self._hears, 1))
        until = time.monotonic() + after_s
        while (left := until - time.monotonic()) > 0:
            if select.select([self._hears], [], [], left)[0]:
                written += len(os.read(self._hears, 65536))
        os.kill(rider, signal.SIGKILL)
        assert self._process.stdout.readline() == "ended\n"
        while select.select([self._hears], [], [], 0)[0]:
            written += len(os.read(self._hears, 65536))
        return written

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()
        os.close(self._hears)


@pytest.fixture
def app(tmp_path) -> Iterator[App]:
    settings = Settings(home=tmp_path / "home", database_url=f"sqlite:///{tmp_path / 'coach.db'}")
    app = App(settings, open_database(settings.database), utc_now)
    with writing(app.engine, None) as session:
        session.add(Person(name="Ada", timezone="UTC", created_at=datetime(2026, 5, 1, tzinfo=UTC)))
    yield app
    app.engine.dispose()


@pytest.fixture(scope="module")
def stable() -> Iterator[Stable]:
    stable = Stable()
    yield stable
    stable.close()


def count(app: App, table: type) -> int:
    with reading(app.engine) as session:
        return session.exec(sql(func.count()).select_from(table)).one()


@pytest.mark.parametrize("kills", KILLS)
def test_killed_at_any_moment(app, stable, kills):
    chance = random.Random(20261127)
    for number in range(kills):
        written = stable.ride_and_kill(app.settings.home, number, chance.uniform(0, LONGEST_S))
        (left,) = journals.found(app.settings.home, journals.State.OPEN)
        log = journals.read(left)
        assert written <= log.frames <= written + 1, "what was said to be written is there"
        data = recorded(left).fit_path.read_bytes()
        found = read(data)
        assert found.damage is None
        assert len(list(FitFile(io.BytesIO(data)).get_messages("session"))) == 1
        (kept,) = keeping.recover(app)
        assert kept.outcome == "stored"
        assert list(keeping.recover(app)) == []
    assert count(app, Activity) == count(app, Original) == kills
    assert len(journals.found(app.settings.home, journals.State.KEPT)) == kills
    assert [each for each in (app.settings.home / "journals").iterdir() if each.suffix != ".kept"] == []


def test_killed_between_keeping_and_marking(app, stable, monkeypatch):
    """The database has it, and the journal does not know: the next start finds that out and counts it once."""
    stable.ride_and_kill(app.settings.home, 0, 0.2)
    monkeypatch.setattr(journals, "keep", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        list(keeping.recover(app))
    monkeypatch.undo()
    assert [each.outcome for each in keeping.recover(app)] == ["duplicate"]
    assert count(app, Activity) == 1


def test_one_that_is_going_on_is_left_alone(app):
    start = datetime(2026, 6, 1, tzinfo=UTC)
    journal = journals.begin(app.settings.home, start, "cycling", "indoor_cycling", utc_offset=timedelta(), owner="1")
    assert list(keeping.recover(app)) == []
    assert journal.path.exists()
    journal.close()


def test_what_cannot_be_taken_stays_and_keeps_no_other_from_being_taken(app, stable, caplog):
    stable.ride_and_kill(app.settings.home, 0, 0.1)
    stable.ride_and_kill(app.settings.home, 1, 0.1)
    (app.settings.home / "journals" / "0-spoiled.open").write_bytes(b"nothing")
    start = datetime(2026, 6, 3, tzinfo=UTC)
    stranger = journals.begin(app.settings.home, start, "walking", "treadmill", utc_offset=timedelta(), owner="99")
    stranger.append(Entry(Kind.PAIN, 1.0, body=bytes([3])))
    stranger.close()
    assert [each.outcome for each in keeping.recover(app)] == ["stored", "stored"]
    assert "is no journal of a ride" in caplog.text
    assert "Nobody here is whose session it is" in caplog.text
    assert len(journals.found(app.settings.home, journals.State.OPEN)) == 2
