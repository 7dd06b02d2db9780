"""Crafted frames, one for each thing that is easily got wrong."""

import pytest

from devices.ble import decoding, indoor_bike, treadmill
from devices.ble.measurement import CUT, Flaw, Measurement, Quantity
from devices.ble.services import DECODERS, decode

Q = Quantity
BIKE, TREADMILL, CROSS_TRAINER = 0x2AD2, 0x2ACD, 0x2ACE
POWER, CSC, RSC, HEART_RATE, BATTERY = 0x2A63, 0x2A5B, 0x2A53, 0x2A37, 0x2A19


@pytest.mark.parametrize(
    ("number", "frame", "values", "flaws"),
    [
        pytest.param(BIKE, "0000 e803", {Q.SPEED_MPS: 10 / 3.6}, (), id="no flags is speed alone"),
        pytest.param(BIKE, "0100", {}, (), id="more data: nothing yet"),
        pytest.param(BIKE, "4100 0f00", {Q.POWER_W: 15}, (), id="more data: without the speed"),
        pytest.param(BIKE, "4100 f1ff", {Q.POWER_W: -15}, (), id="negative power"),
        pytest.param(BIKE, "1100 ffff01", {Q.DISTANCE_M: 131071}, (), id="three bytes of distance"),
        pytest.param(BIKE, "2100 f6ff", {Q.RESISTANCE: -10}, (), id="resistance is signed"),
        pytest.param(
            BIKE, "6100 14 2c01", {Q.RESISTANCE: 200, Q.POWER_W: 300}, (Flaw.ONE_BYTE_RESISTANCE,), id="narrow"
        ),
        pytest.param(
            BIKE, "6102 1400 2c", {}, (Flaw.SHORT,), id="cut, and what comes after resistance may have been moved"
        ),
        pytest.param(BIKE, "4400 e803", {Q.SPEED_MPS: 10 / 3.6}, (Flaw.SHORT,), id="cut between two fields"),
        pytest.param(BIKE, "4400 e803 a0", {Q.SPEED_MPS: 10 / 3.6}, (Flaw.SHORT,), id="cut in a field"),
        pytest.param(BIKE, "0100 2c01", {}, (Flaw.TRAILING,), id="more than the flags say"),
        pytest.param(BIKE, "01e0 2c01", {}, (Flaw.TRAILING,), id="flags that nobody knows"),
        pytest.param(BIKE, "0101 ffff ffff ff", {}, (), id="energy that is not available"),
        pytest.param(BIKE, "0101 0a00 ffff 02", {Q.ENERGY_KCAL: 10, Q.ENERGY_KCAL_PER_MIN: 2}, (), id="a part of it"),
        pytest.param(TREADMILL, "0900 ff7f 0f00", {Q.RAMP_ANGLE_DEG: 1.5}, (), id="an inclination that there is not"),
        pytest.param(
            TREADMILL,
            "6101 78 7d 50",
            {Q.HEART_RATE_BPM: 80},
            (Flaw.ONE_BYTE_PACE,),
            id="pace in one byte is stepped over",
        ),
        pytest.param(TREADMILL, "2100 2c01", {Q.PACE_S_PER_500_M: 300}, (), id="pace in two"),
        pytest.param(TREADMILL, "0110 6400 9600", {Q.BELT_FORCE_N: 100, Q.POWER_W: 150}, (), id="force on the belt"),
        pytest.param(
            TREADMILL,  # as a CitySports Linker lays it out
            "8424 2c01 6400 00 0a00 ffff ff 3c00 2c0100",
            {Q.SPEED_MPS: 3 / 3.6, Q.DISTANCE_M: 100, Q.ENERGY_KCAL: 10, Q.ELAPSED_S: 60, Q.STEPS: 300},
            (),
            id="steps, in the bit of FitShow",
        ),
        pytest.param(
            CROSS_TRAINER,
            "0c0100 2003 640000 7800 7000 5a00",
            {
                Q.SPEED_MPS: 8 / 3.6,
                Q.DISTANCE_M: 100,
                Q.STEPS_PER_MIN: 120,
                Q.AVERAGE_STEPS_PER_MIN: 112,
                Q.POWER_W: 90,
            },
            (),
            id="flags of three bytes",
        ),
        pytest.param(
            CROSS_TRAINER,
            "a10080 02000100 05 ",
            {Q.ASCENT_M: 2, Q.DESCENT_M: 1, Q.RESISTANCE: 50},
            (Flaw.ONE_BYTE_RESISTANCE,),
            id="metres as they are, and backwards is nothing",
        ),
        pytest.param(
            POWER,
            "7002 c800 0a000000 0008 0500 0004 1400 f6ff 5a00",
            {
                Q.POWER_W: 200,
                Q.WHEEL_REVOLUTIONS: 10,
                Q.WHEEL_EVENT_S: 1,
                Q.CRANK_REVOLUTIONS: 5,
                Q.CRANK_EVENT_S: 1,
                Q.GREATEST_FORCE_N: 20,
                Q.LEAST_FORCE_N: -10,
                Q.TOP_DEAD_SPOT_DEG: 90,
            },
            (),
            id="the wheel's clock is twice as fine",
        ),
        pytest.param(
            POWER,
            "800d 6400 2000 e0ff 112233 5a00 2a00",
            {
                Q.POWER_W: 100,
                Q.GREATEST_TORQUE_NM: 1,
                Q.LEAST_TORQUE_NM: -1,
                Q.BOTTOM_DEAD_SPOT_DEG: 90,
                Q.ENERGY_KJ: 42,
            },
            (),
            id="angles are stepped over",
        ),
        pytest.param(
            RSC, "02 8001 54 40420f00", {Q.SPEED_MPS: 1.5, Q.STEPS_PER_MIN: 84, Q.DISTANCE_M: 100000}, (), id="pod"
        ),
        pytest.param(HEART_RATE, "01 2c01", {Q.HEART_RATE_BPM: 300}, (), id="two bytes of heart rate"),
        pytest.param(HEART_RATE, "11 2c", {}, (Flaw.SHORT,), id="half a heart rate is no time between beats"),
        pytest.param(HEART_RATE, "10 3c b103 00", {Q.HEART_RATE_BPM: 60}, (Flaw.TRAILING,), id="half a time"),
        pytest.param(HEART_RATE, "00 00", {Q.HEART_RATE_BPM: 0}, (Flaw.ZERO_HEART_RATE,), id="nobody has none"),
        pytest.param(
            BIKE, "4500 a000 0000", {Q.CADENCE_RPM: 80, Q.POWER_W: 0}, (Flaw.ZERO_POWER,), id="power drops out"
        ),
        pytest.param(
            BIKE, "4500 0000 9600", {Q.CADENCE_RPM: 0, Q.POWER_W: 150}, (Flaw.ZERO_CADENCE,), id="cadence drops out"
        ),
        pytest.param(BIKE, "4500 0000 0000", {Q.CADENCE_RPM: 0, Q.POWER_W: 0}, (), id="at rest both are"),
        pytest.param(BATTERY, "64", {Q.BATTERY_PERCENT: 100}, (), id="full"),
        pytest.param(BATTERY, "ff", {}, (), id="a level that there is not"),
        pytest.param(BATTERY, "3200", {Q.BATTERY_PERCENT: 50}, (Flaw.TRAILING,), id="a level in two bytes"),
    ],
)
def test_what_a_frame_says(read, number, frame, values, flaws):
    measurement = read(number, frame)
    assert measurement.values == pytest.approx(values)
    assert measurement.flaws == flaws


