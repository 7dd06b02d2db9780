"""Training Status, 0x2AD3 (FTMS 1.0, 4.10): what the machine believes the person is doing."""

from enum import IntEnum
from typing import Final, NamedTuple

from devices.ble.device_information import text
from devices.ble.fields import Frame
from devices.ble.uuids import assigned

UUID: Final = assigned(0x2AD3)
_HAS_STRING: Final = 1


class Phase(IntEnum):
    """The field Training Status; what is reserved is `OTHER`."""

    OTHER = 0x00
    IDLE = 0x01
    WARMING_UP = 0x02
    LOW_INTENSITY_INTERVAL = 0x03
    HIGH_INTENSITY_INTERVAL = 0x04
    RECOVERY_INTERVAL = 0x05
    ISOMETRIC = 0x06
    HEART_RATE_CONTROL = 0x07
    FITNESS_TEST = 0x08
    SPEED_TOO_LOW = 0x09  # of the region in which it controls
    SPEED_TOO_HIGH = 0x0A
    COOL_DOWN = 0x0B
    WATT_CONTROL = 0x0C
    MANUAL = 0x0D
    BEFORE_WORKOUT = 0x0E
    AFTER_WORKOUT = 0x0F

    @classmethod
    def _missing_(cls, _: object) -> "Phase":
        return cls.OTHER


class TrainingStatus(NamedTuple):
    phase: Phase
    string: str | None = None


def training_status(frame: Frame) -> TrainingStatus | None:
    """A byte of flags, the status, and words where the flags say so; None where it is cut before the status."""
    match tuple(frame[:2]):
        case (flags, phase):
            return TrainingStatus(Phase(phase), text(frame[2:]) if flags & _HAS_STRING else None)
        case _:
            return None
