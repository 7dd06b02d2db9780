"""Ten thousand files, with workers: Ctrl-C, then kill -9, then again. Nothing is lost and nothing comes twice."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.demo import sessions
from devices.fit.parts import frame
from devices.fit.write import write

COACH = Path(sys.executable).with_name("coach")
FILES = 10_000
A_THIRD = FILES // 3
UNKNOWN = bytes([0x40, 0, 0, 0x00, 0xFF, 1, 1, 4, 0x86, 0x00])
"""A definition of a manufacturer's own message with one number; its header byte and four bytes follow."""
PATIENCE_S = 30

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The same short walk ten thousand times, each with a number of its own in a message that nobody knows."""
    folder = tmp_path / "watch"
    folder.mkdir()
    walk = write(sessions.walk(datetime(2026, 6, 1, 9, tzinfo=UTC), 3))
    for number in range(FILES):
        (folder / f"{number:05}.fit").write_bytes(walk + frame(UNKNOWN + number.to_bytes(4, "little")))
    return folder


def test_ten_thousand_files_interrupted_twice(tmp_path: Path, folder: Path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
    environment = kept | {"COACH_HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": "1"}
    setup = [COACH, "setup", "--name", "Ada", "--timezone", "Europe/Berlin", "--condition", "disc_herniation"]
    subprocess.run(setup, env=environment, check=True, capture_output=True)
    database = tmp_path / "home" / "coach.db"
    told: set[str] = set()

    for stop, expected in ((signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)):
        before = len(told)
        process = _importing(folder, environment)
        assert process.stdout
        for line in process.stdout:
            if line.startswith("stored"):
                told.add(line.split()[1])
            if len(told) == before + A_THIRD:
                process.send_signal(stop)
                break
        rest = process.communicate(timeout=PATIENCE_S)[0]
        told |= {line.split()[1] for line in rest.splitlines() if line.startswith("stored")}
        assert process.returncode == expected
        assert before + A_THIRD <= len(told) <= _stored(database) < FILES, "what was told is there"

    last = _importing(folder, environment)
    lines = last.communicate()[0].splitlines()
    assert last.returncode == 0
    stored = {line.split()[1] for line in lines if line.startswith("stored")}
    assert told.isdisjoint(stored), "nothing comes twice"
    assert sum(line.startswith(("stored", "duplicate")) for line in lines) == FILES
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*), count(DISTINCT sha256) FROM original").fetchone() == (FILES, FILES)
        assert connection.execute("SELECT count(*), count(DISTINCT original_id) FROM activity").fetchone() == (
            FILES,
            FILES,
        )
        assert connection.execute("SELECT count(*) FROM activity_totals").fetchone() == (2 * FILES,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _importing(folder: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    wide = environment | {"COLUMNS": "1000"}
    return subprocess.Popen(
        [COACH, "import", folder], env=wide, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def _stored(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT count(*) FROM original").fetchone()[0]
