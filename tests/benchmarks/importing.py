"""How fast files come in: from bytes to committed rows, beside bare fitparse on the same files.

    python tests/benchmarks/importing.py --repeat 3

On the corpus of real files where it is there (COACH_SHARED, or `shared` beside the project), else on files that the
project writes itself. Files that fitparse or we refuse are left out, so that all lanes do the same work. Each figure
is the best round; CPU is that of this process and of the workers it started.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import fitparse
from fitparse.records import DEV_TYPES

from coach.demo import sessions
from coach.ingest import Outcome, ingest
from coach.store.engine import open_database, writing
from coach.store.tables import Person
from coach.workers import for_so_many
from devices.errors import DeviceError
from devices.fit.read import read
from devices.fit.sources import find
from devices.fit.write import write
from scheduler.clock import utc_now

PROJECT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("COACH_SHARED") or PROJECT.parent / "shared") / "fit"


@dataclass(frozen=True)
class Cost:
    wall_s: float
    cpu_s: float


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure an import, beside bare fitparse on the same files.")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="rounds, of which the best counts (3)")
    rounds = parser.parse_args().repeat
    if rounds < 1:
        parser.error("--repeat is 1 or more")
    with tempfile.TemporaryDirectory(prefix="coach-benchmark-") as folder:
        home = Path(folder)
        real = CORPUS.is_dir()
        paths, first = _readable(sorted(CORPUS.rglob("*.fit")) if real else _generated(home))
        contents = [path.read_bytes() for path in paths]
        lanes = {
            "fitparse alone": [first, *(_measured(lambda: _fitparse(contents)) for _ in range(rounds - 1))],
            "decode (`devices.fit.read`)": [_measured(lambda: _decode(contents)) for _ in range(rounds)],
            "import (`coach.ingest`, to rows)": [_import(home / f"{number}.db", paths) for number in range(rounds)],
        }
    _print(lanes, len(paths), sum(map(len, contents)), "real" if real else "generated")


def _fitparse(contents: list[bytes]) -> None:
    for data in contents:
        DEV_TYPES.clear()  # fitparse shares them between files
        for message in fitparse.FitFile(BytesIO(data)):
            message.get_values()


def _decode(contents: list[bytes]) -> None:
    for data in contents:
        read(data)


def _import(database: Path, paths: list[Path]) -> Cost:
    """Into a database of its own: all that `coach import` does but print."""
    engine = open_database(f"sqlite:///{database}")
    with writing(engine) as session:
        session.expire_on_commit = False
        person = Person(name="Robin", timezone="Europe/Berlin", created_at=utc_now())
        session.add(person)

    def all_of_them() -> None:
        results = list(ingest(engine, person, find(paths), utc_now, for_so_many(len(paths))))
        if strays := [each for each in results if each.outcome not in (Outcome.STORED, Outcome.PARTIAL)]:
            sys.exit(f"{strays[0].path} was not stored: {strays[0].reason}")

    cost = _measured(all_of_them)
    engine.dispose()
    return cost


def _measured(work: Callable[[], None]) -> Cost:
    wall_s, cpu_s = time.perf_counter(), _cpu_s()
    work()
    return Cost(time.perf_counter() - wall_s, _cpu_s() - cpu_s)


def _cpu_s() -> float:
    return sum(os.times()[:4])


def _readable(paths: list[Path]) -> tuple[list[Path], Cost]:
    """Those that both lanes can read, and what bare fitparse took for them: its first round."""
    kept, wall_s, cpu_s = [], 0.0, 0.0
    for path in paths:
        data = [path.read_bytes()]
        try:
            _decode(data)
            cost = _measured(lambda data=data: _fitparse(data))
        except (DeviceError, fitparse.FitParseError, TypeError, KeyError, ValueError):
            continue
        kept.append(path)
        wall_s, cpu_s = wall_s + cost.wall_s, cpu_s + cost.cpu_s
    return kept, Cost(wall_s, cpu_s)


def _generated(folder: Path) -> list[Path]:
    """A fortnight twice over: half an hour to an hour a session, a record a second."""
    return [_written(folder / f"{number:02}.fit", number) for number in range(28)]


def _written(path: Path, number: int) -> Path:
    start = datetime(2026, 3, 2, 17, tzinfo=UTC) + timedelta(days=number)
    minutes = 30 + number
    match number % 4:
        case 0:
            recording = sessions.ride(start, minutes)
        case 1:
            recording = sessions.swim(start, minutes)
        case _:
            recording = sessions.walk(start, minutes, hill_minutes=5)
    path.write_bytes(write(recording))
    return path


def _print(lanes: dict[str, list[Cost]], files: int, size: int, kind: str) -> None:
    bare_s = min(each.cpu_s for each in lanes["fitparse alone"])
    rows = [("", "files/s", "MB/s", "CPU ms a file", "fitparse's CPU over this")]
    for name, costs in lanes.items():
        wall_s, cpu_s = min(each.wall_s for each in costs), min(each.cpu_s for each in costs)
        rows.append(
            (
                name,
                f"{files / wall_s:,.1f}",
                f"{size / 1e6 / wall_s:,.2f}",
                f"{cpu_s / files * 1000:,.1f}",
                f"{bare_s / cpu_s:,.1f}",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    say = sys.stdout.write
    say(f"{files} {kind} files, {size / 1e6:.1f} MB; Python {platform.python_version()}, ")
    say(f"fitparse {version('fitparse')}, {os.cpu_count()} cores, {platform.machine()}\n\n")
    for number, (name, *cells) in enumerate(rows):
        figures = [f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True)]
        say(f"| {' | '.join([f'{name:<{widths[0]}}', *figures])} |\n")
        if number == 0:
            say(f"| {'-' * widths[0]} | {' | '.join('-' * (width - 1) + ':' for width in widths[1:])} |\n")


if __name__ == "__main__":
    main()
