"""How fast files come in, from paths to committed rows, and what memory that takes.

    python tests/benchmarks/importing.py --repeat 40

The files of the corpus again and again under distinct bytes, into a fresh SQLite database, decoded in the importing
process or in so many workers; beside them fitparse, which only reads. Each line is a process of its own; CPU and time
hold the start of the workers. The last line is one file of 100,000 records, and what it takes above the memory of a
process that has imported a walk.
"""

import argparse
import contextlib
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from multiprocessing import forkserver
from pathlib import Path
from types import MappingProxyType

import fitparse
import numpy as np
from corpus import by_fitparse, contents, distinct, show

from coach.demo import sessions
from coach.ingest.files import Outcome
from coach.ingest.taking import ingest
from coach.store.engine import open_database, writing
from coach.store.tables import Person
from devices.fit.sources import Source
from devices.fit.write import write
from devices.recording import Recording
from scheduler.clock import utc_now

_RECORDS = 100_000
_START = datetime(2026, 3, 2, 6, tzinfo=UTC)
_BYTES_OF_RSS = 1 if sys.platform == "darwin" else 1024


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure an import.")
    parser.add_argument("--repeat", type=int, default=40, metavar="N", help="how often each file comes (40)")
    parser.add_argument("--lane", choices=("many", "long", "fitparse"), help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.repeat < 1:
        parser.error("--repeat is 1 or more")
    if given.lane:
        lanes = {
            "many": lambda: _many(given.repeat, given.workers),
            "long": lambda: _long(given.file),
            "fitparse": _fitparse,
        }
        sys.stdout.write(json.dumps(lanes[given.lane]()))
        return
    many = [_in_a_process("many", "--repeat", given.repeat, "--workers", workers) for workers in (0, 1, 2)]
    sys.stdout.write(f"{many[0]['files']:,} {contents()[1]} files, {many[0]['megabytes']:,.0f} MB; ")
    sys.stdout.write(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n\n")
    alone = _in_a_process("fitparse")
    show(
        ("workers", "files/s", "CPU ms a file", "peak MB", "peak MB of a worker"),
        [
            (
                "fitparse alone",
                f"{alone['files'] / alone['wall_s']:,.1f}",
                f"{alone['cpu_s'] / alone['files'] * 1000:,.1f}",
                f"{alone['peak'] / 1e6:,.0f}",
                "–",
            )
        ]
        + [
            (
                f"{workers}",
                f"{lane['files'] / lane['wall_s']:,.0f}",
                f"{lane['cpu_s'] / lane['files'] * 1000:,.1f}",
                f"{lane['peak'] / 1e6:,.0f}",
                f"{lane['worker_peak'] / 1e6:,.0f}" if workers else "–",
            )
            for workers, lane in enumerate(many)
        ],
    )
    with tempfile.TemporaryDirectory(prefix="coach-benchmark-") as folder:
        file = Path(folder) / "long.fit"
        file.write_bytes(write(long_ride()))
        long = _in_a_process("long", "--file", file)
    show(
        ("", "MB", "s", "MB above idle"),
        [(f"{_RECORDS:,} records", f"{long['megabytes']:.1f}", f"{long['wall_s']:.2f}", f"{long['above'] / 1e6:,.0f}")],
    )


def _in_a_process(lane: str, *options: object) -> dict[str, float]:
    command = [sys.executable, __file__, "--lane", lane, *map(str, options)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def _many(repeat: int, workers: int) -> dict[str, float]:
    files = _kept(contents()[0])
    sources = [
        Source(f"{turn}-{number}", partial(distinct, data, turn))
        for turn in range(repeat)
        for number, data in enumerate(files)
    ]
    wall_s = _imported(sources, workers)
    # What the workers cost is known once the server that they were forked from has ended.
    forkserver._forkserver._stop()
    return {
        "files": len(sources),
        "megabytes": repeat * sum(map(len, files)) / 1e6,
        "wall_s": wall_s,
        "cpu_s": sum(os.times()[:4]),
        "peak": _peak(resource.RUSAGE_SELF),
        "worker_peak": _peak(resource.RUSAGE_CHILDREN),
    }


def _fitparse() -> dict[str, float]:
    """Reading alone, of those of the same files that fitparse can read, once."""
    begun, cpu_s, read = time.perf_counter(), time.process_time(), 0
    for data in _kept(contents()[0]):
        with contextlib.suppress(fitparse.FitParseError):
            by_fitparse(data)
            read += 1
    return {
        "files": read,
        "wall_s": time.perf_counter() - begun,
        "cpu_s": time.process_time() - cpu_s,
        "peak": _peak(resource.RUSAGE_SELF),
    }


def _long(file: Path) -> dict[str, float]:
    _imported([Source("walk", partial(write, sessions.walk(_START, 30, hill_minutes=5)))], 0)
    idle = _peak(resource.RUSAGE_SELF)
    wall_s = _imported([Source("long", file.read_bytes)], 0)
    return {"megabytes": file.stat().st_size / 1e6, "wall_s": wall_s, "above": _peak(resource.RUSAGE_SELF) - idle}


def long_ride() -> Recording:
    """As a bicycle computer records it, also how high, how steep and how warm it is: 24 bytes a record."""
    ride = sessions.ride(_START, _RECORDS // 60 + 1)
    hills = np.sin(np.linspace(0, 60, ride.records))
    more = {"altitude_m": 400 + 90 * hills, "grade_pct": 6 * hills, "temperature_c": np.round(18 + 5 * hills)}
    return replace(ride, columns=MappingProxyType({**ride.columns, **more}))


def _peak(whose: int) -> float:
    return resource.getrusage(whose).ru_maxrss * _BYTES_OF_RSS


def _kept(files: Sequence[bytes]) -> list[bytes]:
    """Those that are stored."""
    outcomes = _outcomes([Source(str(number), partial(bytes, data)) for number, data in enumerate(files)], 0)
    return [data for data, outcome in zip(files, outcomes, strict=True) if outcome is not Outcome.REFUSED]


def _imported(sources: Sequence[Source], workers: int) -> float:
    """How long it took to store all of them."""
    begun = time.perf_counter()
    outcomes = Counter(_outcomes(sources, workers))
    if strays := outcomes.keys() - {Outcome.STORED, Outcome.PARTIAL}:
        sys.exit(f"Not stored: {', '.join(strays)}")
    return time.perf_counter() - begun


def _outcomes(sources: Sequence[Source], workers: int) -> list[Outcome]:
    """All that `coach import` does but print, into a database of its own."""
    with tempfile.TemporaryDirectory(prefix="coach-benchmark-") as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'coach.db'}")
        with writing(engine, None) as session:
            session.expire_on_commit = False
            person = Person(name="Robin", timezone="Europe/Berlin", created_at=utc_now())
            session.add(person)
        outcomes = [each.outcome for each in ingest(engine, person, sources, utc_now, workers)]
        engine.dispose()
        return outcomes


if __name__ == "__main__":
    main()
