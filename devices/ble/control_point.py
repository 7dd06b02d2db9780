"""Fitness Machine Control Point, 0x2AD9 (FTMS 1.0, 4.16): what may be asked of a machine, and its answers.

The hand-shake: enable indications, write `request_control()`, wait for its answer, write a command, wait again;
one at a time, and from the beginning after a reconnect or when the status says that control is lost.

There is no builder for start or resume, speed or inclination, and there shall be none: treadmills have started by
themselves. A machine is started by the person who stands at it.
"""

from enum import IntEnum
from struct import Struct
from typing import Final, NamedTuple

from devices.ble.fields import Frame
from devices.ble.uuids import assigned

UUID: Final = assigned(0x2AD9)
_S16: Final = Struct("<Bh")
_U16: Final = Struct("<BH")
_MOST_W: Final = 0x7FFF
_MOST_RESISTANCE: Final = 3276.7
_MOST_ONE_BYTE: Final = 25.5


class Op(IntEnum):
    """Op codes; for answers, also those that are never sent."""

    REQUEST_CONTROL = 0x00
    RESET = 0x01
    TARGET_SPEED = 0x02
    TARGET_INCLINATION = 0x03
    TARGET_RESISTANCE = 0x04
    TARGET_POWER = 0x05
    TARGET_HEART_RATE = 0x06
    START_OR_RESUME = 0x07
    STOP_OR_PAUSE = 0x08
    SIMULATION = 0x11
    WHEEL_CIRCUMFERENCE = 0x12
    SPIN_DOWN = 0x13
    TARGET_CADENCE = 0x14
    ANSWER = 0x80


_OPS: Final = frozenset(Op)


class Result(IntEnum):
    """Result codes."""

    DONE = 0x01
    NOT_SUPPORTED = 0x02
    BAD_PARAMETER = 0x03
    FAILED = 0x04
    NOT_PERMITTED = 0x05
    UNKNOWN = 0x00  # reserved, or cut off

    @classmethod
    def _missing_(cls, _: object) -> "Result":
        return cls.UNKNOWN


class Answer(NamedTuple):
    """What a machine says to a command; `op` is an `Op` where it is one of them."""

    op: int
    result: Result


def request_control() -> bytes:
    return bytes([Op.REQUEST_CONTROL])


def reset() -> bytes:
    """All targets as they were before, and control given back: how a ride releases a trainer."""
    return bytes([Op.RESET])


def stop() -> bytes:
    return bytes([Op.STOP_OR_PAUSE, 1])


def pause() -> bytes:
    return bytes([Op.STOP_OR_PAUSE, 2])


def target_power(watts: float) -> bytes:
    """Hold this power (ERG), whatever the cadence; to the watt.

    Raises:
        ValueError: below 0, or more than the field holds.
    """
    return _S16.pack(Op.TARGET_POWER, round(_within(watts, _MOST_W, "W")))


def target_resistance(level: float, *, one_byte: bool = False) -> bytes:
    """Hold this level, to a tenth, within the machine's own range (`devices.ble.features.Range`).

    Args:
        level: in the unit of that range.
        one_byte: as FTMS 1.0 has it; later machines take s16, and some refuse the one byte (a Tacx Flux).

    Raises:
        ValueError: below 0, or more than the field holds.
    """
    tenths = round(10 * _within(level, _MOST_ONE_BYTE if one_byte else _MOST_RESISTANCE, "levels"))
    return bytes([Op.TARGET_RESISTANCE, tenths]) if one_byte else _S16.pack(Op.TARGET_RESISTANCE, tenths)


def target_cadence(rpm: float) -> bytes:
    """A cadence to show, to half a turn; a machine does not turn by it.

    Raises:
        ValueError: below 0, or more than the field holds.
    """
    return _U16.pack(Op.TARGET_CADENCE, round(2 * _within(rpm, _MOST_W, "rpm")))


def answer(frame: Frame) -> Answer | None:
    """What an indication says; None where it is no answer to a command."""
    match tuple(frame[:3]):
        case (Op.ANSWER, op, result):
            return Answer(_op(op), Result(result))
        case (Op.ANSWER, op):
            return Answer(_op(op), Result.UNKNOWN)
        case _:
            return None


def _op(number: int) -> int:
    return Op(number) if number in _OPS else number


def _within(value: float, most: float, unit: str) -> float:
    if not 0 <= value <= most:
        raise ValueError(f"A target is between 0 and {most:g} {unit}, and {value:g} is not.")
    return value
