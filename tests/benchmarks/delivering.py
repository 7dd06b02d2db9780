"""What a sweep costs that claims and settles what is due: no-op Prepare, null channel, a fresh SQLite database.

    python tests/benchmarks/delivering.py --nudges 20000 --rounds 5

`sqlite3` is the baseline: a loop over the same tables that reads and claims a batch, writes the same intents and the
same ends, with the driver alone and nothing else: no lost lease is noticed, nobody is asked, nothing is sent. Both take
turns in one process, each on a copy of the same rows, alone and beside a second writer, who writes ten times a second;
the last column is the longest that it waited.
"""

import argparse
import asyncio
import gc
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import uuid4

from corpus import show

from coach.store.engine import open_database
from scheduler.channels.base import Delivered, Outcome, Outgoing
from scheduler.delivery import BATCH, deliver_due
from scheduler.messages import Due, Message
from scheduler.outbox import Address, Draft, State, post

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
DELIVERED = Delivered()
MESSAGE = Message("Your week is ready", "72 % of the plan. Take a look?")


class NullChannel:
    """Takes everything at once and does nothing with it."""

    carries = sys.maxsize

    async def send(self, outgoing: Outgoing) -> Outcome:
        return DELIVERED

    async def rest(self) -> None:
        pass


@dataclass(frozen=True)
class Figures:
    wall_s: float
    cpu_s: float
    waited_s: float


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure sweeps.")
    parser.add_argument("--nudges", type=int, default=20_000, metavar="N", help="due at once (20000)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="of which the median counts (5)")
    given = parser.parse_args()
    if given.nudges < 1 or given.rounds < 1:
        parser.error("--nudges and --rounds are 1 or more")
    gc.set_threshold(100_000)  # as the program does
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder, "full.db")
        fill(full, given.nudges)
        lanes: dict[str, Callable[[Path], None]] = {"sqlite3": bare, "a sweep": sweep}
        rounds: list[dict[tuple[str, bool], Figures]] = []
        for _ in range(given.rounds):
            rounds.append({})
            for name, lane in lanes.items():
                for beside in (False, True):
                    copy = Path(folder, "copy.db")
                    shutil.copy(full, copy)
                    rounds[-1][name, beside] = timed(lane, copy, beside=beside)
                    assert settled(copy) == given.nudges
                    copy.unlink()
    sys.stdout.write(f"{given.nudges:,} nudges due at once; ")
    sys.stdout.write(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n\n")
    show(
        ("", "nudges/s", "nudges/CPU s", "CPU ratio", "beside a writer", "who waits s"),
        [
            (
                name,
                f"{given.nudges / median(each[name, False].wall_s for each in rounds):,.0f}",
                f"{given.nudges / median(each[name, False].cpu_s for each in rounds):,.0f}",
                f"{median(each[name, False].cpu_s / each['sqlite3', False].cpu_s for each in rounds):.2f}",
                f"{given.nudges / median(each[name, True].wall_s for each in rounds):,.0f}",
                f"{max(each[name, True].waited_s for each in rounds):.3f}",
            )
            for name in lanes
        ],
    )


def fill(database: Path, nudges: int) -> None:
    engine = open_database(f"sqlite:///{database}")
    with engine.begin() as connection:
        drafts = [
            Draft(
                recipient_id=str(number),
                rule="R13",
                period="2026-W26",
                reason="the week has closed",
                timezone="Europe/Berlin",
                due_at=NOON,
                expires_at=NOON + timedelta(days=7),
                to=(Address("null", f"p{number}@example.org"),),
            )
            for number in range(nudges)
        ]
        post(connection, drafts, NOON)
    engine.dispose()


def sweep(database: Path) -> None:
    engine = open_database(f"sqlite:///{database}")
    asyncio.run(deliver_due(engine, clock=lambda: NOON, prepare={"R13": unchanged}, channels={"null": NullChannel()}))
    engine.dispose()


def unchanged(due: Due, now: datetime) -> Message:
    return MESSAGE


def bare(database: Path) -> None:
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "wal_autocheckpoint = 4000"):
        connection.execute(f"PRAGMA {pragma}")
    now, until, token = "2026-07-01 12:00:00.000000", "2026-07-01 12:05:00.000000", uuid4().hex
    while True:
        connection.execute("BEGIN IMMEDIATE")
        rows = connection.execute(
            "SELECT delivery.id, delivery.address, nudge.recipient_id, nudge.rule, nudge.period, nudge.due_at"
            " FROM delivery JOIN nudge ON nudge.id = delivery.nudge_id WHERE delivery.urgent = 0"
            " AND delivery.not_before <= ? AND (held_until IS NULL OR held_until <= ?)"
            " ORDER BY delivery.not_before LIMIT ?",
            (now, now, BATCH),
        ).fetchall()
        connection.executemany(
            "UPDATE delivery SET state = 'leased', token = ?, held_until = ?, attempts = attempts + 1 WHERE id = ?",
            [(token, until, row[0]) for row in rows],
        )
        connection.execute("COMMIT")
        if not rows:
            break
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "UPDATE delivery SET held_until = ?, intent_at = ?, message_id = ?, title = ?, text = ?"
            " WHERE id = ? AND token = ?",
            [(until, now, f"<{row[0]}@localhost>", MESSAGE.title, MESSAGE.text, row[0], token) for row in rows],
        )
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "UPDATE delivery SET state = 'sent', sent_at = ?, not_before = NULL, held_until = NULL, token = NULL"
            " WHERE id = ? AND token = ?",
            [(now, row[0], token) for row in rows],
        )
        connection.execute("COMMIT")
    connection.close()


def timed(lane: Callable[[Path], None], database: Path, *, beside: bool) -> Figures:
    """Wall and CPU time of a lane; beside another writer, how long that one waited at most.

    As in a service, somebody else has the database open: whoever is the last to close it tidies up for all.
    """
    stop, waits = threading.Event(), [0.0]
    other = threading.Thread(target=write, args=(database, stop, waits))
    with closing(sqlite3.connect(database)) as somebody:
        somebody.execute("SELECT count(*) FROM person").fetchone()
        if beside:
            other.start()
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            lane(database)
        finally:
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            stop.set()
            if beside:
                other.join()
    return Figures(wall, cpu, max(waits))


def write(database: Path, stop: threading.Event, waits: list[float]) -> None:
    engine = open_database(f"sqlite:///{database}", lasting=True)
    while not stop.wait(0.1):
        begun = time.perf_counter()
        with engine.begin() as connection:
            waits.append(time.perf_counter() - begun)
            connection.exec_driver_sql("UPDATE person SET name = name")
    engine.dispose()


def settled(database: Path) -> int:
    connection = sqlite3.connect(database)
    try:
        return connection.execute("SELECT count(*) FROM delivery WHERE state = ?", (State.SENT,)).fetchone()[0]
    finally:
        connection.close()


if __name__ == "__main__":
    main()
