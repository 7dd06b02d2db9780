"""Speed and cadence from turning counters: roll-overs, wraps, standstill, jumps."""

from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.ble import csc, cycling_power
from devices.ble.measurement import Measurement, Quantity
from devices.ble.rates import CIRCUMFERENCE_M, Rates

CADENCE, SPEED = Quantity.CADENCE_RPM, Quantity.SPEED_MPS


def crank(turns: int, ticks: int) -> Measurement:
    return csc.decode(pack("<BHH", 2, turns % 2**16, ticks % 2**16))


def wheel(turns: int, ticks: int) -> Measurement:
    return csc.decode(pack("<BIH", 1, turns % 2**32, ticks % 2**16))


def power(turns: int, ticks: int) -> Measurement:
    return cycling_power.decode(pack("<HhIH", 16, 100, turns % 2**32, ticks % 2**16))


def fed(rates: Rates, quantity: Quantity, *frames: tuple[float, Measurement]) -> list[float | None]:
    return [rates.feed(measurement, at_s).values.get(quantity) for at_s, measurement in frames]


def test_the_shared_frames_of_a_hub():
    first, second = (bytes.fromhex(frame) for frame in ("03a4000000184e4000a74c", "03a600000072524100c050"))
    rates = Rates()
    assert CADENCE not in rates.feed(csc.decode(first), 10).values
    values = rates.feed(csc.decode(second), 11).values
    assert values[CADENCE] == pytest.approx(60 * 1024 / (20672 - 19623))
    assert values[SPEED] == pytest.approx(2 * CIRCUMFERENCE_M * 1024 / (21106 - 19992))


@settings(deadline=None)
@given(
    turns=st.integers(0, 2**32 - 1),
    ticks=st.integers(0, 2**16 - 1),
    per_second=st.integers(1, 4),
    at_s=st.floats(0, 1e6),
)
def test_wherever_counters_and_clocks_roll_over_the_rate_is_the_same(turns, ticks, per_second, at_s):
    steps = [(index, turns + index * per_second) for index in range(4)]
    for make, quantity, per_turn, ticks_per_s in (
        (crank, CADENCE, 60, 1024),
        (wheel, SPEED, CIRCUMFERENCE_M, 1024),
        (power, SPEED, CIRCUMFERENCE_M, 2048),
    ):
        frames = [(at_s + index, make(count, ticks + index * ticks_per_s)) for index, count in steps]
        first, *others = fed(Rates(), quantity, *frames)
        assert first is None
        assert others == pytest.approx([per_second * per_turn] * 3)


def test_a_wheel_of_its_own():
    assert fed(Rates(circumference_m=1.5), SPEED, (0, wheel(0, 0)), (1, wheel(2, 1024))) == [None, 3.0]


def test_between_two_turns_nothing_is_made_up_and_after_3_s_it_stands():
    told = fed(Rates(), CADENCE, *[(at_s, crank(5, 100)) for at_s in (0, 1, 2, 2.9, 3, 4)])
    assert told == [None, None, None, None, 0, 0]


def test_slow_turns_are_timed_by_their_own_clock():
    frames = [(0, crank(0, 0)), (1, crank(0, 0)), (2, crank(1, 2048)), (3, crank(1, 2048)), (4, crank(2, 4096))]
    assert fed(Rates(), CADENCE, *frames) == [None, None, 30, None, 30]


def test_after_a_standstill_of_a_minute_and_more_it_begins_anew():
    frames = [
        (0, crank(0, 0)),
        (1, crank(1, 1024)),
        (90, crank(1, 1024)),
        (91, crank(2, 1024 * 91)),
        (92, crank(3, 1024 * 92)),
    ]
    assert fed(Rates(), CADENCE, *frames) == [None, 60, 0, None, 60]


@pytest.mark.parametrize(
    "jump",
    [
        pytest.param(crank(3, 1024 * 2), id="a counter that began again"),
        pytest.param(crank(5009, 1024 * 2), id="more turns than legs make"),
        pytest.param(crank(5002, 1024), id="turns in no time"),
        pytest.param(crank(5002, 1000), id="a clock that went back"),
    ],
)
def test_a_jump_is_dropped_and_counted_on_from(jump):
    rates = Rates()
    assert fed(rates, CADENCE, (0, crank(5000, 0)), (1, crank(5001, 1024)), (2, jump)) == [None, 60, None]
    turns, ticks = jump.values[Quantity.CRANK_REVOLUTIONS], 1024 * jump.values[Quantity.CRANK_EVENT_S]
    assert fed(rates, CADENCE, (3, crank(int(turns) + 1, int(ticks) + 1024))) == [60]


def test_a_wheel_that_rolls_back_has_no_speed():
    assert fed(Rates(), SPEED, (0, wheel(100, 0)), (1, wheel(99, 1024)), (2, wheel(101, 2048))) == [
        None,
        None,
        2 * CIRCUMFERENCE_M,
    ]


def test_two_services_of_one_device_count_apart():
    rates = Rates()
    frames = [(0, wheel(7, 0)), (0, power(700, 9)), (1, wheel(9, 1024)), (1, power(702, 9 + 2048))]
    assert fed(rates, SPEED, *frames) == pytest.approx([None, None, 2 * CIRCUMFERENCE_M, 2 * CIRCUMFERENCE_M])


def test_what_a_sensor_says_itself_stays_and_what_counts_nothing_is_given_back():
    told = Measurement({SPEED: 4.0, **wheel(2, 1024).values}, counters=wheel(2, 1024).counters)
    assert fed(Rates(), SPEED, (0, wheel(0, 0)), (1, told)) == [None, 4.0]
    strap = Measurement({Quantity.HEART_RATE_BPM: 61})
    assert Rates().feed(strap, 0) is strap
