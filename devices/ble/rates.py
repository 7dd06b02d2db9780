"""From counted turns to speed and cadence, for sensors that send how often something turned, and when it last did."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from devices.ble.measurement import Counter, Measurement, Quantity

CIRCUMFERENCE_M: Final = 2.105
"""Of a wheel 700 x 25C, by ETRTO's table: what bicycle computers come with."""
STANDSTILL_S: Final = 3.0
"""A count that has not moved for so long stands still: slower than 20 turns a minute nobody rides. It is also how long
a value holds (`devices.ble.measurement.EXPIRY_S`), so that nothing is made up in between."""
_S_PER_MIN: Final = 60


class _Rate(NamedTuple):
    """What turns a second become, and from where on they are a counter that began again rather than a rider."""

    quantity: Quantity
    per_turn: float
    most: float


@dataclass(slots=True)
class _Seen:
    """The turn that was seen last: where its counter and clock stood, and when it arrived."""

    revolutions: float
    event_s: float
    at_s: float


class Rates:
    """The counters of one device. Pure but for what it remembers: the same frames at the same times give the same.

    Args:
        circumference_m: of the wheel.
    """

    def __init__(self, circumference_m: float = CIRCUMFERENCE_M) -> None:
        self._rates: Mapping[Quantity, _Rate] = {
            Quantity.WHEEL_REVOLUTIONS: _Rate(Quantity.SPEED_MPS, circumference_m, 40),  # 144 km/h
            Quantity.CRANK_REVOLUTIONS: _Rate(Quantity.CADENCE_RPM, _S_PER_MIN, 250),  # track sprinters reach 220
        }
        self._seen: dict[Counter, _Seen] = {}

    def feed(self, measurement: Measurement, at_s: float) -> Measurement:
        """The measurement with the rates that follow from it and what came before.

        There is none with the first frame, while a frame repeats a turn that is known (the last rate holds), after a
        standstill until a second turn, and where the counter or its clock jumped; the rate is 0 once it stands still.

        Args:
            measurement: of any characteristic; one without counters is given back as it is.
            at_s: when it arrived, on a clock that only goes forward.
        """
        if not measurement.counters:
            return measurement
        values = dict(measurement.values)
        for counter in measurement.counters:
            rate = self._rates[counter.revolutions]
            value = self._value(counter, rate, measurement.values, at_s)
            if value is not None:
                values.setdefault(rate.quantity, value)
        return measurement._replace(values=values)

    def _value(self, counter: Counter, rate: _Rate, values: Mapping[Quantity, float], at_s: float) -> float | None:
        now = _Seen(values[counter.revolutions], values[counter.event], at_s)
        before = self._seen.setdefault(counter, now)
        turns = (now.revolutions - before.revolutions) % counter.modulo
        still = at_s - before.at_s >= STANDSTILL_S
        if turns == 0:
            return 0.0 if still else None
        self._seen[counter] = now
        took_s = (now.event_s - before.event_s) % counter.wrap_s
        if still or not 0 < took_s <= at_s - before.at_s + STANDSTILL_S:
            return None
        value = turns / took_s * rate.per_turn
        return value if value <= rate.most else None
