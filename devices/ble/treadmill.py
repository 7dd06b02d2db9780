"""Treadmill Data, 0x2ACD (FTMS 1.0, 4.4)."""

from typing import Final

from devices.ble.decoding import decoder
from devices.ble.fields import U24, Field, Narrow
from devices.ble.machine import SPEED, ascent, distance, incline, session
from devices.ble.measurement import Flaw, Quantity
from devices.ble.tables import Table
from devices.ble.uuids import assigned

UUID: Final = assigned(0x2ACD)
_TENTHS: Final = 10
_NO_S16: Final = 0x7FFF
_ONE_BYTE: Final = Narrow(Flaw.ONE_BYTE_PACE)
"""FTMS 1.0 had pace as u8 in 0.1 km a minute, which is 6 km/h a step; its correction, u16 in seconds for 500 m."""

decode = decoder(
    Table(
        flag_bytes=2,
        fields=(
            *SPEED,
            distance(bit=2),
            *incline(bit=3),
            *ascent(bit=4, per_unit=_TENTHS),
            Field(Quantity.PACE_S_PER_500_M, "H", bit=5, narrow=_ONE_BYTE),
            Field(Quantity.AVERAGE_PACE_S_PER_500_M, "H", bit=6, narrow=_ONE_BYTE),
            *session(bit=7),
            Field(Quantity.BELT_FORCE_N, "h", bit=12, not_available=_NO_S16),
            Field(Quantity.POWER_W, "h", bit=12, not_available=_NO_S16),
            Field(Quantity.STEPS, U24, bit=13),  # FitShow's; the SIG has the bit reserved
        ),
    )
)
