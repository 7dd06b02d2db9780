"""How many weekly letters go out a second: whole, from the database to a mail server, by two workers.

    python tests/benchmarks/letters.py --persons 400 --rounds 3

Each person has a plan, and eight weeks of five walks and two swims behind them, of which every fourth session, drawn by
lot, is missing; they were asked before and during each and on the morning after. Nobody's chart is another's. A sweep
reads what the week rests on, judges it and the one that runs, words the letter, paints its chart, puts it together and
hands it to a mail server of Python's own, which runs in a process of its own and takes its share of the processors.

Of the weeks before a letter shows a line each. In service these are kept since the week after them: `weeks kept`. Where
none is, after a new version or a change long ago, they are judged with the letter: `nothing kept`. On a Monday most are
worded in the hours before, and what is left is to put them together and to hand them in: `worded ahead`. As in service,
each worker has worded and painted some before.

The parts are timed in one process, one after the other, CPU time; `resvg` is what the chart would cost without our ink.
"""

import argparse
import asyncio
import gc
import os
import platform
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as local_time
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from corpus import show
from mailing import SPAWN, mail_server
from sqlalchemy import Engine, func, insert, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from coach import messenger
from coach.charts import ink
from coach.charts.resvg import rasterised
from coach.charts.svg import as_svg
from coach.demo import sessions
from coach.ingest.taking import ingest
from coach.judged import keep_weeks, past_weeks
from coach.judgement import judge_weeks
from coach.nudges import policy
from coach.plan import Diagnosis, Relief
from coach.plan.library import condition, example_plan
from coach.safety import Phase
from coach.store import histories, people
from coach.store.engine import open_database, reading, writing
from coach.store.tables import Activity, ActivityEffort, Contact, Person, PlanVersion, key
from coach.store.told import CheckInRow
from coach.summaries import summary_of, trend_of
from coach.summary.letter import as_html, as_text
from coach.summary.trend import chart
from coach.weeks import IsoWeek
from config.messages import catalogue
from devices.fit.sources import Source
from devices.fit.write import write
from scheduler.channels.base import Outgoing
from scheduler.channels.letter import compose
from scheduler.channels.registry import ChannelSettings, open_channels
from scheduler.clock import local_instant
from scheduler.delivery import BATCH, deliver_due
from scheduler.messages import Due, Kind, Policy, Prepare
from scheduler.outbox import Address, Draft, State, post
from scheduler.tables import DELIVERY

