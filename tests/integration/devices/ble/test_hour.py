"""A ride, up to an hour: what the virtual bike and strap sent is what the FIT file says, by three decoders."""

import asyncio
import io
from bisect import bisect_right
from math import isnan
from operator import itemgetter

import fitdecode
import pytest
from fitparse import FitFile

from devices.ble import journals
from devices.ble.connections import State
from devices.ble.entries import Kind
from devices.ble.gym import models
from devices.ble.gym.rider import Rider
from devices.ble.heart_rate import decode as heart_rate
from devices.ble.indoor_bike import decode as indoor_bike
from devices.ble.measurement import Quantity
from devices.ble.recorder import recorded
from devices.fit.read import read

REST_S = 90
FIELDS = {"power": Quantity.POWER_W, "cadence": Quantity.CADENCE_RPM, "heart_rate": Quantity.HEART_RATE_BPM}
GRAIN = {"power": 0.5, "cadence": 0.51, "heart_rate": 0.5}  # of FIT: whole watts, turns and beats


def by_fitparse(data):
    for message in FitFile(io.BytesIO(data)).get_messages("record"):
        yield message.get_values()


def by_fitdecode(data):
    with fitdecode.FitReader(io.BytesIO(data)) as reader:
        for frame in reader:
            if isinstance(frame, fitdecode.FitDataMessage) and frame.name == "record":
                yield {field.name: field.value for field in frame.fields}


@pytest.mark.parametrize("seconds", [600, pytest.param(3600, marks=pytest.mark.slow)])
def test_a_ride_equals_what_was_sent(compressed, seconds):
    async def happens(bench):
        rider = Rider(rests=((300, 300 + REST_S),))
        bike, strap = await bench.gym.add(models.BIKE, rider), await bench.gym.add(models.STRAP, rider)
        session = bench.session()
        async with session.running():
            await bench.until(lambda: all(each.state is State.LIVE for each in session.connections), 10)
            await asyncio.sleep(seconds)
        journal = session.recorder.journal
        journal.close()
        data = recorded(journal.path).fit_path.read_bytes()
        assert recorded(journal.path).fit_path.read_bytes() == data, "the same journal, the same bytes"

        log = journals.read(journal.path)
        (ride,) = read(data).recordings
        first_s = next(each.at_s for each in log.entries if each.kind is Kind.FRAME)
        offset_s = session.recorder._began_s + first_s
        sent = {
            "power": [(bike._began_s + each.at_s - offset_s, indoor_bike(each.data)) for each in bike.sent],
            "heart_rate": [(strap._began_s + each.at_s - offset_s, heart_rate(each.data)) for each in strap.sent],
        }
        sent["cadence"] = sent["power"]
        assert len(sent["power"]) >= 4 * seconds
        assert log.frames == len(sent["power"]) + len(sent["heart_rate"])

        columns = {"power": "power_w", "cadence": "cadence_rpm", "heart_rate": "heart_rate_bpm"}
        ours = [
            dict(zip(("timestamp", *columns), row, strict=True))
            for row in zip(
                ride.column("time_s").tolist(), *(ride.column(name).tolist() for name in columns.values()), strict=True
            )
        ]
        for decoded in (ours, list(by_fitparse(data)), list(by_fitdecode(data))):
            assert seconds - REST_S <= len(decoded) <= seconds - REST_S + 15, "but for the rest, which paused it"
            for record in decoded:
                at_s = record["timestamp"]
                if not isinstance(at_s, float):
                    at_s = (at_s.replace(tzinfo=ride.start.tzinfo) - ride.start).total_seconds()
                for field, quantity in FIELDS.items():
                    assert is_what_was_sent(sent[field], quantity, at_s, record.get(field), GRAIN[field])
        assert ride.totals.timer_s == pytest.approx(seconds - REST_S, abs=10)
        assert ride.totals.distance_m == pytest.approx(rider.speed_mps * (seconds - REST_S), rel=0.01)

    compressed(happens)


def is_what_was_sent(frames, quantity, at_s, value, grain):
    """The last frame up to that second; nothing where there was none yet."""
    index = bisect_right(frames, at_s, key=itemgetter(0)) - 1
    if index < 0:
        return value is None or isnan(value)
    return abs(frames[index][1].values[quantity] - value) <= grain
