"""Frames of real devices, from public reports of what went wrong with them."""

import pytest

from devices.ble.measurement import Flaw, Quantity
from devices.ble.services import decode
from devices.ble.uuids import assigned

KMH, TICKS = 3.6, 1024
NAMES = {
    "speed_kmh": (Quantity.SPEED_MPS, KMH),
    "speed_avg_kmh": (Quantity.AVERAGE_SPEED_MPS, KMH),
    "speed_m_s": (Quantity.SPEED_MPS, 1),
    "cadence": (Quantity.CADENCE_RPM, 1),
    "cadence_avg": (Quantity.AVERAGE_CADENCE_RPM, 1),
    "distance_m": (Quantity.DISTANCE_M, 1),
    "total_distance_m": (Quantity.DISTANCE_M, 1),
    "resistance": (Quantity.RESISTANCE, 1),
    "power_w": (Quantity.POWER_W, 1),
    "power_avg_w": (Quantity.AVERAGE_POWER_W, 1),
    "heart_rate_bpm": (Quantity.HEART_RATE_BPM, 1),
    "energy_kcal": (Quantity.ENERGY_KCAL, 1),
    "energy_expended_kj": (Quantity.ENERGY_KJ, 1),
    "elapsed_s": (Quantity.ELAPSED_S, 1),
    "inclination_pct": (Quantity.INCLINE_PERCENT, 1),
    "ramp_angle_deg": (Quantity.RAMP_ANGLE_DEG, 1),
    "elevation_gain_m": (Quantity.ASCENT_M, 1),
    "elevation_loss_m": (Quantity.DESCENT_M, 1),
    "accumulated_torque_nm": (Quantity.TORQUE_NM, 1),
    "pedal_balance_pct": (Quantity.PEDAL_BALANCE_PERCENT, 1),
    "wheel_revolutions": (Quantity.WHEEL_REVOLUTIONS, 1),
    "wheel_event_time": (Quantity.WHEEL_EVENT_S, TICKS),
    "crank_revolutions": (Quantity.CRANK_REVOLUTIONS, 1),
    "crank_event_time": (Quantity.CRANK_EVENT_S, TICKS),
    "stride_length_m": (Quantity.STRIDE_LENGTH_M, 1),
}
FOOT_POD = NAMES | {"cadence": (Quantity.STEPS_PER_MIN, 1)}
APART = ("rr_intervals_s", "contact", "running")
UNNAMED = {Quantity.ENERGY_KCAL_PER_H, Quantity.ENERGY_KCAL_PER_MIN, Quantity.STEPS}
"""What comes along with a field, and the vectors leave out."""


def test_a_frame_means_what_its_vector_says_and_nothing_else(vector):
    measurement = decode(assigned(int(vector["characteristic"], 16)), bytes.fromhex(vector["hex"]))
    names = FOOT_POD if vector["characteristic"] == "0x2A53" else NAMES
    expected = {
        names[name][0]: pytest.approx(value / names[name][1])
        for name, value in vector["expect"].items()
        if name not in APART
    }
    assert {name: value for name, value in measurement.values.items() if name not in UNNAMED} == expected
    apart = {
        "rr_intervals_s": list(measurement.rr_s),
        "contact": measurement.contact,
        "running": measurement.running,
    }
    for name in APART:
        assert name not in vector["expect"] or apart[name] == vector["expect"][name]


def test_a_frame_is_flawed_where_its_vector_says_why(vector):
    measurement = decode(assigned(int(vector["characteristic"], 16)), bytes.fromhex(vector["hex"]))
    told = {
        "truncated": Flaw.SHORT,
        "trailing byte": Flaw.TRAILING,
        "uint8 resistance": Flaw.ONE_BYTE_RESISTANCE,
    }
    of_length = {Flaw.SHORT, Flaw.TRAILING, Flaw.ONE_BYTE_RESISTANCE, Flaw.ONE_BYTE_PACE}
    assert of_length & set(measurement.flaws) == {flaw for word, flaw in told.items() if word in vector["source"]}
