"""Where values come from: frames of several machines as one stream of values, and which of two to believe.

The live view and the recording both go by this; that a ride shows what it records is no accident.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from devices.ble import heart_rate
from devices.ble.measurement import EXPIRY_S, Quantity
from devices.ble.rates import Rates
from devices.ble.services import SERVICES, decode

RECORDED: Final = frozenset(
    {
        Quantity.SPEED_MPS,
        Quantity.CADENCE_RPM,
        Quantity.STEPS_PER_MIN,
        Quantity.POWER_W,
        Quantity.HEART_RATE_BPM,
        Quantity.DISTANCE_M,
        Quantity.INCLINE_PERCENT,
    }
)

_RANKS: Final[Mapping[str, int]] = {
    characteristic: service.rank for service in SERVICES.values() for characteristic in service.characteristics
}
_LAST: Final = max(_RANKS.values()) + 1


class Source(NamedTuple):
    """A quantity of a characteristic of a device. In order, the ones to believe come first."""

    rank: int
    device: int
    characteristic: str
    quantity: Quantity

    @classmethod
    @cache
    def of(cls, device: int, characteristic: str, quantity: Quantity) -> "Source":
        """FTMS before a power meter before a speed sensor; a heart rate is a strap's before it is a machine's."""
        is_strap = quantity is Quantity.HEART_RATE_BPM and characteristic == heart_rate.UUID
        return cls(-1 if is_strap else _RANKS.get(characteristic, _LAST), device, characteristic, quantity)


class Value(NamedTuple):
    source: Source
    at_s: float
    value: float


class Sources:
    """Takes frames in the order in which they came; remembers what turning counters need."""

    def __init__(self) -> None:
        self._rates: dict[int, Rates] = {}
        self._latest: dict[Source, Value] = {}

    def feed(self, device: int, characteristic: str, data: bytes, at_s: float) -> Iterator[Value]:
        """What a frame says, of what is recorded."""
        rates = self._rates.get(device)
        if rates is None:
            rates = self._rates[device] = Rates()
        for quantity, value in rates.feed(decode(characteristic, data), at_s).values.items():
            if quantity in RECORDED:
                source = Source.of(device, characteristic, quantity)
                found = self._latest[source] = Value(source, at_s, value)
                yield found

    def now(self, quantity: Quantity, at_s: float) -> float | None:
        """The value to believe at a moment; None where nothing was said of it for too long."""
        fresh = [
            each for each in self._latest.values() if each.source.quantity is quantity and at_s - each.at_s < EXPIRY_S
        ]
        return min(fresh).value if fresh else None
