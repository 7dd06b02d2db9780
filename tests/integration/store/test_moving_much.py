"""A database that was lived in goes from SQLite to PostgreSQL: the demo's, and one of many activities."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from isal import isal_zlib
from sqlalchemy import Engine, func, select, text

from coach.demo import sessions
from coach.ingest.files import Outcome
from coach.ingest.taking import ingest
from coach.store import moving
from coach.store.contents import TABLES, WORKED_OUT, Fingerprint
from coach.store.engine import open_database, writing
from coach.store.tables import Original, Person, key
from devices.fit.sources import Source
from devices.fit.write import write

COACH = Path(sys.executable).with_name("coach")
FIRST = datetime(2016, 1, 4, 6, tzinfo=UTC)
EACH = 1_000
"""Activities of a person."""


@pytest.fixture
def target(postgresql_databases) -> Iterator[Engine]:
    with postgresql_databases.empty() as url:
        engine = open_database(url)
        yield engine
        engine.dispose()


def contents(engine: Engine) -> dict[str, tuple[int, str]]:
    """Of each table the number of rows and a hash of them, asked of the database anew."""
    found = {}
    with engine.connect() as connection:
        for table in TABLES:
            if table.name not in WORKED_OUT:
                of = Fingerprint()
                of.add(connection.execution_options(yield_per=500).execute(select(table)))
                found[table.name] = (of.rows, of.sha256)
    return found


def are_files_whole(engine: Engine) -> int:
    """How many originals there are, each of which is the file that its hash says."""
    with engine.connect() as connection:
        rows = connection.execution_options(yield_per=100).execute(select(Original.sha256, Original.content))
        return sum(hashlib.sha256(isal_zlib.decompress(content)).hexdigest() == sha256 for sha256, content in rows)


def walks(number: int) -> Iterator[Source]:
    """So many, five hours from one to the next, none like another."""
    for each in range(number):
        yield Source(
            f"walk {each}",
            lambda each=each: write(sessions.walk(FIRST + timedelta(hours=5 * each), 10 + each % 20)),
        )


@pytest.mark.postgresql
@pytest.mark.thorough
def test_the_demos_database_is_the_same_there(tmp_path, target):
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    subprocess.run([COACH, "demo"], env=environment, check=True, capture_output=True, timeout=300)
    (home,) = tmp_path.glob("coach-demo-*")
    source = open_database(f"sqlite:///{home / 'coach.db'}")
    moved = moving.copy(source, target)
    assert contents(target) == contents(source) == {name: (each.rows, each.sha256) for name, each in moved.items()}
    assert are_files_whole(target) == moved["original"].rows > 0
    assert moved["nudge"].rows > 0
    source.dispose()
    told = [
        subprocess.run(
            [COACH, *words],
            env={**environment, "COACH_HOME": str(home), "COACH_DATABASE_URL": url},
            check=True,
            capture_output=True,
        ).stdout
        for url in (str(source.url), target.url.render_as_string(hide_password=False))
        for words in (["activities", "--json"], ["nudges", "--json"])
    ]
    assert told[:2] == told[2:]


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "number", [pytest.param(300, marks=pytest.mark.thorough), pytest.param(10_000, marks=pytest.mark.slow)]
)
def test_many_activities_are_the_same_there(tmp_path, target, number, capsys):
    source = open_database(f"sqlite:///{tmp_path / 'coach.db'}")
    with writing(source, None) as session:
        session.expire_on_commit = False
        names = [f"Person {each}" for each in range(-(-number // EACH))]
        persons = [Person(name=name, timezone="Europe/Berlin", created_at=FIRST) for name in names]
        session.add_all(persons)
    came, taken = iter(walks(number)), 0
    for person in persons:
        files = [each for _, each in zip(range(EACH), came, strict=False)]
        taken += sum(each.outcome is Outcome.STORED for each in ingest(source, person, files, lambda: FIRST))
    assert taken == number
    began, worked = time.perf_counter(), time.process_time()
    moved = moving.copy(source, target)
    took_s, cpu_s = time.perf_counter() - began, time.process_time() - worked
    assert contents(target) == contents(source) == {name: (each.rows, each.sha256) for name, each in moved.items()}
    assert are_files_whole(target) == number
    assert key(persons[-1]) == len(persons)
    with target.connect() as connection:
        held = connection.scalar(select(func.pg_database_size(text("current_database()"))))
    size = (tmp_path / "coach.db").stat().st_size
    rows = sum(each.rows for each in moved.values())
    with capsys.disabled():
        told = f"{number:,} activities, {rows:,} rows: {took_s:.1f} s, {cpu_s:.1f} s of it at work here"
        sys.stdout.write(f"\n{told}; {size:,} -> {held:,} bytes\n")
    source.dispose()
