"""Who looks on sees what the rider sees: of a session on the gym, by its journal alone."""

import asyncio
from datetime import UTC, datetime

import pytest

from coach.riding.watching import Watch
from devices.ble import journals
from devices.ble.connections import State
from devices.ble.gym import models
from devices.ble.gym.rider import Rider
from devices.ble.measurement import Quantity
from devices.ble.ramp import POWER

LONG_AGO = datetime(2026, 6, 1, tzinfo=UTC)
"""Nothing is old by that clock: the journal's own is far ahead of the wall's."""


def test_a_ride_is_watched(compressed):
    async def happens(bench):
        rider = Rider(power_w=30)
        bike, strap = [await bench.gym.add(model, rider) for model in (models.BIKE, models.STRAP)]
        session = bench.session()
        watch = Watch(session.recorder.journal.path)
        assert watch.look(LONG_AGO).elapsed_s is None
        async with session.running():
            await bench.until(lambda: all(each.state is State.LIVE for each in session.connections), 30)
            session.control(session.connections[0], POWER, 35)
            await asyncio.sleep(60)
            seen, now = watch.look(LONG_AGO), session.recorder.now
            assert seen.elapsed_s == pytest.approx(60, abs=3)
            assert (seen.power_w, seen.heart_rate_bpm) == (now(Quantity.POWER_W), now(Quantity.HEART_RATE_BPM))
            assert seen.cadence_rpm == now(Quantity.CADENCE_RPM)
            assert seen.distance_m == pytest.approx(bike.distance_m, rel=0.1)
            assert (seen.target, seen.lost, seen.is_paused, seen.pain) == ("35 W", (), False, None)
            session.pause()
            session.recorder.pain(3)
            await asyncio.sleep(2)
            seen = watch.look(LONG_AGO)
            assert (seen.target, seen.is_paused, seen.pain) == ("", True, 3)
            session.resume()
            strap.vanish()
            await asyncio.sleep(10)
            seen = watch.look(LONG_AGO)
            assert (seen.lost, seen.heart_rate_bpm) == (("Gym Strap",), None)
            assert journals.written_for(bench.home, "1") == session.recorder.journal.path
            assert journals.written_for(bench.home, "2") is None
        assert watch.look(LONG_AGO).is_over
        session.recorder.journal.close()
        assert journals.written_for(bench.home, "1") is None

    compressed(happens)
