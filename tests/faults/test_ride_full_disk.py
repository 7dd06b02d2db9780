"""A disk that is full while somebody rides: warned early, the ride goes on in memory, and is saved when room comes."""

import asyncio
import errno
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devices.ble import entries, journals
from devices.ble.entries import Kind
from devices.ble.gym import frames, models
from devices.ble.gym.clock import CompressedLoop
from devices.ble.gym.world import Gym
from devices.ble.identity import Identity
from devices.ble.radio import Radio
from devices.ble.ramp import Limits
from devices.ble.recorder import recorded
from devices.ble.session import Session
from devices.errors import JournalError

START = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """A disk of 512 KB, where the system lets us have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk of our own without root's rights")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(64)):
                pass
        except OSError as error:
            assert error.errno == errno.ENOSPC  # noqa: PT017
    return filler


def begin(home: Path):
    return journals.begin(home, START, "cycling", "indoor_cycling", utc_offset=timedelta(), owner="1")


def test_the_ride_goes_on_in_memory_and_is_written_when_room_comes(disk):
    told: list[str] = []

    async def ride() -> None:
        async with Gym() as gym:
            bike = await gym.add(models.BIKE)
            journal = begin(disk)
            radio = Radio(scanner=gym.scanner, client=gym.client)
            session = Session(radio, journal, [Identity("Gym Bike", bike.address)], Limits(), told.append)
            async with session.running():
                await session.first_live()
                await asyncio.sleep(60)
                assert told[0].startswith("The disk is nearly full"), "warned before it is"
                filler = fill(disk)
                await asyncio.sleep(300)
                assert journal.waiting
                assert told[-1].startswith("The disk is full: the session goes on in memory")
                before = journals.read(journal.path)
                filler.unlink()
                await asyncio.sleep(10)
                assert journal.waiting == 0
                assert told[-1] == "There is room again: all of the session is written."
            journal.close()
            log = journals.read(journal.path)
            assert before.frames < log.frames == len(bike.sent)
            assert [each.frame for each in log.entries if each.kind is Kind.FRAME] == [each.data for each in bike.sent]
            assert log.torn is None
            assert recorded(journal.path).fit_path.exists()

    with asyncio.Runner(loop_factory=CompressedLoop) as runner:
        runner.run(ride())


def test_no_room_to_begin(disk):
    fill(disk)
    with pytest.raises(JournalError, match="No space left on device"):
        begin(disk)
    assert list((disk / "journals").iterdir()) == []


def test_no_room_for_the_file(disk):
    journal = begin(disk)
    for second in range(60):
        journal.append(entries.frame(float(second), 0, 0x2AD2, frames.indoor_bike(20.0, power_w=50)))
    journal.close()
    filler = fill(disk)
    with pytest.raises(JournalError, match="Its journal is kept"):
        recorded(journal.path)
    assert [each.name for each in sorted((disk / "journals").iterdir())] == [journal.path.name]
    filler.unlink()
    assert recorded(journal.path).fit_path.stat().st_size > 100
