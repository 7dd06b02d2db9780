"""Heart Rate Measurement, 0x2A37 (HRS 1.0, 3.1): a strap or a watch that tells."""

from typing import Final

from devices.ble.decoding import decoder
from devices.ble.fields import Field
from devices.ble.measurement import Quantity
from devices.ble.tables import Table
from devices.ble.uuids import assigned

UUID: Final = assigned(0x2A37)
_CONTACT: Final = 1 << 1
_TELLS_CONTACT: Final = 1 << 2


def _contact(flags: int) -> bool | None:
    return bool(flags & _CONTACT) if flags & _TELLS_CONTACT else None


decode = decoder(
    Table(
        flag_bytes=1,
        fields=(
            Field(Quantity.HEART_RATE_BPM, "B", bit=0, present_when=0),
            Field(Quantity.HEART_RATE_BPM, "H", bit=0),
            Field(Quantity.ENERGY_KJ, "H", bit=3),
        ),
        beats_bit=4,
        contact=_contact,
    )
)
