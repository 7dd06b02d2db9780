"""How long it takes to plan, and how long other writers wait meanwhile.

    python tests/benchmarks/planning.py --persons 500 --summaries 100000

A fresh SQLite database each time. First the planner itself, on a Monday morning, over persons with a plan and three
weeks of sessions and answers: a look at everybody, who are told of their week, and a look when nothing is new. Then the
outbox alone, with summaries that are ready: `in turns` leaves others room, `at once` posts all in one transaction, and
is what it is compared with. A second writer with connections of its own writes ten times a second meanwhile; `waited`
is how long it was kept from beginning.
"""

import argparse
import gc
import os
import platform
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from corpus import show
from sqlalchemy import Connection, Engine

from coach.calm_life import Happening, day_of_life
from coach.messenger import plan_nudges
from coach.plan import Diagnosis
from coach.plan.library import condition, example_plan
from coach.rounds import Rounds
from coach.store.engine import open_database, writing
from coach.store.people import add_plan
from coach.store.tables import Person
from coach.weeks import day_of
from config.settings import Settings
from scheduler.clock import local_instant
from scheduler.messages import Kind
from scheduler.outbox import Address, Draft, post, post_in_turns

MONDAY = datetime(2026, 6, 29, 6, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure planning.")
    parser.add_argument("--persons", type=int, default=500, metavar="N", help="to be looked at (500)")
    parser.add_argument("--summaries", type=int, default=100_000, metavar="N", help="to be posted (100000)")
    given = parser.parse_args()
    if given.persons < 1 or given.summaries < 1:
        parser.error("--persons and --summaries are 1 or more")
    gc.set_threshold(100_000)  # as the program does
    sys.stdout.write(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n\n")
    header = ("s", "CPU s", "a second", "others waited s", "at most s")
    show((f"{given.persons:,} persons", *header), planned(given.persons))
    lanes: dict[str, Callable[[Engine, Iterator[Draft]], int]] = {"at once": at_once, "in turns": in_turns}
    rows = [(name, *posted(lane, given.summaries)) for name, lane in lanes.items()]
    sys.stdout.write("\n")
    show((f"{given.summaries:,} summaries", *header), rows)


def planned(persons: int) -> list[tuple[str, ...]]:
    """A look at everybody, and the next one, a minute later."""
    with opened() as (engine, database):
        fill(engine, persons)
        rounds, settings = Rounds(), Settings(home=database.parent, smtp_url=None, database_url=None)
        looks = {"everybody": MONDAY, "nothing new": MONDAY + timedelta(minutes=1)}
        rows, new = [], []
        for name, now in looks.items():
            rows.append(
                (
                    name,
                    *timed(lambda now=now: new.append(plan_nudges(engine, settings, now, rounds)), database, persons),
                )
            )
        assert new[0] >= persons
        assert new[1] == 0
    return rows


def posted(lane: Callable[[Engine, Iterator[Draft]], int], summaries: int) -> tuple[str, ...]:
    with opened() as (engine, database):
        figures = timed(lambda: lane(engine, drafts(summaries)), database, summaries)
        assert in_turns(engine, drafts(summaries)) == 0, "all are there, and stay"
    return figures


@contextmanager
def opened() -> Iterator[tuple[Engine, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "coach.db")
        engine = open_database(f"sqlite:///{database}")
        try:
            yield engine, database
        finally:
            engine.dispose()


def timed(work: Callable[[], object], database: Path, count: int) -> tuple[str, ...]:
    """What it took, and how long another writer waited."""
    stop, waits = threading.Event(), [0.0]
    other = threading.Thread(target=write, args=(database, stop, waits))
    other.start()
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        work()
    finally:
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        stop.set()
        other.join()
    return (f"{wall:.2f}", f"{cpu:.2f}", f"{count / wall:,.0f}", f"{median(waits):.3f}", f"{max(waits):.3f}")


def fill(engine: Engine, persons: int, monday: datetime = MONDAY) -> None:
    """One who has followed a plan for three weeks by that morning, and as many others who do the same."""
    began = local_instant(day_of(monday, ZONE) - timedelta(weeks=3), clock(8), ZONE)
    with writing(engine, None) as session:
        session.add(Person(name="0", timezone=ZONE.key, created_at=began))
        diagnosis = Diagnosis(made_by="Dr Bo", made_on=began.date())
        plan = example_plan(condition("disc_herniation"), starts_on=began.date(), diagnosis=diagnosis)
        add_plan(session, 1, plan, began)
    happens: list[Happening] = []
    for n in range(21):
        day = began.date() + timedelta(days=n)
        happens = [*happens, *day_of_life(engine, 1, day, local_instant(day, clock(4), ZONE))]
        for each in sorted((each for each in happens if each.day == day), key=lambda each: each.at):
            each.happen(engine, 1)
    with engine.begin() as connection:
        for table in (
            "person",
            "plan_version",
            "activity",
            "activity_totals",
            "activity_effort",
            "contact",
            "check_in",
        ):
            copy_rows(connection, table, persons)
        connection.exec_driver_sql("UPDATE contact SET at = substr(at, 1, 20) || printf('%06d', person_id)")


def copy_rows(connection: Connection, table: str, persons: int) -> None:
    """The rows of the first person for each of the others, under numbers of their own."""
    columns = [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]
    step = {
        "name": ":n",
        "person_id": ":n",
        "id": ":n" if table == "person" else "1000 * :n",
        "activity_id": "1000 * :n",
    }
    values = ", ".join(f"{each} + {step[each]}" if each in step else f'"{each}"' for each in columns)
    owner = {"person": "id = 1", "activity_totals": "activity_id < 1000", "activity_effort": "activity_id < 1000"}
    chosen = f"SELECT {values} FROM {table} WHERE {owner.get(table, 'person_id = 1')}"  # noqa: S608 (ours)
    connection.exec_driver_sql(f"INSERT INTO {table} {chosen}", [{"n": n} for n in range(1, persons)])


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
    engine = open_database(f"sqlite:///{database}", lasting=True)
    while not stop.wait(0.1):
        begun = time.perf_counter()
        with engine.begin() as connection:
            waits.append(time.perf_counter() - begun)
            connection.exec_driver_sql("UPDATE person SET name = name")
    engine.dispose()


if __name__ == "__main__":
    main()
