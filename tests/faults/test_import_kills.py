"""Kill -9 while a folder is imported, ten times: nothing is half there, and the next import completes it."""

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
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
FILES = 120  # more than ten kills get through: each lets at most five pass, and what is done in 30 ms
MOST_BEFORE = 5
LONGEST_WAIT_S = 0.03
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


def start(folder: Path, environment: dict[str, str]) -> subprocess.Popen:
    command = [COACH, "import", folder, "--json"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def look(database: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql).fetchall()


def assert_nothing_is_half_there(database: Path) -> None:
    assert look(database, "PRAGMA integrity_check") == [("ok",)]
    assert look(database, "PRAGMA foreign_key_check") == []
    for size, parts in look(
        database,
        "SELECT o.size, count(a.id) FROM original o LEFT JOIN activity a ON a.original_id = o.id GROUP BY o.id",
    ):
        assert parts == (3 if size > LONGEST_OF_ONE else 1)
    lacking = look(
        database,
        "SELECT a.id FROM activity a"
        " WHERE (SELECT count(*) FROM activity_totals t WHERE t.activity_id = a.id) != 2"
        " OR a.exercise IS NOT NULL AND NOT EXISTS (SELECT 1 FROM activity_effort e WHERE e.activity_id = a.id)",
    )
    assert lacking == [], "each has what the device says, what we say, and where it could count"


def test_ten_kills_leave_nothing_half(folder, environment, database):
    chance = random.Random(20261122)
    kills = 0
    told: set[str] = set()
    for _ in range(KILLS):
        with start(folder, environment) as worker:
            passing = chance.randint(1, MOST_BEFORE)
            for line in worker.stdout:
                result = json.loads(line)
                told.add(result["sha256"])
                passing -= result["outcome"] != "duplicate"
                if passing <= 0:
                    break
            time.sleep(chance.uniform(0, LONGEST_WAIT_S))
            kills += worker.poll() is None
            worker.kill()
        assert_nothing_is_half_there(database)
        kept = {sha256 for (sha256,) in look(database, "SELECT sha256 FROM original")}
        assert told <= kept, "what was said to be stored is stored"
    assert kills == KILLS
    assert len(look(database, "SELECT id FROM original")) < FILES + 1

    last = start(folder, environment)
    out, err = last.communicate(timeout=60)
    assert (last.returncode, err) == (0, "")
    outcomes = [json.loads(line)["outcome"] for line in out.splitlines()]
    assert set(outcomes) <= {"duplicate", "stored", "partial"}
    assert_nothing_is_half_there(database)
    assert look(database, "SELECT count(*) FROM original") == [(FILES + 1,)]
    activities = sum(3 if number % 3 == 0 else 1 for number in range(FILES)) + 1
    assert look(database, "SELECT count(*) FROM activity") == [(activities,)]


@pytest.mark.corpus
def test_kills_while_the_corpus_is_imported(corpus, environment, database):
    chance = random.Random(2026)
    for _ in range(2):
        with start(corpus, environment) as worker:
            for _ in range(chance.randint(1, 15)):
                worker.stdout.readline()
            time.sleep(chance.uniform(0, 0.05))
            worker.kill()
        assert look(database, "PRAGMA integrity_check") == [("ok",)]
        assert look(database, "PRAGMA foreign_key_check") == []
    last = start(corpus, environment)
    out, err = last.communicate(timeout=120)
    lines = [json.loads(line) for line in out.splitlines()]
    assert err == ""
    assert len(lines) == 44
    kept = sum(line["outcome"] != "refused" for line in lines)
    assert look(database, "SELECT count(*) FROM original") == [(kept,)]
    numbers = {each["id"] for line in lines for each in line["activities"]}
    assert look(database, "SELECT count(*) FROM activity") == [(len(numbers),)]


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
