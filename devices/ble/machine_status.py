"""Fitness Machine Status, 0x2ADA (FTMS 1.0, 4.17): what was done at the machine, or by another program."""

from enum import IntEnum
from struct import Struct
from typing import Final, NamedTuple

from devices.ble.fields import Frame
from devices.ble.machine import KMH
from devices.ble.uuids import assigned

UUID: Final = assigned(0x2ADA)


class Event(IntEnum):
    """Op codes; `PAUSED` is `STOPPED` with the parameter 2, and has a number of ours."""

    UNKNOWN = 0x00
    RESET = 0x01
    STOPPED = 0x02
    STOPPED_BY_SAFETY_KEY = 0x03
    STARTED = 0x04
    SPEED_CHANGED = 0x05
    INCLINE_CHANGED = 0x06
    RESISTANCE_CHANGED = 0x07
    POWER_CHANGED = 0x08
    HEART_RATE_CHANGED = 0x09
    SIMULATION_CHANGED = 0x12
    SPIN_DOWN = 0x14
    CADENCE_CHANGED = 0x15
    CONTROL_LOST = 0xFF
    PAUSED = 0x102

    @classmethod
    def _missing_(cls, _: object) -> "Event":
        return cls.UNKNOWN


class Status(NamedTuple):
    """What has happened; of a changed target also its value: m/s, %, levels, W, 1/min."""

    event: Event
    value: float | None = None


_PAUSED: Final = 2
_TARGETS: Final = {
    Event.SPEED_CHANGED: (Struct("<xH"), KMH),
    Event.INCLINE_CHANGED: (Struct("<xh"), 10),
    Event.RESISTANCE_CHANGED: (Struct("<xB"), 10),
    Event.POWER_CHANGED: (Struct("<xh"), 1),
    Event.HEART_RATE_CHANGED: (Struct("<xB"), 1),
    Event.CADENCE_CHANGED: (Struct("<xH"), 2),
}
_RESISTANCE_S16: Final = Struct("<xh")


def status(frame: Frame) -> Status:
    """Never raises: what is cut has no value, what nobody knows is `UNKNOWN`."""
    if not frame:
        return Status(Event.UNKNOWN)
    event = Event(frame[0])
    if event is Event.STOPPED and frame[1:2] == bytes([_PAUSED]):
        return Status(Event.PAUSED)
    if event not in _TARGETS:
        return Status(event)
    number, per_unit = _TARGETS[event]
    if event is Event.RESISTANCE_CHANGED and len(frame) == _RESISTANCE_S16.size:
        number = _RESISTANCE_S16
    return Status(event, number.unpack_from(frame)[0] / per_unit) if len(frame) >= number.size else Status(event)
