"""Cross Trainer Data, 0x2ACE (FTMS 1.0, 4.5); bit 15, that it runs backwards, is nothing to anybody here."""

from typing import Final

from devices.ble.decoding import decoder
from devices.ble.fields import Field
from devices.ble.machine import SPEED, ascent, distance, incline, power, resistance, session
from devices.ble.measurement import Quantity
from devices.ble.tables import Table
from devices.ble.uuids import assigned

UUID: Final = assigned(0x2ACE)
_TENTHS: Final = 10

decode = decoder(
    Table(
        flag_bytes=3,
        fields=(
            *SPEED,
            distance(bit=2),
            Field(Quantity.STEPS_PER_MIN, "H", bit=3),
            Field(Quantity.AVERAGE_STEPS_PER_MIN, "H", bit=3),
            Field(Quantity.STRIDES, "H", _TENTHS, bit=4),
            *ascent(bit=5, per_unit=1),
            *incline(bit=6),
            resistance(bit=7, per_unit=_TENTHS),
            *power(bit=8),
            *session(bit=10),
        ),
    )
)
