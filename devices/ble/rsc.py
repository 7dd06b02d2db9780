"""RSC Measurement, 0x2A53 (RSCS 1.0, 3.1): a foot pod."""

from typing import Final

from devices.ble.decoding import decoder
from devices.ble.fields import Field
from devices.ble.measurement import Quantity
from devices.ble.tables import Table
from devices.ble.uuids import assigned

UUID: Final = assigned(0x2A53)
_RUNNING: Final = 1 << 2

decode = decoder(
    Table(
        flag_bytes=1,
        fields=(
            Field(Quantity.SPEED_MPS, "H", 256),
            Field(Quantity.STEPS_PER_MIN, "B"),  # of one foot or of both: see `devices.ble.feet`
            Field(Quantity.STRIDE_LENGTH_M, "H", 100, bit=0),
            Field(Quantity.DISTANCE_M, "I", 10, bit=1),
        ),
        running=lambda flags: bool(flags & _RUNNING),
    )
)
