"""CSC Measurement, 0x2A5B (CSCS 1.0, 3.1): a bicycle's speed and cadence sensors, which only count."""

from typing import Final

from devices.ble.decoding import decoder
from devices.ble.fields import Field
from devices.ble.measurement import Counter, Quantity
from devices.ble.tables import Table
from devices.ble.uuids import assigned

UUID: Final = assigned(0x2A5B)
WHEEL: Final = Counter("csc", Quantity.WHEEL_REVOLUTIONS, Quantity.WHEEL_EVENT_S, 2**32, wrap_s=64)
CRANK: Final = Counter("csc", Quantity.CRANK_REVOLUTIONS, Quantity.CRANK_EVENT_S, 2**16, wrap_s=64)

decode = decoder(
    Table(
        flag_bytes=1,
        fields=(
            Field(Quantity.WHEEL_REVOLUTIONS, "I", bit=0),
            Field(Quantity.WHEEL_EVENT_S, "H", 1024, bit=0),
            Field(Quantity.CRANK_REVOLUTIONS, "H", bit=1),
            Field(Quantity.CRANK_EVENT_S, "H", 1024, bit=1),
        ),
        counters=(WHEEL, CRANK),
    )
)
