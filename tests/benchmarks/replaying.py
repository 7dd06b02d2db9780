"""What it costs to measure a year of recordings again from their originals, in decodings of the same files.

    python tests/benchmarks/replaying.py --sessions 300 --rounds 5

The real files again and again under distinct bytes, in a fresh SQLite database. `decoded` reads them as an import does,
every column looked at; `measured again` takes them from the database, decodes, classes and measures them; `and kept`
writes what came of it. All take turns in one process; a ratio is that of CPU time in one round, and the table has the
median round. A file that yields several sessions is one file.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from corpus import contents, distinct, show

from coach.ingest import ingest
from coach.remeasure import remeasure_all, remeasured
from coach.store.engine import open_database, reading, writing
from coach.store.tables import Person
from devices.errors import DeviceError
from devices.fit.read import read
from devices.fit.sources import Source
from scheduler.clock import utc_now


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure measuring again.")
    parser.add_argument("--sessions", type=int, default=300, metavar="N", help="files, of a year (300)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="of which the median counts (5)")
    given = parser.parse_args()
    if given.sessions < 1 or given.rounds < 1:
        parser.error("--sessions and --rounds are 1 or more")
    whole = [data for data in contents()[0] if _reads(data)]
    files = [distinct(data, number) for number, data in enumerate(islice(cycle(whole), given.sessions))]
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder, 'coach.db')}")
        with writing(engine) as session:
            session.expire_on_commit = False
            person = Person(
                name="Ada", timezone="UTC", birth_year=1960, resting_heart_rate_bpm=65, created_at=utc_now()
            )
            session.add(person)
        for _ in ingest(engine, person, [_source(each) for each in files], utc_now):
            pass

        def decoded() -> None:
            for data in files:
                for recording in read(data).recordings:
                    for name in recording.columns:
                        recording.columns[name]

        def again() -> None:
            with reading(engine) as session:
                for _ in remeasured(session, person):
                    pass

        def kept() -> None:
            remeasure_all(engine, person)

        lanes: dict[str, Callable[[], None]] = {"decoded": decoded, "measured again": again, "and kept": kept}
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
