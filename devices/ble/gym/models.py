"""The kinds of machines that a gym has."""

from collections.abc import Iterable, Iterator
from typing import Final

from devices.ble.gym import frames
from devices.ble.gym.machine import Machine
from devices.ble.gym.model import Model

_KMH_PER_MPS: Final = 3.6
_KM_PER_MILE: Final = 1.609344
_WHEEL_M: Final = 2.105  # 700 x 25 C
_STEPS_A_METRE: Final = 1.35

# Fitness Machine Feature: cadence, distance, resistance, power measured; resistance and power as targets.
_BIKE_FEATURES: Final = bytes.fromhex("8640000 00c000000".replace(" ", ""))
_BELT_FEATURES: Final = bytes.fromhex("0c00000000000000")


def _bike_frames(machine: Machine, time_s: float) -> Iterator[tuple[int, bytes]]:
    effort = machine.rider.at(time_s, machine.target_w)
    speed_kmh = effort.speed_mps * _KMH_PER_MPS / (_KM_PER_MILE if machine.faults.mph else 1)
    sent = {
        "cadence_rpm": effort.cadence_rpm,
        "distance_m": machine.distance_m,
        "resistance": b"\x0a" if machine.faults.one_byte_resistance else b"\x0a\x00",
        "power_w": effort.power_w,
    }
    if machine.faults.frozen:
        del sent["power_w"]
    elif machine.faults.split:
        yield 0x2AD2, frames.indoor_bike(None, power_w=effort.power_w)
        del sent["power_w"]
    yield 0x2AD2, frames.indoor_bike(speed_kmh, **sent)  # type: ignore[arg-type]


def _belt_frames(machine: Machine, time_s: float) -> Iterator[tuple[int, bytes]]:
    effort = machine.rider.at(time_s)
    speed_kmh = effort.speed_mps * _KMH_PER_MPS / (_KM_PER_MILE if machine.faults.mph else 1)
    yield 0x2ACD, frames.treadmill(speed_kmh, distance_m=machine.distance_m, incline_percent=0.0)


def _power_frames(machine: Machine, time_s: float) -> Iterator[tuple[int, bytes]]:
    effort = machine.rider.at(time_s)
    turns, turned_s = _turns(machine, time_s)
    yield 0x2A63, frames.cycling_power(effort.power_w, turns, turned_s)


def _wheel_frames(machine: Machine, time_s: float) -> Iterator[tuple[int, bytes]]:
    turns, turned_s = _turns(machine, time_s)
    rolled = int(machine.distance_m / _WHEEL_M)
    speed_mps = machine.rider.speed_mps
    yield 0x2A5B, frames.csc(rolled, rolled * _WHEEL_M / speed_mps, turns, turned_s)


def _turns(machine: Machine, time_s: float) -> tuple[int, float]:
    """Whole crank turns so far at the rider's own cadence, and when the last was complete."""
    turns = int(time_s * machine.rider.cadence_rpm / 60)
    return turns, turns * 60 / machine.rider.cadence_rpm


def _strap_frames(machine: Machine, time_s: float) -> Iterator[tuple[int, bytes]]:
    yield 0x2A37, frames.heart_rate(machine.rider.at(time_s).heart_rate_bpm)


def _pod_frames(machine: Machine, time_s: float) -> Iterator[tuple[int, bytes]]:
    speed_mps = machine.rider.at(time_s).speed_mps
    yield 0x2A53, frames.rsc(speed_mps, min(255, round(speed_mps * _STEPS_A_METRE * 60 / 2)))


def _nothing(_machine: Machine, _time_s: float) -> Iterable[tuple[int, bytes]]:
    return ()


BIKE: Final = Model("Gym Bike", {0x1826: {0x2ACC: _BIKE_FEATURES, 0x2AD2: None}}, _bike_frames, is_controlled=True)
TREADMILL: Final = Model("Gym Belt", {0x1826: {0x2ACC: _BELT_FEATURES, 0x2ACD: None}}, _belt_frames)
POWER_METER: Final = Model("Gym Power", {0x1818: {0x2A63: None}}, _power_frames)
CADENCE_SENSOR: Final = Model("Gym Cadence", {0x1816: {0x2A5B: None}}, _wheel_frames)
STRAP: Final = Model("Gym Strap", {0x180D: {0x2A37: None}}, _strap_frames)
FOOT_POD: Final = Model("Gym Pod", {0x1814: {0x2A53: None}}, _pod_frames)
SCALES: Final = Model("Gym Scales", {0x181D: {0x2A9D: None}}, _nothing)
"""Nothing that a ride could use."""