ZONE, FIRST, WEEKS, WORKERS = ZoneInfo("Europe/Berlin"), date(2026, 1, 26), 8, 2
MONDAY = FIRST + timedelta(weeks=WEEKS)
WEEK = IsoWeek.of(MONDAY).previous
NOW = local_instant(MONDAY, local_time(8, 30), ZONE)
SESSIONS = ((0, "walk"), (1, "walk"), (2, "swim"), (3, "walk"), (4, "walk"), (5, "swim"), (6, "walk"))
_BEFORE = 10  # letters that a worker has worded and painted
_SAMPLE = 40  # persons whose letters are timed part by part


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure letters.")
    parser.add_argument("--persons", type=int, default=800, metavar="N", help="with a letter each (800)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="of which the median counts (3)")
    given = parser.parse_args()
    if given.persons < 1 or given.rounds < 1:
        parser.error("--persons and --rounds are 1 or more")
    gc.set_threshold(100_000)  # as the program does
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder, "full.db")
        fill(full, given.persons)
        rows = [row("nothing kept", full, given.persons, given.rounds)]
        keep(full)
        rows.append(row("weeks kept", full, given.persons, given.rounds))
        word(full, given.persons)
        rows.append(row("worded ahead", full, given.persons, given.rounds))
        parts = timed_parts(full, min(given.persons, _SAMPLE))
    sys.stdout.write(f"{given.persons:,} letters of {parts.pop('kB'):.0f} kB, {WORKERS} workers; ")
    sys.stdout.write(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n\n")
    show(("", "letters/s", "CPU ms a letter", "and of the server"), rows)
    show(("part", "CPU ms"), [(name, f"{1000 * seconds:.2f}") for name, seconds in parts.items()])


def row(name: str, full: Path, persons: int, rounds: int) -> tuple[str, ...]:
    wall, cpu, server = (median(each) for each in zip(*(sweep(full, persons) for _ in range(rounds)), strict=True))
    return name, f"{persons / wall:,.0f}", f"{1000 * cpu / persons:.1f}", f"{1000 * server / persons:.1f}"


# What they did.


def fill(database: Path, persons: int) -> None:
    """One life is lived through the ordinary doors; the others are copies, with what is missing and told by lot."""
    engine = open_database(f"sqlite:///{database}")
    lot = random.Random(7)
    first = lived(engine)
    with engine.begin() as connection:
        plans, kept, efforts = (
            [dict(row) for row in connection.execute(select(table.__table__)).mappings()]  # type: ignore[attr-defined]
            for table in (PlanVersion, Activity, ActivityEffort)
        )
        number = max(each["id"] for each in kept)
        for person_id in range(first + 1, first + persons):
            connection.execute(insert(Person), {"id": person_id, **a_person(person_id)})
            connection.execute(insert(PlanVersion), [each | {"id": None, "person_id": person_id} for each in plans])
            connection.execute(insert(Contact), {"person_id": person_id, "source": "sync", "at": NOW})
            done = {each["id"]: number + n for n, each in enumerate(kept, 1) if lot.random() < 0.75}
            number += len(kept)
            mine = [each | {"id": done[each["id"]], "person_id": person_id} for each in kept if each["id"] in done]
            connection.execute(insert(Activity), mine)
            of_mine = [
                each | {"activity_id": done[each["activity_id"]]} for each in efforts if each["activity_id"] in done
            ]
            connection.execute(insert(ActivityEffort), of_mine)
            connection.execute(insert(CheckInRow), [told for each in mine for told in answers(each, lot)])
        post(connection, [draft(first + n) for n in range(persons)], NOW)
    engine.dispose()


def keep(database: Path) -> None:
    """As the service does in the week before."""
    engine = open_database(f"sqlite:///{database}")
    keep_weeks(engine, NOW)
    engine.dispose()


def word(database: Path, persons: int) -> None:
    """As the service does in the hours before."""
    engine = open_database(f"sqlite:///{database}")
    worded = messenger.word_each(engine, None, range(1, 1 + persons), lambda: NOW - timedelta(hours=1))
    assert worded == persons, f"{worded} of {persons} were worded"
    engine.dispose()


def lived(engine: Engine) -> int:
    began = local_instant(FIRST, local_time(0), ZONE)
    plan = example_plan(
        condition("disc_herniation"),
        starts_on=FIRST,
        diagnosis=Diagnosis(made_by="the clinician", made_on=FIRST),
        relief=Relief.EXTENSION,
        flexion_tolerated=False,
        step=3,
    )
    with writing(engine, None) as session:
        session.expire_on_commit = False
        person = Person(**a_person(1))
        session.add(person)
        session.flush()
        people.add_plan(session, key(person), plan, began)
    recorded = []
    for day in (FIRST + timedelta(days=7 * week + n) for week in range(WEEKS) for n, _ in SESSIONS):
        start = local_instant(day, local_time(17, 30), ZONE)
        kind = dict(SESSIONS)[day.weekday()]
        recorded.append(write(sessions.walk(start, 12) if kind == "walk" else sessions.swim(start, 20)))
    sources = [Source(f"{n}.fit", lambda data=data: data) for n, data in enumerate(recorded)]  # type: ignore[misc]
    for taken in ingest(engine, person, sources, lambda: NOW):
        assert taken.reason is None, taken
    return key(person)


def a_person(number: int) -> dict[str, Any]:
    name = f"Person {number}"
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=number)
    return {"name": name, "email": f"p{number}@example.org", "timezone": ZONE.key, "birth_year": 1966, "created_at": at}


def answers(activity: dict[str, Any], lot: random.Random) -> Iterator[dict[str, Any]]:
    pain = lot.choice((1, 2, 2, 3, 4))
    morning = local_instant(activity["started_at"].astimezone(ZONE).date() + timedelta(days=1), local_time(8), ZONE)
    for at, phase, told in (
        (activity["started_at"] - timedelta(minutes=10), Phase.PRE, pain),
        (activity["ended_at"], Phase.PEAK, pain + 1),
        (morning, Phase.MORNING, pain + lot.choice((-1, 0, 0, 1))),
    ):
        yield {
            "person_id": activity["person_id"],
            "at": at,
            "phase": phase,
            "pain": told,
            "created_at": at,
            "numbness": False,
            "weakness": False,
        }


def draft(person_id: int) -> Draft:
    return Draft(
        recipient_id=str(person_id),
        rule="R13",
        period=str(WEEK),
        reason="the week has closed",
        timezone=ZONE.key,
        due_at=NOW,
        expires_at=NOW + timedelta(days=7),
        kind=Kind.SUMMARY,
        rank=99,
        to=(Address("email", f"p{person_id}@example.org"),),
    )


