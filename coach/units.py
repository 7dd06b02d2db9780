"""Figures as a person reads and types them: metric or imperial. Inside, all is SI (metres, metres a second, °C)."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from coach.errors import UsageError
from config.messages import Messages


class Units(StrEnum):
    METRIC = "metric"
    IMPERIAL = "imperial"


class Quantity(StrEnum):
    DISTANCE = "distance"
    LENGTH = "length"
    """Of a pool, or how far up."""
    SPEED = "speed"
    TEMPERATURE = "temperature"


@dataclass(frozen=True, slots=True)
class Unit:
    """`value * factor + offset` of a SI value is what is read, with so many `digits`."""

    symbol: str
    factor: float
    digits: int
    offset: float = 0.0


# The mile and the foot are exact: 1609.344 m and 0.3048 m (NIST SP 811, appendix B).
_UNITS: Final = MappingProxyType(
    {
        (Quantity.DISTANCE, Units.METRIC): Unit("km", 1 / 1000, 2),
        (Quantity.DISTANCE, Units.IMPERIAL): Unit("mi", 1 / 1609.344, 2),
        (Quantity.LENGTH, Units.METRIC): Unit("m", 1.0, 0),
        (Quantity.LENGTH, Units.IMPERIAL): Unit("ft", 1 / 0.3048, 0),
        (Quantity.SPEED, Units.METRIC): Unit("km/h", 3.6, 1),
        (Quantity.SPEED, Units.IMPERIAL): Unit("mph", 3600 / 1609.344, 1),
        (Quantity.TEMPERATURE, Units.METRIC): Unit("°C", 1.0, 0),
        (Quantity.TEMPERATURE, Units.IMPERIAL): Unit("°F", 1.8, 0, 32.0),
    }
)


def unit(quantity: Quantity, units: Units) -> Unit:
    return _UNITS[quantity, units]


def shown(value: float | None, quantity: Quantity, units: Units, words: Messages) -> str:
    """`5.20 km`, `3,23 mi`; a dash for what is not known."""
    if value is None:
        return "–"
    read = unit(quantity, units)
    figure = f"{value * read.factor + read.offset:.{read.digits}f}"
    return f"{figure.replace('.', words.text('number.point'))} {read.symbol}"


def typed(text: str, quantity: Quantity, units: Units, label: str, words: Messages) -> float | None:
    """What somebody typed, in SI; None for nothing. A comma is a point.

    Raises:
        UsageError: it is no number.
    """
    if not text.strip():
        return None
    read = unit(quantity, units)
    try:
        value = (float(text.replace(",", ".")) - read.offset) / read.factor
    except ValueError:
        value = float("nan")
    if not abs(value) < float("inf"):
        raise UsageError(words.text("number.wanted", label=label, unit=read.symbol))
    return value
