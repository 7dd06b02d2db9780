"""A link that breaks again and again: nothing that was sent is lost, and each time it is back in time."""

import asyncio
import random

import pytest

from devices.ble import journals
from devices.ble.connections import State
from devices.ble.entries import Kind
from devices.ble.gym import models
from devices.ble.recorder import recorded
from devices.fit.read import read


@pytest.mark.parametrize("losses", [10, pytest.param(100, marks=pytest.mark.slow)])
def test_links_break(compressed, losses):
    async def happens(bench):
        chance = random.Random(20261127)
        bike, strap = await bench.gym.add(models.BIKE), await bench.gym.add(models.STRAP)
        session = bench.session()
        async with session.running():
            await bench.until(lambda: all(each.state is State.LIVE for each in session.connections), 10)
            for _ in range(losses):
                number = chance.randrange(2)
                machine, connection = (bike, strap)[number], session.connections[number]
                await asyncio.sleep(chance.uniform(0.5, 8))
                machine.vanish()
                await bench.until_it_is(connection, State.SOUGHT, 1)
                await asyncio.sleep(chance.uniform(0.01, 12))
                await machine.come_back()
                assert await bench.until_it_is(connection, State.LIVE, 5) <= 2
            await asyncio.sleep(5)
        journal = session.recorder.journal
        journal.close()
        log = journals.read(journal.path)
        got = sorted((each.characteristic, each.frame) for each in log.entries if each.kind is Kind.FRAME)
        assert got == sorted((each.characteristic, each.data) for machine in (bike, strap) for each in machine.sent)
        lost = [each for each in log.entries if each.kind is Kind.LINK and each.text == "LINK_LOST"]
        assert len(lost) == losses
        (ride,) = read(recorded(journal.path).fit_path.read_bytes()).recordings
        assert ride.totals.elapsed_s == pytest.approx(log.duration_s, abs=2)

    compressed(happens)