# The whole.


def work(database: Path, smtp_url: str, batch: int, begin: Any, spent: Any) -> None:
    engine = open_database(f"sqlite:///{database}")
    channels = open_channels(["email"], ChannelSettings("coach@example.org", smtp_url, clock=lambda: NOW))
    gc.set_threshold(100_000)
    with messenger.preparing(engine) as prepare:
        for person_id in range(1, 1 + _BEFORE):
            for picture in prepare["R13"](due(person_id), NOW).pictures:  # type: ignore[union-attr]
                picture.paint()
        ink.as_png.cache_clear()
        begin.wait()
        cpu = time.process_time()
        asyncio.run(
            deliver_due(
                engine,
                clock=lambda: NOW,
                prepare=prepare,
                channels=channels,
                limits=policy.LIMITS,
                merge=policy.merged,
                batch=batch,
            )
        )
    spent.put(time.process_time() - cpu)
    engine.dispose()


def sweep(full: Path, persons: int) -> tuple[float, float, float]:
    """Of all letters, from the first claim to the last that is settled: time, CPU time, and that of the server."""
    database = full.with_name("sweep.db")
    shutil.copy(full, database)
    spent, begin = SPAWN.Queue(), SPAWN.Barrier(WORKERS + 1)
    with mail_server() as server:
        batch = min(BATCH, -(-persons // WORKERS))  # as in service, but so that each has a share
        workers = [SPAWN.Process(target=work, args=(database, server.url, batch, begin, spent)) for _ in range(WORKERS)]
        for each in workers:
            each.start()
        begin.wait()
        wall, serving = time.perf_counter(), server.cpu_s
        cpu = sum(spent.get() for _ in workers)
        wall, serving = time.perf_counter() - wall, server.cpu_s - serving
        for each in workers:
            each.join()
    engine = open_database(f"sqlite:///{database}")
    with engine.connect() as connection:
        sent = connection.execute(select(func.count()).where(DELIVERY.c.state == State.SENT)).scalar_one()
    engine.dispose()
    for each in full.parent.glob("sweep.db*"):
        each.unlink()
    assert sent == persons, f"{sent} of {persons} went out"
    return wall, cpu, serving


# Its parts.


class Timed:
    """CPU seconds, by name."""

    def __init__(self, spent: dict[str, list[float]]) -> None:
        self._spent = spent

    def __call__(self, name: str, does: Callable[[], Any]) -> Any:
        begun = time.process_time()
        made = does()
        self._spent.setdefault(name, []).append(time.process_time() - begun)
        return made


def timed_parts(full: Path, count: int) -> dict[str, float]:
    """The median CPU time of each part, over so many persons."""
    engine = open_database(f"sqlite:///{full}")
    spent: dict[str, list[float]] = {}
    sizes = []
    with reading(engine) as session, messenger.preparing(engine) as prepares:
        prepare = prepares["R13"]
        for person in session.exec(select_rows(Person).order_by(col(Person.id)).limit(count)).all():
            time_parts(session, person, prepare, Timed(spent), sizes)
    engine.dispose()
    return {name: median(times) for name, times in spent.items()} | {"kB": median(sizes)}


def time_parts(session: Session, person: Person, prepare: Prepare, timed: Timed, sizes: list[float]) -> None:
    history = timed("history read", lambda: histories.load(session, person, WEEK, WEEK.next))
    timed("two weeks judged", lambda: list(judge_weeks(history, [WEEK, WEEK.next], NOW)))
    timed("the weeks before read", lambda: past_weeks(session, person, trend_of(WEEK)[:-1], NOW))
    letter = summary_of(session, person, WEEK, NOW)
    timed("text and HTML", lambda: (as_text(letter), as_html(letter, pictures=True)))
    drawn = chart(letter.trend, letter.trend_in_words, catalogue())
    timed("chart", lambda: ink.as_png(drawn))
    timed("chart by resvg", lambda: rasterised(as_svg(drawn), 2))
    ink.as_png.cache_clear()
    message = timed("prepared: all of these but the charts, and the rest", lambda: prepare(due(key(person)), NOW))
    outgoing = Outgoing("a@example.org", message, "<1@example.org>")
    raw = timed("painted and put together", lambda: compose(outgoing, "c@example.org", "Your coach", NOW))
    sizes.append(len(raw) / 1000)


def due(person_id: int) -> Due:
    return Due(uuid4(), str(person_id), "R13", str(WEEK), ZONE.key, NOW, None, Policy.RESEND, False, Kind.SUMMARY, 99)


if __name__ == "__main__":
    main()
