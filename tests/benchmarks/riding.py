"""Eight machines at 4 Hz on the gym for an hour: what is lost, and how long a notification takes to the journal.

    python tests/benchmarks/riding.py --minutes 60

Packets go through virtual controllers in this process, and time is compressed: the machines' share of the work is in
the frames a second, and not in the time to the journal, which is from bleak's callback to the end of `append`.
"""

import argparse
import asyncio
import os
import platform
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from devices.ble import journals
from devices.ble.connections import State
from devices.ble.entries import Kind
from devices.ble.gym import models
from devices.ble.gym.clock import CompressedLoop
from devices.ble.gym.world import Gym
from devices.ble.identity import Identity
from devices.ble.radio import Radio
from devices.ble.ramp import Limits
from devices.ble.recorder import recorded
from devices.ble.session import Session

EIGHT = (
    models.BIKE,
    models.POWER_METER,
    models.CADENCE_SENSOR,
    models.CADENCE_SENSOR,
    models.TREADMILL,
    models.FOOT_POD,
    models.STRAP,
    models.STRAP,
)
INTERVAL_MS = 250
SYNC_EVERY = 60  # of compressed seconds: a disk does not bear sixty fsyncs a real second


def measured(session: Session) -> list[float]:
    """Milliseconds of each notification, as they come."""
    heard, took = session.heard, []

    def timed(*what) -> None:
        began = perf_counter()
        heard(*what)
        took.append((perf_counter() - began) * 1000)

    session.heard = timed
    return took


async def ride(minutes: float, count: int, home: Path) -> None:
    async with Gym() as gym:
        machines = [await gym.add(model) for model in EIGHT[:count]]
        start = datetime.now(UTC)
        journal = journals.begin(home, start, "cycling", "indoor_cycling", utc_offset=timedelta(), owner="1")
        known = [Identity(each.model.name, each.address) for each in machines]
        session = Session(Radio(scanner=gym.scanner, client=gym.client), journal, known, Limits(), lambda _: None)
        took = measured(session)
        began = perf_counter()
        async with session.running():
            await asyncio.sleep(minutes * 60)
            assert all(each.state is State.LIVE for each in session.connections)
            for machine in machines:
                machine.faults.silent = True  # a frame that is under way while we hang up is neither here nor there
            await asyncio.sleep(1)
        journal.close()
        ridden_s = perf_counter() - began
        sent = sum(len(each.sent) for each in machines)
        log = journals.read(journal.path)
        got = sum(each.kind is Kind.FRAME for each in log.entries)
        began = perf_counter()
        file = recorded(journal.path).fit_path
        made_s = perf_counter() - began
        percentiles = quantiles(took, n=100)
        show(
            ("machines, each at 4 Hz", f"{len(machines)}"),
            ("minutes ridden, in seconds", f"{minutes:g}, in {ridden_s:.1f}"),
            ("frames sent", f"{sent:,}"),
            ("frames lost", f"{sent - got}"),
            ("notification to journal, median", f"{percentiles[49]:.3f} ms"),
            (
                "notification to journal, p95",
                f"{percentiles[94]:.3f} ms ({percentiles[94] / INTERVAL_MS:.2%} of 250 ms)",
            ),
            ("notification to journal, p99", f"{percentiles[98]:.3f} ms"),
            ("journal", f"{journal.path.stat().st_size / 1e6:.1f} MB"),
            ("journal to FIT file", f"{made_s:.2f} s, {file.stat().st_size / 1e3:.0f} kB"),
        )
        assert got == sent, "frames were lost"
        assert percentiles[94] < INTERVAL_MS / 20


def show(*rows: tuple[str, str]) -> None:
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores\n")  # noqa: T201
    for name, value in rows:
        print(f"| {name} | {value} |")  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--machines", type=int, default=len(EIGHT), choices=range(1, len(EIGHT) + 1))
    given = parser.parse_args()
    fsync, turns = os.fsync, iter(range(10**9))
    os.fsync = lambda descriptor: None if next(turns) % SYNC_EVERY else fsync(descriptor)
    with tempfile.TemporaryDirectory() as home, asyncio.Runner(loop_factory=CompressedLoop) as runner:
        runner.run(ride(given.minutes, given.machines, Path(home)))


if __name__ == "__main__":
    main()
