"""Kill -9 while a folder is imported, ten times: nothing is half there, and the next import completes it."""

import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coach.demo import sessions
from devices.fit.parts import frame
from devices.fit.write import write

COACH = Path(sys.executable).with_name("coach")
START = datetime(2026, 6, 1, 9, tzinfo=UTC)
KILLS = 10
FILES = 200  # more than ten kills get through: each lets at most five pass, a batch, and what is done in 10 ms
MOST_BEFORE = 5
LONGEST_WAIT_S = 0.01
LONGEST_OF_ONE = 6000  # bytes; a file with three sessions is longer
UNKNOWN = bytes([0x4F, 0, 0, 0x00, 0xFF, 1, 0, 2, 0x84, 0x0F])
"""A definition of a manufacturer's own message with one number; two bytes of that follow."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Files of different content: every third has two sessions, and one is cut off."""
    folder = tmp_path_factory.mktemp("kills") / "watch"
    folder.mkdir()
    walk = write(sessions.walk(START, 4))
    multi = write(sessions.swim(START + timedelta(hours=2), 8)) + write(sessions.ride(START + timedelta(hours=3), 3))
    for number in range(FILES):
        signed = frame(UNKNOWN + number.to_bytes(2, "little") + walk[14:-2])
        (folder / f"{number:03}.fit").write_bytes(signed + multi if number % 3 == 0 else signed)
    (folder / "cut.fit").write_bytes(walk[:3000])
    return folder


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
    return kept | {"COACH_HOME": str(tmp_path / "home")}


@pytest.fixture
def database(environment) -> Path:
    given = ["--name", "Ada", "--timezone", "Europe/Berlin", "--condition", "disc_herniation"]
    subprocess.run([COACH, "setup", *given], env=environment, check=True, capture_output=True)
    return Path(environment["COACH_HOME"]) / "coach.db"


NURSERY = """
import os, sys
import coach.cli.commands, coach.cli.importing, coach.ingest.taking
from coach.cli import main

coach.ingest.taking._BATCH = 3
coach.cli.importing._WORTH_IT = sys.maxsize

for folder in sys.stdin:
    child = os.fork()
    if child == 0:
        print(os.getpid(), flush=True)
        sys.argv = ["coach", "import", folder.strip(), "--json"]
        main()
    print("ended", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Forks imports from a process that has all modules, which take a second and a half each time otherwise.

Batches are small, that ten kills find something to interrupt, and files are read in the process that is killed."""


class Nursery:
    """One import at a time."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", NURSERY],
            env=environment | {"OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def start(self, folder: Path) -> int:
        """The id of the import's process, which has not said anything yet."""
        self._process.stdin.write(f"{folder}\n")
        return int(self._process.stdout.readline())

    def lines(self) -> Iterator[dict]:
        """What the import says, until it ends."""
        while not (line := self._process.stdout.readline()).startswith("ended"):
            yield json.loads(line)
        self.code = int(line.split()[1])

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()


@pytest.fixture
def nursery(environment) -> Iterator[Nursery]:
    nursery = Nursery(environment)
    yield nursery
    nursery.close()


def look(database: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql).fetchall()


def assert_nothing_is_half_there(database: Path, parts: dict[str, int] | None) -> None:
    """`parts`: how many sessions each file has, by its hash, where that is known."""
    assert look(database, "PRAGMA integrity_check") == [("ok",)]
    assert look(database, "PRAGMA foreign_key_check") == []
    found = look(
        database,
        "SELECT o.sha256, count(a.id) FROM original o LEFT JOIN activity a ON a.original_id = o.id GROUP BY o.id",
    )
    for sha256, count in found:
        assert count == parts[sha256] if parts else count >= 1
    lacking = look(
        database,
        "SELECT a.id FROM activity a"
        " WHERE (SELECT count(*) FROM activity_totals t WHERE t.activity_id = a.id) != 2"
        " OR a.exercise IS NOT NULL AND NOT EXISTS (SELECT 1 FROM activity_effort e WHERE e.activity_id = a.id)",
    )
    assert lacking == [], "each has what the device says, what we say, and where it could count"


def test_ten_kills_leave_nothing_half(folder, nursery, database):
    chance = random.Random(20261122)
    kills, parts = 0, {}
    for path in folder.iterdir():
        data = path.read_bytes()
        parts[hashlib.sha256(data).hexdigest()] = 3 if len(data) > LONGEST_OF_ONE else 1
    told: set[str] = set()
    for _ in range(KILLS):
        worker, passing = nursery.start(folder), chance.randint(1, MOST_BEFORE)
        said = nursery.lines()
        while passing > 0:
            result = next(said)
            told.add(result["sha256"])
            passing -= result["outcome"] != "duplicate"
        time.sleep(chance.uniform(0, LONGEST_WAIT_S))
        os.kill(worker, signal.SIGKILL)
        told |= {result["sha256"] for result in said}
        kills += nursery.code == -signal.SIGKILL
        assert_nothing_is_half_there(database, parts)
        kept = {sha256 for (sha256,) in look(database, "SELECT sha256 FROM original")}
        assert told <= kept, "what was said to be stored is stored"
    assert kills == KILLS
    assert len(look(database, "SELECT id FROM original")) < FILES + 1

    nursery.start(folder)
    outcomes = [result["outcome"] for result in nursery.lines()]
    assert nursery.code == 0
    assert set(outcomes) <= {"duplicate", "stored", "partial"}
    assert_nothing_is_half_there(database, parts)
    assert look(database, "SELECT count(*) FROM original") == [(FILES + 1,)]
    activities = sum(3 if number % 3 == 0 else 1 for number in range(FILES)) + 1
    assert look(database, "SELECT count(*) FROM activity") == [(activities,)]


@pytest.mark.corpus
def test_ten_kills_while_the_corpus_is_imported(corpus, nursery, database):
    chance = random.Random(2026)
    for _ in range(KILLS):
        worker, said = nursery.start(corpus), nursery.lines()
        for _ in range(chance.randint(1, 30)):
            next(said)
        time.sleep(chance.uniform(0, 0.05))
        os.kill(worker, signal.SIGKILL)
        list(said)
        assert_nothing_is_half_there(database, parts=None)
    nursery.start(corpus)
    lines = list(nursery.lines())
    assert len(lines) == 44
    kept = sum(line["outcome"] != "refused" for line in lines)
    assert look(database, "SELECT count(*) FROM original") == [(kept,)]
    numbers = {each["id"] for line in lines for each in line["activities"]}
    assert look(database, "SELECT count(*) FROM activity") == [(len(numbers),)]
    assert_nothing_is_half_there(database, parts={line["sha256"]: len(line["activities"]) for line in lines})


def test_a_kill_while_the_database_is_made(environment):
    """The very first command may be the one that is cut off."""
    chance = random.Random(7)
    for _ in range(3):
        with subprocess.Popen(
            [COACH, "activities"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as worker:
            time.sleep(chance.uniform(0.3, 0.9))
            worker.kill()
    ended = subprocess.run([COACH, "activities"], env=environment, capture_output=True, text=True, check=False)
    assert ended.stderr == "Nobody is set up yet. Run `coach setup` first.\n"
