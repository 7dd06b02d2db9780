"""Battery Level, 0x2A19 (BAS 1.1, 3.1): one byte, in percent."""

from typing import Final

from devices.ble.fields import Frame
from devices.ble.measurement import CUT, Flaw, Measurement, Quantity
from devices.ble.uuids import assigned

UUID: Final = assigned(0x2A19)
_MOST: Final = 100


def decode(frame: Frame) -> Measurement:
    """More than 100 % is reserved, and no level."""
    if not frame:
        return CUT
    values = {Quantity.BATTERY_PERCENT: float(frame[0])} if frame[0] <= _MOST else {}
    return Measurement(values, (Flaw.TRAILING,) if len(frame) > 1 else ())
