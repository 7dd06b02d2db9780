"""Definition messages: which fields a data message has, where they lie, and how a number of each is read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from fitparse.profile import FIELD_TYPES

Order = Literal["<", ">"]
"""Of bytes, as struct and numpy write it."""

FIELD_BYTES: Final = 3  # number, size, base type
_FIXED_BYTES: Final = 6  # header, reserved, architecture, global number (2), count of fields
_HAS_DEVELOPER_FIELDS: Final = 0x20
TIMESTAMP: Final = 253


class BaseType(NamedTuple):
    """How FIT sends a number, and which one means "not known" (None: NaN does)."""

    code: str  # of struct and of numpy
    size: int
    invalid: int | None


BYTE: Final = BaseType("B", 1, 0xFF)
STRING: Final = BaseType("s", 1, None)
BASE_TYPES: Final = {
    0x00: BaseType("B", 1, 0xFF),  # enum
    0x01: BaseType("b", 1, 0x7F),
    0x02: BaseType("B", 1, 0xFF),
    0x83: BaseType("h", 2, 0x7FFF),
    0x84: BaseType("H", 2, 0xFFFF),
    0x85: BaseType("i", 4, 0x7FFFFFFF),
    0x86: BaseType("I", 4, 0xFFFFFFFF),
    0x07: STRING,
    0x88: BaseType("f", 4, None),
    0x89: BaseType("d", 8, None),
    0x0A: BaseType("B", 1, 0),  # the z types: zero is the number that is no number
    0x8B: BaseType("H", 2, 0),
    0x8C: BaseType("I", 4, 0),
    0x0D: BYTE,
    0x8E: BaseType("q", 8, 0x7FFFFFFFFFFFFFFF),
    0x8F: BaseType("Q", 8, 0xFFFFFFFFFFFFFFFF),
    0x90: BaseType("Q", 8, 0),
}
"""FIT protocol, base types. An unknown one is read as bytes."""

BY_NAME: Final = {name: BASE_TYPES[number] for number, name in FIELD_TYPES["fit_base_type"].values.items()}
"""The same by the names that descriptions of developers' fields use."""


class Slot(NamedTuple):
    """One field of a definition.

    Attributes:
        number: as in the profile, or in the description of a developer's field.
        offset: of its first byte from the message's header byte; size: in bytes.
        developer: index of its developer, None for a native field.
    """

    number: int
    offset: int
    size: int
    base: BaseType
    developer: int | None = None

    @property
    def values(self) -> int:
        """How many values: 0 where the size is none that its type can have, which some devices write."""
        return self.size // self.base.size if self.size % self.base.size == 0 else 0


@dataclass(slots=True, eq=False)
class Definition:
    """The layout of data messages, and where in the file those of this layout begin.

    Attributes:
        number: the global message number; size: of a data message with its header byte.
        single, runs: the starts of its data messages, in order each; runs are many that follow each other.
    """

    number: int
    order: Order
    slots: tuple[Slot, ...]
    size: int
    single: list[int] = field(default_factory=list)
    runs: list[range] = field(default_factory=list)

    @property
    def native(self) -> Iterator[Slot]:
        return (slot for slot in self.slots if slot.developer is None)


class Extent(NamedTuple):
    """A definition as far as is needed to step over its data messages.

    Attributes:
        number: the global message number; size: of a data message with its header byte; end: of the definition.
    """

    number: int
    size: int
    end: int


def extent(data: bytes, at: int, end: int) -> Extent | None:
    """The extent of the definition that begins at a byte; None where it does not end before `end`."""
    fields = at + _FIXED_BYTES
    if fields > end:
        return None
    number = int.from_bytes(data[at + 3 : at + 5], "big" if data[at + 2] else "little")
    stop = fields + data[at + 5] * FIELD_BYTES
    if stop > end:
        return None
    size = 1 + sum(data[fields + 1 : stop : FIELD_BYTES])
    if data[at] & _HAS_DEVELOPER_FIELDS:
        if stop >= end:
            return None
        first, stop = stop + 1, stop + 1 + data[stop] * FIELD_BYTES
        size += sum(data[first + 1 : stop : FIELD_BYTES])
    return Extent(number, size, stop) if stop <= end else None


def definition(data: bytes, at: int, known: Extent) -> Definition:
    """The definition that begins at a byte, with its fields."""
    order: Order = ">" if data[at + 2] else "<"
    slots: list[Slot] = []
    offset = 1
    fields = at + _FIXED_BYTES
    developers = fields + data[at + 5] * FIELD_BYTES
    for index in range(fields, developers, FIELD_BYTES):
        slots.append(Slot(data[index], offset, data[index + 1], BASE_TYPES.get(data[index + 2], BYTE)))
        offset += data[index + 1]
    for index in range(developers + 1, known.end, FIELD_BYTES):
        slots.append(Slot(data[index], offset, data[index + 1], BYTE, developer=data[index + 2]))
        offset += data[index + 1]
    return Definition(known.number, order, tuple(slots), known.size)
