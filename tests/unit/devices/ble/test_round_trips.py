"""Any bytes are read without raising, and what an encoder of its own writes is read back.

The tables here are written off the specification once more, on purpose: two slips of the pen are seldom the same.
"""

import math
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.ble.measurement import Flaw
from devices.ble.services import DECODERS, decode
from devices.ble.uuids import assigned

SESSION = """
energy_kcal 2 1 {0}; energy_kcal_per_h 2 1 {0}; energy_kcal_per_min 1 1 {0}; heart_rate_bpm 1 1 {1};
metabolic_equivalent 1 10 {2}; elapsed_s 2 1 {3}; remaining_s 2 1 {4}"""
BIKE = """
speed_mps 2 360 ~0; average_speed_mps 2 360 1; cadence_rpm 2 2 2; average_cadence_rpm 2 2 3; distance_m 3 1 4;
resistance -2 1 5; power_w -2 1 6; average_power_w -2 1 7;"""
TREADMILL = """
speed_mps 2 360 ~0; average_speed_mps 2 360 1; distance_m 3 1 2; incline_percent -2 10 3; ramp_angle_deg -2 10 3;
ascent_m 2 10 4; descent_m 2 10 4; pace_s_per_500_m 2 1 5; average_pace_s_per_500_m 2 1 6;"""
BELT = """
; belt_force_n -2 1 12; power_w -2 1 12; steps 3 1 13"""
CROSS_TRAINER = """
speed_mps 2 360 ~0; average_speed_mps 2 360 1; distance_m 3 1 2; steps_per_min 2 1 3; average_steps_per_min 2 1 3;
strides 2 10 4; ascent_m 2 1 5; descent_m 2 1 5; incline_percent -2 10 6; ramp_angle_deg -2 10 6; resistance -2 10 7;
power_w -2 1 8; average_power_w -2 1 9;"""
POWER = """
power_w -2 1 -; pedal_balance_percent 1 2 0; torque_nm 2 32 2; wheel_revolutions 4 1 4; wheel_event_s 2 2048 4;
crank_revolutions 2 1 5; crank_event_s 2 1024 5; greatest_force_n -2 1 6; least_force_n -2 1 6;
greatest_torque_nm -2 32 7; least_torque_nm -2 32 7; angles 3 1 8; top_dead_spot_deg 2 1 9; bottom_dead_spot_deg 2 1 10;
energy_kj 2 1 11"""
CSC = "wheel_revolutions 4 1 0; wheel_event_s 2 1024 0; crank_revolutions 2 1 1; crank_event_s 2 1024 1"
RSC = "speed_mps 2 256 -; steps_per_min 1 1 -; stride_length_m 2 100 0; distance_m 4 10 1"
HEART_RATE = "heart_rate_bpm 1 1 ~0; heart_rate_bpm 2 1 0; energy_kj 2 1 3"
TABLES = {
    0x2AD2: (2, BIKE + SESSION.format(8, 9, 10, 11, 12)),
    0x2ACD: (2, TREADMILL + SESSION.format(7, 8, 9, 10, 11) + BELT),
    0x2ACE: (3, CROSS_TRAINER + SESSION.format(10, 11, 12, 13, 14)),
    0x2A63: (2, POWER),
    0x2A5B: (1, CSC),
    0x2A53: (1, RSC),
    0x2A37: (1, HEART_RATE),
}
"""The bytes of the flags, and of each field its name, bytes (negative: signed), how many make a unit, and the bit that
says that it is there: `~` where by being 0, `-` where it always is."""
NOT_AVAILABLE = {
    **dict.fromkeys(("energy_kcal", "energy_kcal_per_h"), 0xFFFF),
    "energy_kcal_per_min": 0xFF,
    **dict.fromkeys(("incline_percent", "ramp_angle_deg", "belt_force_n", (0x2ACD, "power_w")), 0x7FFF),
}


def rows(number):
    for row in TABLES[number][1].split(";"):
        name, size, per_unit, bit = row.split()
        yield name, int(size), int(per_unit), bit


def is_there(bit, flags):
    return bit == "-" or (flags >> int(bit.strip("~")) & 1) != bit.startswith("~")


@st.composite
def frames(draw, number):
    """A frame, and the values in it."""
    flag_bytes, _ = TABLES[number]
    bits = sorted({int(bit.strip("~")) for *_, bit in rows(number) if bit != "-"})
    flags = sum(1 << bit for bit in draw(st.sets(st.sampled_from(bits))))
    frame, values = flags.to_bytes(flag_bytes, "little"), {}
    for name, size, per_unit, bit in rows(number):
        if is_there(bit, flags):
            count = 1 << 8 * abs(size)
            raw = draw(st.integers(-count // 2, count // 2 - 1) if size < 0 else st.integers(0, count - 1))
            frame += raw.to_bytes(abs(size), "little", signed=size < 0)
            if raw != NOT_AVAILABLE.get((number, name), NOT_AVAILABLE.get(name)) and name != "angles":
                values[name] = raw / per_unit
    return frame, values


@pytest.mark.parametrize("number", TABLES, ids=hex)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read(number, data):
    frame, values = data.draw(frames(number))
    measurement = decode(assigned(number), frame)
    assert measurement.values == values
    assert not {Flaw.SHORT, Flaw.TRAILING, Flaw.ONE_BYTE_RESISTANCE, Flaw.ONE_BYTE_PACE} & set(measurement.flaws)


@pytest.mark.parametrize("number", TABLES, ids=hex)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_of_a_cut_frame_nothing_is_read_that_was_not_written(number, data):
    frame, values = data.draw(frames(number))
    cut = frame[: data.draw(st.integers(0, len(frame)))]
    measurement = decode(assigned(number), cut)
    if {Flaw.ONE_BYTE_RESISTANCE, Flaw.ONE_BYTE_PACE}.isdisjoint(measurement.flaws):
        assert measurement.values.items() <= values.items()
        assert (Flaw.SHORT in measurement.flaws) == (len(cut) < len(frame))


@pytest.mark.parametrize("number", TABLES, ids=hex)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_what_trails_changes_no_value(number, data):
    frame, values = data.draw(frames(number))
    measurement = decode(assigned(number), frame + data.draw(st.binary(min_size=1, max_size=9)))
    assert measurement.values == values
    assert Flaw.TRAILING in measurement.flaws


@pytest.mark.parametrize("uuid", DECODERS)
@settings(max_examples=50, deadline=None)
@given(frame=st.binary(max_size=40), mutable=st.booleans())
def test_any_bytes_are_read(uuid, frame, mutable):
    measurement = decode(uuid, bytearray(frame) if mutable else frame)
    assert all(type(value) is float and math.isfinite(value) for value in measurement.values.values())
    assert all(0 <= each < 64 for each in measurement.rr_s)


@settings(max_examples=50, deadline=None)
@given(beats=st.lists(st.integers(0, 0xFFFF), max_size=9), wide=st.booleans())
def test_times_between_beats_are_read(beats, wide):
    frame = bytes([0x10 | wide]) + pack("<H" if wide else "<B", 61) + pack(f"<{len(beats)}H", *beats)
    assert decode(assigned(0x2A37), frame).rr_s == tuple(each / 1024 for each in beats)
