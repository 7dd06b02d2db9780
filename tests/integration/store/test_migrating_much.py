"""A database of the first version, filled, goes up to the newest and down again: nothing is lost, and the originals,
which are most of it, are not copied.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, inspect, text

from coach.store.engine import HEAD, migrating, opening, schema_version

FIRST = "0001"
COACH = Path(sys.executable).with_name("coach")
OPERATING = Path(__file__).parents[3] / "docs" / "operating.md"
DOWN = re.search(r'python -c "(.+?)"\n', OPERATING.read_text(encoding="utf-8"), re.DOTALL)[1]
"""As it is told there, to the version before the newest."""
SCALED, WHOLE = 5_000, 1_000_000
# A short recording, compressed; an hour of a watch has some five times as many.
ORIGINAL_BYTES = 6_000
MOST_MB = 200  # of the program's memory, however many rows there are
DAY = "2026-01-01"
AT = f"{DAY} 08:30:00.000000"
PLAN = {
    "prescriptions": [
        {"exercise": "walk", "sessions": 5, "minutes": 10, "planned_days": [0, 3]},
        {"exercise": "swim", "sessions": 2, "minutes": 20, "planned_days": None},
    ],
    "note": "as agreed " * 40,
}


def original(n: int, who: int) -> tuple[Any, ...]:
    content = Random(n).randbytes(ORIGINAL_BYTES)
    return n, who, sha256(content).hexdigest(), 2 * len(content), None, AT, content


def activity(n: int, who: int) -> tuple[Any, ...]:
    how = ("walking", None, "walk", "a walk of a watch", AT, AT, "Europe/Berlin", "garmin", "watch")
    return n, who, n, 0, *how, 3600, 0, 0, None, 3.5, None, "[]", AT


def nudge(n: int, who: int) -> tuple[Any, ...]:
    return f"{n:032x}", str(who), "R13", f"{n}", "the week has closed", "Europe/Berlin", AT, None, "resend", False, AT


def delivery(n: int, _: int) -> tuple[Any, ...]:
    sent = ("sent", None, None, 1, AT, AT, f"<{n}@example.org>", "Your week", "You did all of it. " * 10, None)
    return f"{n:032x}", f"{n:032x}", "email", f"p{n}@example.org", *sent


Row = Callable[[int, int], tuple[Any, ...]]
OF_A_THOUSAND: Mapping[str, tuple[int, Row]] = {
    "person": (2, lambda n, _: (n, f"Person {n}", None, "Europe/Berlin", 1970, 60, "112", AT)),
    "contact": (2, lambda n, _: (n, "watch", AT)),
    "plan_version": (4, lambda n, who: (n, who, n, DAY, json.dumps(PLAN), AT)),
    "original": (100, original),
    "activity": (100, activity),
    "activity_totals": (200, lambda n, _: ((n + 1) // 2, f"source {n % 2}", *(float(n + each) for each in range(9)))),
    "activity_effort": (
        300,
        lambda n, _: ((n + 2) // 3, f"predicate {n % 3}", "[[0.0, 60.0]]", '[[60.0, "stood"]]', None),
    ),
    "nudge": (146, nudge),
    "delivery": (146, delivery),
}
"""Of a thousand rows, how many each table of the first version has, and the n-th of them, with one of the persons."""


def fill(connection: Connection, rows: int) -> None:
    persons = rows * OF_A_THOUSAND["person"][0] // 1000
    for table, (share, row) in OF_A_THOUSAND.items():
        made = (row(n, 1 + n % persons) for n in range(1, 1 + rows * share // 1000))
        columns = [column["name"] for column in inspect(connection).get_columns(table)]
        into, raw = f"{table} ({', '.join(columns)})", connection.connection.driver_connection
        if connection.dialect.name == "sqlite":
            raw.executemany(f"INSERT INTO {into} VALUES ({', '.join('?' * len(columns))})", made)  # noqa: S608
        else:
            with raw.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for each in made:
                    copy.write_row(each)


def held(engine: Engine, columns: Mapping[str, list[str]], *, reworded: bool = False) -> dict[str, tuple[int, str]]:
    """Of each table how many rows there are, and a hash of what stands in these columns; but for plans, whose words
    another version may change.
    """
    found = {}
    with engine.connect() as connection:
        for table, names in columns.items():
            asked = ", ".join(name for name in names if not (reworded and name == "document"))
            rows = connection.execution_options(stream_results=True, yield_per=5000).exec_driver_sql(
                f"SELECT {asked} FROM {table} ORDER BY 1, 2"  # noqa: S608
            )
            digest, count = sha256(), 0
            for count, row in enumerate(rows, 1):  # noqa: B007
                digest.update(repr([_plain(each) for each in row]).encode())
            found[table] = (count, digest.hexdigest())
    return found


def _plain(value: object) -> object:
    if isinstance(value, str) and value.startswith("{"):
        value = json.loads(value)
    return sorted(value.items()) if isinstance(value, dict) else value


@dataclass(frozen=True)
class Run:
    """A process that migrates. `growth_bytes`: at most, on the disk, what a server writes beside it included."""

    seconds: float
    growth_bytes: int
    memory_mb: float


def measured(words: list[object], size: Callable[[], int], **environment: str) -> Run:
    """Of this process's own: what `getrusage` says of a child begins with its parent's memory."""
    before, began = size(), time.monotonic()
    process = subprocess.Popen(words, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    status, most, memory_kb = Path(f"/proc/{process.pid}/status"), before, 0
    while process.poll() is None:
        most = max(most, size())
        if (peak := re.search(r"VmHWM:\s+(\d+)", status.read_text())) is not None:
            memory_kb = int(peak[1])
        time.sleep(0.02)
    assert process.returncode == 0
    return Run(time.monotonic() - began, max(most, size()) - before, memory_kb / 1000)


@contextmanager
def of_the_first_version(url: str, rows: int) -> Iterator[Engine]:
    with opening(url) as engine:
        with migrating(engine) as config:
            command.upgrade(config, FIRST)
            fill(config.attributes["connection"], rows)
        yield engine
    engine.dispose()


def where_originals_lie(engine: Engine) -> object:
    """A table that is made anew lies elsewhere."""
    asked = {
        "sqlite": "SELECT rootpage FROM sqlite_master WHERE name = 'original'",
        "postgresql": "SELECT pg_relation_filepath('original')",
    }
    with engine.connect() as connection:
        return connection.execute(text(asked[engine.dialect.name])).scalar_one()


def size_on_disk(engine: Engine) -> Callable[[], int]:
    """Of all that the database writes: SQLite's file and its log; a server's whole folder."""
    if engine.dialect.name == "sqlite":
        folder = Path(engine.url.database).parent
    else:
        with engine.connect() as connection:
            folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())

    def size() -> int:
        total = 0
        for path, _, names in os.walk(folder):
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    total += (Path(path) / name).stat().st_blocks * 512
        return total

    return size


@pytest.fixture
def tabled(table) -> Callable[[tuple[str, ...]], None]:
    return table(
        "migrations", "from the first version and back | rows | MB | of originals | s | more MB | MB of memory"
    )


@pytest.mark.thorough
@pytest.mark.parametrize("rows", [SCALED, pytest.param(WHOLE, marks=pytest.mark.slow)], ids=["scaled", "whole"])
def test_up_and_down_again(empty_url, rows, tabled):
    with of_the_first_version(empty_url, rows) as engine:
        with engine.connect() as connection:
            seen = inspect(connection)
            columns = {table: [each["name"] for each in seen.get_columns(table)] for table in OF_A_THOUSAND}
        before, but_words = held(engine, columns), held(engine, columns, reworded=True)
        lie, size = where_originals_lie(engine), size_on_disk(engine)
        whole = size()
        engine.dispose()

        up = measured([COACH, "db", "upgrade"], size, COACH_DATABASE_URL=empty_url)
        assert schema_version(engine) == HEAD
        assert held(engine, columns, reworded=True) == but_words
        assert where_originals_lie(engine) == lie
        engine.dispose()

        program = re.sub(r"\n +", "\n", re.sub(r"'\d{4}'", repr(FIRST), DOWN))
        down = measured([sys.executable, "-c", program], size, COACH_DATABASE_URL=empty_url)
        assert schema_version(engine) == FIRST
        assert held(engine, columns) == before
        assert where_originals_lie(engine) == lie
        engine.dispose()
    assert sum(count for count, _ in before.values()) == rows
    originals = before["original"][0] * ORIGINAL_BYTES
    for way, run in {"up": up, "down": down}.items():
        assert run.memory_mb < MOST_MB
        assert rows < WHOLE or run.growth_bytes < originals / 2
        figures = (f"{run.seconds:.1f}", f"{run.growth_bytes / 1e6:.0f}", f"{run.memory_mb:.0f}")
        sizes = (f"{rows:,}", f"{whole / 1e6:.0f}", f"{originals / 1e6:.0f}")
        tabled((f"{engine.dialect.name}, {way}", *sizes, *figures))
