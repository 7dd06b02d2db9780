"""The fields that machines of the Fitness Machine Service (FTMS 1.0) have in common, each at the bit of theirs."""

from typing import Final

from devices.ble.fields import U24, Field, Narrow
from devices.ble.measurement import Flaw, Quantity

KMH: Final = 360
"""0.01 km/h in a metre a second."""
_TENTHS: Final = 10
_TENS: Final = 0.1
_NO_U16: Final = 0xFFFF
_NO_S16: Final = 0x7FFF
_NO_U8: Final = 0xFF

SPEED: Final = (
    Field(Quantity.SPEED_MPS, "H", KMH, bit=0, present_when=0),  # the bit is More Data: the speed comes with the last
    Field(Quantity.AVERAGE_SPEED_MPS, "H", KMH, bit=1),
)


def distance(bit: int) -> Field:
    return Field(Quantity.DISTANCE_M, U24, bit=bit)


def incline(bit: int) -> tuple[Field, ...]:
    return (
        Field(Quantity.INCLINE_PERCENT, "h", _TENTHS, bit, not_available=_NO_S16),
        Field(Quantity.RAMP_ANGLE_DEG, "h", _TENTHS, bit, not_available=_NO_S16),
    )


def ascent(bit: int, per_unit: int) -> tuple[Field, ...]:
    return Field(Quantity.ASCENT_M, "H", per_unit, bit), Field(Quantity.DESCENT_M, "H", per_unit, bit)


def resistance(bit: int, per_unit: int) -> Field:
    """FTMS says s16; the GATT Specification Supplement, and who built by it, u8 in tens."""
    narrow = Narrow(Flaw.ONE_BYTE_RESISTANCE, _TENS)
    return Field(Quantity.RESISTANCE, "h", per_unit, bit, narrow=narrow)


def power(bit: int) -> tuple[Field, ...]:
    """Instantaneous, and at the next bit the average."""
    return Field(Quantity.POWER_W, "h", bit=bit), Field(Quantity.AVERAGE_POWER_W, "h", bit=bit + 1)


def session(bit: int) -> tuple[Field, ...]:
    """Expended Energy, and at the bits that follow Heart Rate, Metabolic Equivalent, Elapsed and Remaining Time."""
    return (
        Field(Quantity.ENERGY_KCAL, "H", bit=bit, not_available=_NO_U16),
        Field(Quantity.ENERGY_KCAL_PER_H, "H", bit=bit, not_available=_NO_U16),
        Field(Quantity.ENERGY_KCAL_PER_MIN, "B", bit=bit, not_available=_NO_U8),
        Field(Quantity.HEART_RATE_BPM, "B", bit=bit + 1),
        Field(Quantity.METABOLIC_EQUIVALENT, "B", _TENTHS, bit + 2),
        Field(Quantity.ELAPSED_S, "H", bit=bit + 3),
        Field(Quantity.REMAINING_S, "H", bit=bit + 4),
    )
