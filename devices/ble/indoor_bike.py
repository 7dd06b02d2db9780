"""Indoor Bike Data, 0x2AD2 (FTMS 1.0, 4.9): a trainer or an exercise bike."""

from typing import Final

from devices.ble.decoding import decoder
from devices.ble.fields import Field
from devices.ble.machine import SPEED, distance, power, resistance, session
from devices.ble.measurement import Quantity
from devices.ble.tables import Table
from devices.ble.uuids import assigned

UUID: Final = assigned(0x2AD2)
_HALVES: Final = 2

decode = decoder(
    Table(
        flag_bytes=2,
        fields=(
            *SPEED,
            Field(Quantity.CADENCE_RPM, "H", _HALVES, bit=2),
            Field(Quantity.AVERAGE_CADENCE_RPM, "H", _HALVES, bit=3),
            distance(bit=4),
            resistance(bit=5, per_unit=1),
            *power(bit=6),
            *session(bit=8),
        ),
    )
)
