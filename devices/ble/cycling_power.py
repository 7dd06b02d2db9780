"""Cycling Power Measurement, 0x2A63 (CPS 1.1, 3.2): a power meter or a trainer."""

from typing import Final

from devices.ble.decoding import decoder
from devices.ble.fields import Field
from devices.ble.measurement import Counter, Quantity
from devices.ble.tables import Table
from devices.ble.uuids import assigned

UUID: Final = assigned(0x2A63)
WHEEL: Final = Counter("power", Quantity.WHEEL_REVOLUTIONS, Quantity.WHEEL_EVENT_S, 2**32, wrap_s=32)
CRANK: Final = Counter("power", Quantity.CRANK_REVOLUTIONS, Quantity.CRANK_EVENT_S, 2**16, wrap_s=64)

decode = decoder(
    Table(
        flag_bytes=2,
        fields=(
            Field(Quantity.POWER_W, "h"),
            Field(Quantity.PEDAL_BALANCE_PERCENT, "B", 2, bit=0),  # of the left pedal where bit 1 says so
            Field(Quantity.TORQUE_NM, "H", 32, bit=2),  # at the crank where bit 3 says so, else at the wheel
            Field(Quantity.WHEEL_REVOLUTIONS, "I", bit=4),
            Field(Quantity.WHEEL_EVENT_S, "H", 2048, bit=4),
            Field(Quantity.CRANK_REVOLUTIONS, "H", bit=5),
            Field(Quantity.CRANK_EVENT_S, "H", 1024, bit=5),
            Field(Quantity.GREATEST_FORCE_N, "h", bit=6),
            Field(Quantity.LEAST_FORCE_N, "h", bit=6),
            Field(Quantity.GREATEST_TORQUE_NM, "h", 32, bit=7),
            Field(Quantity.LEAST_TORQUE_NM, "h", 32, bit=7),
            Field(None, "3x", bit=8),  # the angles of both, 12 bits each
            Field(Quantity.TOP_DEAD_SPOT_DEG, "H", bit=9),
            Field(Quantity.BOTTOM_DEAD_SPOT_DEG, "H", bit=10),
            Field(Quantity.ENERGY_KJ, "H", bit=11),
        ),
        counters=(WHEEL, CRANK),
    )
)
