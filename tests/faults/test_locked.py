"""Another process writes for a while: commands that read go on, those that write wait for it."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import pytest

from coach.demo import sessions
from devices.fit.write import write

COACH = Path(sys.executable).with_name("coach")
HELD_S = 3.0


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    for name in os.environ:
        if name.startswith("COACH_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "home"))
    given = ["--name", "Ada", "--timezone", "Europe/Berlin", "--condition", "disc_herniation"]
    subprocess.run([COACH, "setup", *given], check=True, capture_output=True)
    return tmp_path / "home"


class Writer:
    """Holds the write lock from `with` to `release`, from a thread of its own."""

    def __init__(self, path: Path) -> None:
        self._path, self._held, self._free = path, threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold)

    def _hold(self) -> None:
        with closing(sqlite3.connect(self._path, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            database.execute("UPDATE person SET birth_year = 1970")
            self._held.set()
            self._free.wait(60)
            database.execute("COMMIT")

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._held.wait(10)
        return self

    def release(self) -> None:
        self._free.set()
        self._thread.join()

    def __exit__(self, *_: object) -> None:
        self.release()


def test_looking_waits_for_nobody(home):
    with Writer(home / "coach.db"):
        for words in (["activities"], ["summary"]):
            ended = subprocess.run([COACH, *words], capture_output=True, text=True, check=False, timeout=20)
            assert (ended.returncode, ended.stderr) == (0, ""), words


def test_an_import_waits_and_then_goes_on(home, tmp_path):
    (tmp_path / "walk.fit").write_bytes(write(sessions.walk(datetime(2026, 6, 1, 9, tzinfo=UTC), 2)))
    command = [COACH, "import", tmp_path / "walk.fit", "--json"]
    with Writer(home / "coach.db") as writer:
        waiting = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(HELD_S)
        assert waiting.poll() is None
        writer.release()
        out, err = waiting.communicate(timeout=60)
    assert (waiting.returncode, err) == (0, "")
    assert '"outcome": "stored"' in out
    with closing(sqlite3.connect(home / "coach.db")) as database:
        assert database.execute("SELECT birth_year FROM person").fetchall() == [(1970,)], "the other's work is kept"


def test_one_that_is_never_free_is_a_sentence_in_the_end(home):
    """The half minute of patience, made short."""
    program = (
        "import sys\n"
        "import coach.store.sqlite as sqlite\n"
        "sqlite._BUSY_TIMEOUT_MS = 200\n"
        "from coach.cli import main\n"
        "sys.argv = ['coach', 'setup', '--birth-year', '1971']\n"
        "main()\n"
    )
    with Writer(home / "coach.db"):
        ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stdout == "", "nothing is said to be done"
    assert ended.stderr == "The database did not take part: database is locked. What was finished is kept; try again.\n"
