"""Forks rides on a virtual trainer from a process that has all modules; each is there to be killed.

Says the ride's process id, then a byte on the descriptor that was handed over for each frame that the journal has.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from coach.cli import machines  # noqa: F401  (all that a ride loads)
from devices.ble import journals
from devices.ble.entries import Kind
from devices.ble.gym import models
from devices.ble.gym.clock import CompressedLoop
from devices.ble.gym.world import Gym
from devices.ble.identity import Identity
from devices.ble.journal import Journal
from devices.ble.radio import Radio
from devices.ble.ramp import Limits
from devices.ble.session import Session

FIRST = datetime(2026, 6, 1, tzinfo=UTC)


async def ride(home: Path, number: int, told: int) -> None:
    append = Journal.append

    def append_and_tell(self, entry):
        append(self, entry)
        if entry.kind is Kind.FRAME:
            os.write(told, b".")

    Journal.append = append_and_tell
    os.fsync = lambda _: None  # a kill loses nothing that the machine keeps, and no disk bears as many seconds
    async with Gym() as gym:
        for model in (models.BIKE, models.STRAP):
            await gym.add(model)
        start = FIRST + timedelta(hours=2 * number)
        journal = journals.begin(home, start, "cycling", "indoor_cycling", utc_offset=timedelta(), owner="1")
        known = [Identity(each.model.name, each.address) for each in gym.machines]
        session = Session(Radio(scanner=gym.scanner, client=gym.client), journal, known, Limits(), lambda _: None)
        async with session.running():
            await asyncio.sleep(3600)


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


for line in sys.stdin:
    home, number = line.split()
    child = os.fork()
    if child == 0:
        say(os.getpid())
        with asyncio.Runner(loop_factory=CompressedLoop) as runner:
            runner.run(ride(Path(home), int(number), int(sys.argv[1])))
        os._exit(0)
    os.waitpid(child, 0)
    say("ended")