@pytest.mark.parametrize("decoder", DECODERS.values(), ids=DECODERS)
@pytest.mark.parametrize("frame", [b"", b"\x00", b"\xff", bytearray(1)], ids=repr)
def test_nothing_and_one_byte_say_nothing_that_is_not_there(decoder, frame):
    measurement = decoder(frame)
    assert set(measurement.values) <= {Q.BATTERY_PERCENT}
    assert measurement.rr_s == ()


@pytest.mark.parametrize("decoder", DECODERS.values(), ids=DECODERS)
def test_an_empty_frame_is_short(decoder):
    assert decoder(b"") is CUT


def test_a_characteristic_that_nobody_knows():
    assert decode("00002a00-0000-1000-8000-00805f9b34fb", b"Kickr") == Measurement({}, (Flaw.UNKNOWN,))


def test_a_uuid_in_capitals():
    assert decode(indoor_bike.UUID.upper(), bytes.fromhex("0000e803")).values == pytest.approx({Q.SPEED_MPS: 10 / 3.6})


@pytest.mark.parametrize(
    ("frame", "contact", "rr_s"),
    [
        ("003c", None, ()),
        ("023c", None, ()),  # contact, by one who does not support it
        ("043c", False, ()),
        ("063c", True, ()),
        ("163c00040002", True, (1.0, 0.5)),
    ],
)
def test_contact_and_beats(read, frame, contact, rr_s):
    measurement = read(HEART_RATE, frame)
    assert (measurement.contact, measurement.rr_s) == (contact, rr_s)


def test_a_counter_is_told_of_where_it_is_there_whole(read):
    assert [each.wrap_s for each in read(POWER, "3000 0000 01000000 0001 0100 0001").counters] == [32, 64]
    assert [each.wrap_s for each in read(CSC, "03 01000000 0001 0100 0001").counters] == [64, 64]
    assert read(CSC, "03 01000000 0001 0100").counters == read(CSC, "01 01000000 0001").counters
    assert read(CSC, "01 01000000").counters == ()


def test_who_makes_up_flags_does_not_fill_the_memory():
    frames = [number.to_bytes(2, "little") + bytes(30) for number in range(2 * decoding._LAYOUTS)]
    for frame in frames:
        treadmill.decode(frame)
    (cached,) = [
        cell.cell_contents for cell in treadmill.decode.__closure__ if hasattr(cell.cell_contents, "cache_info")
    ]
    assert cached.cache_info().currsize == decoding._LAYOUTS
