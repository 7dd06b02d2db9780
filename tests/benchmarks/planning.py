"""How long other writers wait while the summaries of a hundred thousand persons are planned, and how long that takes.

    python tests/benchmarks/planning.py --persons 100000

A fresh SQLite database. `in turns` is what the program does; `at once` posts all in one transaction, and is what it is
compared with. A second writer with connections of its own writes ten times a second meanwhile; `waited` is how long it
was kept from beginning.
"""

import argparse
import gc
import os
import platform
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from corpus import show
from sqlalchemy import Engine

from coach.store.engine import open_database
from scheduler.messages import Kind
from scheduler.outbox import Address, Draft, post, post_in_turns

MONDAY = datetime(2026, 6, 29, 6, 30, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure planning.")
    parser.add_argument("--persons", type=int, default=100_000, metavar="N", help="with a summary each (100000)")
    given = parser.parse_args()
    if given.persons < 1:
        parser.error("--persons is 1 or more")
    gc.set_threshold(100_000)  # as the program does
    lanes: dict[str, Callable[[Engine, Iterator[Draft]], int]] = {"at once": at_once, "in turns": in_turns}
    rows = [(name, *measured(lane, given.persons)) for name, lane in lanes.items()]
    sys.stdout.write(f"{given.persons:,} summaries; ")
    sys.stdout.write(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n\n")
    show(("", "s", "CPU s", "summaries/s", "others waited s", "at most s"), rows)


def measured(lane: Callable[[Engine, Iterator[Draft]], int], persons: int) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "coach.db")
        engine = open_database(f"sqlite:///{database}")
        stop, waits = threading.Event(), [0.0]
        other = threading.Thread(target=write, args=(database, stop, waits))
        other.start()
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            assert lane(engine, drafts(persons)) == persons
        finally:
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            stop.set()
            other.join()
        assert in_turns(engine, drafts(1)) == 0, "what is there stays"
        engine.dispose()
    figures = (f"{wall:.1f}", f"{cpu:.1f}", f"{persons / wall:,.0f}")
    return (*figures, f"{median(waits):.3f}", f"{max(waits):.3f}")


def at_once(engine: Engine, drafts: Iterator[Draft]) -> int:
    with engine.begin() as connection:
        return len(post(connection, list(drafts), MONDAY))


def in_turns(engine: Engine, drafts: Iterator[Draft]) -> int:
    return post_in_turns(engine, drafts, MONDAY)


def drafts(persons: int) -> Iterator[Draft]:
    for number in range(persons):
        yield Draft(
            recipient_id=str(number),
            rule="R13",
            period="2026-W26",
            reason="the week has closed",
            timezone="Europe/Berlin",
            due_at=MONDAY,
            expires_at=MONDAY + timedelta(days=7),
            to=(Address("email", f"p{number}@example.org"),),
            kind=Kind.SUMMARY,
            rank=90,
        )


def write(database: Path, stop: threading.Event, waits: list[float]) -> None:
    connection = sqlite3.connect(database, isolation_level=None, timeout=600)
    while not stop.wait(0.1):
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        waits.append(time.perf_counter() - begun)
        connection.execute("UPDATE person SET name = name")
        connection.execute("COMMIT")
    connection.close()


if __name__ == "__main__":
    main()
