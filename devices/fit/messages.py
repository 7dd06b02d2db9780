"""`Messages`: a decoded FIT file in the neutral form that every decoder yields, and little else knows.

`record` messages are many, so they come as columns; all others are few, so they come as rows. Values are in
FIT's own units with scale and offset applied: seconds since the FIT epoch (`timestamp`, `start_time`,
`local_timestamp`), metres, metres a second, semicircles. Enums are the profile's names where it has one and
numbers where it has none. An invalid value is absent from a row, and NaN in a column.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from devices.recording import Column

Row = Mapping[str, object]

RECORD: Final = "record"

ROW_MESSAGES: Final = frozenset({"file_id", "activity", "session", "sport", "lap", "length", "event"})
"""The messages that become rows; a decoder leaves all others out."""

LARGEST: Final = 2**53
"""Beyond, float64 skips whole numbers, and no device measured that."""

FAR_S: Final = 7 * 86400
"""No session lasts longer, and what is further from it is no part of it."""


class Table(Mapping[str, Column]):
    """Columns by name, all of one length, each made when it is first looked at; (rows,) or, for arrays, (rows, n)."""

    def __init__(self, rows: int, makers: Mapping[str, Callable[[], Column]]) -> None:
        self.rows = rows
        self._makers = makers
        self._made: dict[str, Column] = {}

    @classmethod
    def of(cls, columns: Mapping[str, Column]) -> Self:
        """A table of columns that are there already; they are of one length."""
        rows = len(next(iter(columns.values()), ()))
        return cls(rows, {name: partial(columns.__getitem__, name) for name in columns})

    def __getitem__(self, name: str) -> Column:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def take(self, which: slice | NDArray[np.intp]) -> "Table":
        """The same columns, some rows only."""
        rows = len(range(*which.indices(self.rows))) if isinstance(which, slice) else len(which)
        return Table(rows, {name: partial(self._taken, name, which) for name in self._makers})

    def with_column(self, name: str, column: Column) -> "Table":
        return Table(self.rows, {**self._makers, name: lambda: column})

    def _taken(self, name: str, which: slice | NDArray[np.intp]) -> Column:
        return self[name][which]


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
        records: columns by field name, float64, in the order of the file. Numbers only; enums as they were sent.
            A developer's column stands under the native name that it says it is, and fills what that one lacks.
        rows: rows by message name (`ROW_MESSAGES`), in the order of the file.
        damage: None where every byte was understood.
    """

    records: Table = field(default_factory=lambda: Table(0, {}))
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
    return float(value) if isinstance(value, int | float) and abs(value) <= LARGEST else None


def number(row: Row, *names: str) -> float | None:
    """The first of these fields that is a number; damaged files put text and tuples where numbers belong."""
    for name in names:
        if (value := as_number(row.get(name))) is not None:
            return value
    return None


def duration(row: Row, *names: str) -> float | None:
    """The first of these fields that can be how long something of a session took, in seconds."""
    return next((value for name in names if (value := number(row, name)) is not None and 0 <= value <= FAR_S), None)


def text(row: Row, *names: str) -> str | None:
    """The first of these fields that is there, as a name: unknown enums are their number."""
    for name in names:
        if isinstance(value := row.get(name), int | str):
            return str(value)
    return None
