"""pycycling 0.4.1 on the same frames, where it is right.

It is not, and left out here, in that
- power, forces and torques of a power meter are unsigned with it: -10 W is 65,526 W;
- bytes that are missing are zeros with it, and a cut heart rate raises;
- resistance in one byte moves all that follows;
- energy that is not available is 65,535 kcal, and 255 a minute;
- a strap that can tell of contact, and has none, has contact;
- angles of a power meter, and cadence and speed from counters, it leaves to others;
- a training status is only there with it where the flags say that words follow, and the words raise.
"""

from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycycling.cycling_power_service import _parse_cycling_power_measurement
from pycycling.cycling_speed_cadence_service import _parse_csc_measurement
from pycycling.ftms_parsers import parse_all_features, parse_control_point_response, parse_indoor_bike_data
from pycycling.heart_rate_service import _parse_hr_measurement

from devices.ble import control_point, csc, cycling_power, features, heart_rate, indoor_bike

BIKE = {
    "speed_mps": ("instant_speed", 3.6),
    "average_speed_mps": ("average_speed", 3.6),
    "cadence_rpm": ("instant_cadence", 1),
    "average_cadence_rpm": ("average_cadence", 1),
    "distance_m": ("total_distance", 1),
    "resistance": ("resistance_level", 1),
    "power_w": ("instant_power", 1),
    "average_power_w": ("average_power", 1),
    "energy_kcal": ("total_energy", 1),
    "energy_kcal_per_h": ("energy_per_hour", 1),
    "energy_kcal_per_min": ("energy_per_minute", 1),
    "heart_rate_bpm": ("heart_rate", 1),
    "metabolic_equivalent": ("metabolic_equivalent", 1),
    "elapsed_s": ("elapsed_time", 1),
    "remaining_s": ("remaining_time", 1),
}
POWER = {
    "power_w": ("instantaneous_power", 1),
    "pedal_balance_percent": ("pedal_power_balance", 2),
    "torque_nm": ("accumulated_torque", 32),
    "wheel_revolutions": ("cumulative_wheel_revs", 1),
    "wheel_event_s": ("last_wheel_event_time", 2048),
    "crank_revolutions": ("cumulative_crank_revs", 1),
    "crank_event_s": ("last_crank_event_time", 1024),
    "greatest_force_n": ("maximum_force_magnitude", 1),
    "least_force_n": ("minimum_force_magnitude", 1),
    "greatest_torque_nm": ("maximum_torque_magnitude", 32),
    "least_torque_nm": ("minimum_torque_magnitude", 32),
    "top_dead_spot_deg": ("top_dead_spot_angle", 1),
    "bottom_dead_spot_deg": ("bottom_dead_spot_angle", 1),
    "energy_kj": ("accumulated_energy", 1),
}
CSC = {name: POWER[name] for name in ("wheel_revolutions", "crank_revolutions", "crank_event_s")} | {
    "wheel_event_s": ("last_wheel_event_time", 1024)
}
BIKE_SIZES = (2, 2, 2, 2, 3, 2, 2, 2, 5, 1, 1, 2, 2)
POWER_SIZES = (1, 0, 2, 0, 6, 4, 4, 4, 3, 2, 2, 2, 0)


def agree(values, other, names):
    told = {name: getattr(other, theirs) for name, (theirs, _) in names.items()}
    expected = {name: told[name] / names[name][1] for name in told if told[name] is not None}
    assert values == pytest.approx(expected)


def body(flags, sizes, data, *, inverted=0, most=0x7F):
    """Bytes for the fields that the flags say are there, each positive and available."""
    length = sum(size for bit, size in enumerate(sizes) if (flags ^ inverted) >> bit & 1)
    return bytes(data.draw(st.lists(st.integers(0, most), min_size=length, max_size=length)))


@settings(deadline=None)
@given(flags=st.integers(0, 0x1FFF), data=st.data())
def test_an_indoor_bike(flags, data):
    most = 0x7F if flags & 1 << 8 else 0xFF  # energy that is not available
    frame = flags.to_bytes(2, "little") + body(flags, BIKE_SIZES, data, inverted=1, most=most)
    agree(indoor_bike.decode(frame).values, parse_indoor_bike_data(frame), BIKE)


@settings(deadline=None)
@given(flags=st.integers(0, 0x1FFF), data=st.data())
def test_a_power_meter(flags, data):
    frame = flags.to_bytes(2, "little") + pack("<H", data.draw(st.integers(0, 2000))) + body(flags, POWER_SIZES, data)
    agree(cycling_power.decode(frame).values, _parse_cycling_power_measurement(frame), POWER)


@settings(deadline=None)
@given(flags=st.integers(0, 3), data=st.data())
def test_speed_and_cadence(flags, data):
    frame = bytes([flags]) + body(flags, (6, 4), data, most=0xFF)
    agree(csc.decode(frame).values, _parse_csc_measurement(frame), CSC)


@settings(deadline=None)
@given(
    flags=st.integers(0, 0x1F), heart_rate_bpm=st.integers(1, 255), beats=st.lists(st.integers(0, 0xFFFF), max_size=5)
)
def test_a_strap(flags, heart_rate_bpm, beats):
    energy = pack("<H", 42) if flags & 8 else b""
    times = pack(f"<{len(beats)}H", *beats) if flags & 16 else b""
    frame = bytes([flags]) + pack("<H" if flags & 1 else "<B", heart_rate_bpm) + energy + times
    ours, theirs = heart_rate.decode(frame), _parse_hr_measurement(frame)
    agree(ours.values, theirs, {"heart_rate_bpm": ("bpm", 1), "energy_kj": ("energy_expended", 1)})
    assert [1024 * each for each in ours.rr_s] == theirs.rr_interval


@settings(deadline=None)
@given(frame=st.binary(min_size=8, max_size=8))
def test_features(frame):
    ours, (tells, takes) = features.features(frame), parse_all_features(frame)
    assert [each in ours.tells for each in features.Machine] == list(tells)
    assert [each in ours.takes for each in features.Target] == list(takes)


@pytest.mark.parametrize("result", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("op", [0x00, 0x01, 0x04, 0x05, 0x08, 0x11])
def test_answers(op, result):
    frame = bytes([0x80, op, result])
    ours, theirs = control_point.answer(frame), parse_control_point_response(frame)
    assert (ours.op, ours.result) == (theirs.request_code_enum.value, theirs.result_code_enum.value)
