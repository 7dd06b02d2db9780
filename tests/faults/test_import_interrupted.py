"""Ctrl-C while workers read: one sentence, nothing half there, no process left, and the next run goes on."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.demo import sessions
from devices.fit.parts import frame
from devices.fit.write import write

COACH = Path(sys.executable).with_name("coach")
FILES = 150  # enough for workers
UNKNOWN = bytes([0x40, 0, 0, 0x00, 0xFF, 1, 1, 4, 0x86, 0x00])
"""A definition of a manufacturer's own message with one number; its header byte and four bytes follow."""
SENTENCE = "\nInterrupted. What was finished is kept.\n"
PATIENCE_S = 60

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="who is whose is read from /proc")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("interrupted")
    walk = write(sessions.walk(datetime(2026, 6, 1, 9, tzinfo=UTC), 60, hill_minutes=10))
    for number in range(FILES):
        (folder / f"{number:03}.fit").write_bytes(walk + frame(UNKNOWN + number.to_bytes(4, "little")))
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
    environment = kept | {"COACH_HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": "1", "COLUMNS": "1000"}
    setup = [COACH, "setup", "--name", "Ada", "--timezone", "Europe/Berlin", "--condition", "disc_herniation"]
    subprocess.run(setup, env=environment, check=True, capture_output=True)
    return environment


def as_a_terminal_does(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGINT)


def to_the_command_alone(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)


def when_workers_start(process: subprocess.Popen[str]) -> list[str]:
    until = time.monotonic() + PATIENCE_S
    while len(_of_session(process.pid)) == 1 and time.monotonic() < until:
        time.sleep(0.01)
    return []


def when_some_are_stored(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout
    return [process.stdout.readline() for _ in range(30)]


@pytest.mark.parametrize("interrupt", [as_a_terminal_does, to_the_command_alone])
@pytest.mark.parametrize("moment", [when_workers_start, when_some_are_stored])
def test_ctrl_c(
    folder: Path,
    environment: dict[str, str],
    interrupt: Callable[[subprocess.Popen[str]], None],
    moment: Callable[[subprocess.Popen[str]], list[str]],
):
    process = subprocess.Popen(
        [COACH, "import", folder],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    lines = moment(process)
    interrupt(process)
    out, err = process.communicate(timeout=PATIENCE_S)
    until = time.monotonic() + PATIENCE_S
    while (left := _of_session(process.pid)) and time.monotonic() < until:
        time.sleep(0.05)  # the server that workers are forked from goes when it finds that nobody is left
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert (process.returncode, err) == (130, SENTENCE)
    assert not left, "no process stays behind"

    told = {line.split()[1] for line in (*lines, *out.splitlines()) if line.startswith("stored")}
    database = Path(environment["COACH_HOME"]) / "coach.db"
    assert len(told) <= _whole(database) < FILES, "what was told is there, and no more than was begun"

    again = subprocess.run([COACH, "import", folder], env=environment, capture_output=True, text=True, check=True)
    stored = {line.split()[1] for line in again.stdout.splitlines() if line.startswith("stored")}
    assert told.isdisjoint(stored)
    assert _whole(database) == FILES


def _of_session(leader: int) -> list[int]:
    """The processes of a session that are not dead yet."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, session = (place / "stat").read_text().rpartition(")")[2].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(session) == leader and state != "Z":
            found.append(int(place.name))
    return found


def _whole(database: Path) -> int:
    """How many originals there are, each with its activity and totals, in a database that is sound."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (originals,) = connection.execute("SELECT count(*) FROM original").fetchone()
        (activities,) = connection.execute("SELECT count(DISTINCT original_id) FROM activity").fetchone()
        (totals,) = connection.execute("SELECT count(DISTINCT activity_id) FROM activity_totals").fetchone()
    assert originals == activities == totals
    return int(originals)
