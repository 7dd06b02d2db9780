"""What it costs to replay a year of recordings from their originals, in decodings of the same files.

    python tests/benchmarks/replaying.py --sessions 300 --rounds 5

The real files again and again under distinct bytes, in a fresh SQLite database, their sessions spread evenly over 2025
with four check-ins each. `decoded` reads the files as an import does, every column looked at; `measured again` takes
them from the database, decodes, classes and measures them; `and judged` is all that `coach replay` does: the history
loaded, the files measured again, and each week judged as it stood and as it would stand; `and kept` writes what was
measured again. All take turns in one process; a ratio is that of CPU time in one round, and the table has the median
round. A file that yields several sessions is one file.

A year replayed is to cost at most five times its files. On a busy machine a median wanders by a tenth or two, so with
`--strict` the exit code is 1 where it is more than a quarter above that; without, the table is all there is.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from corpus import contents, distinct, show
from sqlalchemy import Engine
from sqlmodel import col, select

from coach.ingest.taking import ingest
from coach.plan import Diagnosis
from coach.plan.library import conditions, example_plan
from coach.remeasure import remeasure_all, remeasured
from coach.replay import measured_anew, replay, weeks_of
from coach.safety.model import CheckIn, Phase
from coach.store import histories, people
from coach.store.engine import open_database, reading, writing
from coach.store.tables import Activity, Person, key
from coach.weeks import IsoWeek
from devices.errors import DeviceError
from devices.fit.read import read
from devices.fit.sources import Source
from scheduler.clock import utc_now

BEGAN, ENDS = datetime(2025, 1, 6, 9, tzinfo=UTC), datetime(2025, 12, 29, 9, tzinfo=UTC)
_BOUND = 6.25
"""The figure is 5; a quarter is for noise."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure measuring again.")
    parser.add_argument("--sessions", type=int, default=300, metavar="N", help="files, of a year (300)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="of which the median counts (5)")
    parser.add_argument("--strict", action="store_true", help="fail past the bound")
    given = parser.parse_args()
    if given.sessions < 1 or given.rounds < 1:
        parser.error("--sessions and --rounds are 1 or more")
    whole = [data for data in contents()[0] if _reads(data)]
    files = [distinct(data, number) for number, data in enumerate(islice(cycle(whole), given.sessions))]
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder, 'coach.db')}")
        with writing(engine, None) as session:
            session.expire_on_commit = False
            person = Person(
                name="Ada", timezone="UTC", birth_year=1960, resting_heart_rate_bpm=65, created_at=utc_now()
            )
            session.add(person)
        for _ in ingest(engine, person, [_source(each) for each in files], utc_now):
            pass
        lanes = _lanes(engine, person, files)
        rounds = [{name: _cpu_s(lane) for name, lane in lanes.items()} for _ in range(given.rounds)]
        engine.dispose()
    sys.stdout.write(f"{len(files):,} {contents()[1]} files, {sum(map(len, files)) / 1e6:,.0f} MB; ")
    sys.stdout.write(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n\n")
    show(
        ("", "CPU ms a file", "ratio"),
        [
            (
                name,
                f"{median(each[name] for each in rounds) / len(files) * 1000:,.2f}",
                f"{median(each[name] / each['decoded'] for each in rounds):,.2f}",
            )
            for name in lanes
        ],
    )
    found = median(each["and judged"] / each["decoded"] for each in rounds)
    sys.exit(
        f"A year replayed costs {found:.2f} of its files decoded, more than {_BOUND}."
        if given.strict and found > _BOUND
        else 0
    )


def _lanes(engine: Engine, person: Person, files: Sequence[bytes]) -> Mapping[str, Callable[[], None]]:
    """By name: what is done in one go."""
    check_ins = _lived_in_a_year(engine, person)

    def decoded() -> None:
        for data in files:
            for recording in read(data).recordings:
                for name in recording.columns:
                    recording.columns[name]

    def again() -> None:
        with reading(engine) as session:
            for _ in remeasured(session, person):
                pass

    def judged() -> None:
        with reading(engine) as session:
            loaded = histories.load(session, person, IsoWeek.of(BEGAN.date()), IsoWeek.of(ENDS.date()))
            before = replace(loaded, check_ins=check_ins)
            fresh = {each.activity_id: each for each in remeasured(session, person)}
        for _ in replay(before, measured_anew(before, fresh), weeks_of(before, ENDS), ENDS):
            pass

    def kept() -> None:
        remeasure_all(engine, person)

    return {
        "decoded": decoded,
        "measured again": again,
        "and judged": judged,
        "and kept": kept,
    }


def _lived_in_a_year(engine: Engine, person: Person) -> list[CheckIn]:
    """Spread the sessions over the year, under a plan; what was told around each."""
    diagnosis = Diagnosis(made_by="Dr. Lee", made_on=date(2024, 12, 1))
    plan = example_plan(conditions()["disc_herniation"], starts_on=BEGAN.date(), diagnosis=diagnosis, step=3)
    told: list[CheckIn] = []
    with writing(engine, None) as session:
        people.add_plan(session, key(person), plan, BEGAN)
        people.heard(session, key(person), "import", ENDS)
        rows = session.exec(select(Activity).order_by(col(Activity.id))).all()
        for number, row in enumerate(rows):
            length = row.ended_at - row.started_at
            row.started_at = BEGAN + number * (ENDS - BEGAN) / len(rows)
            row.ended_at = row.started_at + length
            told += (
                CheckIn(row.started_at - timedelta(minutes=5), Phase.PRE, 2),
                CheckIn(row.ended_at, Phase.PEAK, 2),
                CheckIn(row.ended_at + timedelta(minutes=15), Phase.POST, 2),
                CheckIn(row.started_at.replace(hour=8) + timedelta(days=1), Phase.MORNING, 2),
            )
    return told


def _source(data: bytes) -> Source:
    return Source("a file", lambda: data)


def _cpu_s(lane: Callable[[], None]) -> float:
    begun = time.process_time()
    lane()
    return time.process_time() - begun


def _reads(data: bytes) -> bool:
    try:
        read(data)
    except DeviceError:
        return False
    return True


if __name__ == "__main__":
    main()
