"""`Messages`: a decoded FIT file in the neutral form that every decoder yields, and little else knows.

`record` messages are many, so they come as columns; all others are few, so they come as rows. Values are in
FIT's own units with scale and offset applied: seconds since the FIT epoch (`timestamp`, `start_time`,
`local_timestamp`), metres, metres a second, semicircles. Enums are the profile's names where it has one and
numbers where it has none. An invalid value is absent from a row, and NaN in a column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from devices.recording import Column

Row = Mapping[str, object]

RECORD: Final = "record"
RECORD_FIELDS: Final = frozenset(
    {
        "timestamp",
        "heart_rate",
        "cadence",
        "cadence256",
        "fractional_cadence",
        "power",
        "speed",
        "enhanced_speed",
        "distance",
        "altitude",
        "enhanced_altitude",
        "grade",
        "temperature",
        "position_lat",
        "position_long",
    }
)
"""The fields of `record` that become columns; a decoder leaves all others out."""

ROW_MESSAGES: Final = frozenset({"file_id", "activity", "session", "sport", "lap", "length", "event"})
"""The messages that become rows; a decoder leaves all others out."""


_LARGEST: Final = 2**53  # beyond, float64 skips whole numbers


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a file of which something could be kept.

    Attributes:
        reason: a sentence for a person.
        offset: the byte, from the start of the file, from which things are lost or doubtful.
    """

    reason: str
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Messages:
    """All parts of a FIT file, one after another.

    Attributes:
        records: columns by field name (`RECORD_FIELDS`), float64, one length for all, in the order of the
            file; a field that no record has a value for is not there.
        rows: rows by message name (`ROW_MESSAGES`), in the order of the file.
        damage: None where every byte was understood.
    """

    records: Mapping[str, Column] = field(default_factory=lambda: MappingProxyType({}))
    rows: Mapping[str, Sequence[Row]] = field(default_factory=lambda: MappingProxyType({}))
    damage: Damage | None = None

    def of(self, name: str) -> Sequence[Row]:
        """All rows of a message; none is an empty sequence."""
        return self.rows.get(name, ())

    def first(self, name: str) -> Row:
        """The first row of a message; none is an empty row."""
        return next(iter(self.of(name)), {})


def as_number(value: object) -> float | None:
    """A number that can be reckoned with: NaN, infinities and what is beyond any FIT value are None."""
    return float(value) if isinstance(value, int | float) and abs(value) <= _LARGEST else None


def number(row: Row, *names: str) -> float | None:
    """The first of these fields that is a number; damaged files put text and tuples where numbers belong."""
    values = (as_number(row.get(name)) for name in names)
    return next((value for value in values if value is not None), None)


def text(row: Row, *names: str) -> str | None:
    """The first of these fields that is there, as a name: unknown enums are their number."""
    values = (row.get(name) for name in names)
    return next((str(value) for value in values if isinstance(value, int | str)), None)
