"""What a fitness machine can do: Fitness Machine Feature, 0x2ACC (FTMS 1.0, 4.3), and the ranges of its targets."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from struct import Struct
from typing import Final, NamedTuple, TypeVar

from devices.ble.fields import Frame
from devices.ble.uuids import assigned

FEATURE: Final = assigned(0x2ACC)
POWER_RANGE: Final = assigned(0x2AD8)
RESISTANCE_RANGE: Final = assigned(0x2AD6)

_WORDS: Final = Struct("<II")
_POWER: Final = {6: (Struct("<hhH"), 1.0)}
_RESISTANCE: Final = {6: (Struct("<hhH"), 10.0), 3: (Struct("<BBB"), 0.1)}
"""By length, how a range is sent and how many make a watt or a level: FTMS has s16, the Supplement u8 in tens."""


class Machine(IntEnum):
    """What the machine tells, by bit: Fitness Machine Features."""

    AVERAGE_SPEED = 0
    CADENCE = 1
    DISTANCE = 2
    INCLINATION = 3
    ELEVATION = 4
    PACE = 5
    STEPS = 6
    RESISTANCE = 7
    STRIDES = 8
    ENERGY = 9
    HEART_RATE = 10
    METABOLIC_EQUIVALENT = 11
    ELAPSED = 12
    REMAINING = 13
    POWER = 14
    BELT_FORCE = 15
    USER_DATA = 16


class Target(IntEnum):
    """What the machine can be told, by bit: Target Setting Features."""

    SPEED = 0
    INCLINATION = 1
    RESISTANCE = 2
    POWER = 3
    HEART_RATE = 4
    ENERGY = 5
    STEPS = 6
    STRIDES = 7
    DISTANCE = 8
    TIME = 9
    TWO_ZONES = 10
    THREE_ZONES = 11
    FIVE_ZONES = 12
    SIMULATION = 13
    WHEEL_CIRCUMFERENCE = 14
    SPIN_DOWN = 15
    CADENCE = 16


class Kind(IntEnum):
    """Which machine it says it is in its advertisement, by bit of Fitness Machine Type."""

    TREADMILL = 0
    CROSS_TRAINER = 1
    STEP_CLIMBER = 2
    STAIR_CLIMBER = 3
    ROWER = 4
    INDOOR_BIKE = 5


@dataclass(frozen=True, slots=True)
class Features:
    tells: frozenset[Machine] = frozenset()
    takes: frozenset[Target] = frozenset()


class Range(NamedTuple):
    """What a target may be, in watts or levels; `step` is 0 where the machine does not say."""

    least: float
    most: float
    step: float


_Bits = TypeVar("_Bits", bound=IntEnum)


def features(frame: Frame) -> Features:
    """Both words; what was cut off is not supported."""
    tells, takes = _WORDS.unpack(bytes(frame[: _WORDS.size]).ljust(_WORDS.size, b"\0"))
    return Features(_among(Machine, tells), _among(Target, takes))


def kinds(service_data: Frame) -> frozenset[Kind]:
    """What the advertisement's Service Data of 0x1826 says (3.1): a byte of flags, and the types."""
    return _among(Kind, int.from_bytes(service_data[1:3], "little"))


def power_range(frame: Frame) -> Range | None:
    """Supported Power Range, in watts; None where it is cut, or holds nothing."""
    return _range(frame, _POWER)


def resistance_range(frame: Frame) -> Range | None:
    """Supported Resistance Level Range, in levels; None where it is cut, or holds nothing."""
    return _range(frame, _RESISTANCE)


def _range(frame: Frame, forms: Mapping[int, tuple[Struct, float]]) -> Range | None:
    if len(frame) not in forms:
        return None
    form, per_unit = forms[len(frame)]
    least, most, step = (each / per_unit for each in form.unpack(frame))
    return Range(least, most, step) if least < most else None


def _among(bits: type[_Bits], word: int) -> frozenset[_Bits]:
    return frozenset(bit for bit in bits if word >> bit & 1)
