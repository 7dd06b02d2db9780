"""Definition messages: which fields a data message has, where they lie, and how a number of each is read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from fitparse.profile import FIELD_TYPES

Order = Literal["<", ">"]
"""Of bytes, as struct and numpy write it."""

FIELD_BYTES: Final = 3  # number, size, base type
_WORDS: Final = 5  # reserved, architecture, global number (2), count of fields
_FIXED_BYTES: Final = 1 + _WORDS  # with the header
_HAS_DEVELOPER_FIELDS: Final = 0x20
TIMESTAMP: Final = 253


@dataclass(frozen=True, slots=True, eq=False)
class BaseType:
    """How FIT sends a number, and which one means "not known" (None: NaN does).

    Each is equal to itself alone: enums, small numbers and bytes are sent alike and do not mean the same.
    """

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


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """What a definition says, whichever file it stands in; two of the same bytes are the same object.

    Attributes:
        number: the global message number; size: of a data message with its header byte.
    """

    number: int
    order: Order
    slots: tuple[Slot, ...]
    size: int

    @property
    def native(self) -> Iterator[Slot]:
        return (slot for slot in self.slots if slot.developer is None)


@dataclass(slots=True, eq=False)
class Definition:
    """A layout in a file, and where in it the data messages of this layout begin.

    Attributes:
        single, runs: the starts of its data messages, in order each; runs are many that follow each other.
        compressed: whether any of them sends its time in its header.
    """

    layout: Layout
    single: list[int] = field(default_factory=list)
    runs: list[range] = field(default_factory=list)
    compressed: bool = False


def end_of(data: bytes, at: int, end: int) -> int | None:
    """Where the definition that begins at a byte ends; None where that is not before `end`."""
    if at + _FIXED_BYTES > end:
        return None
    stop = at + _FIXED_BYTES + data[at + 5] * FIELD_BYTES
    if data[at] & _HAS_DEVELOPER_FIELDS:
        if stop >= end:
            return None
        stop += 1 + data[stop] * FIELD_BYTES
    return stop if stop <= end else None


class Extent(NamedTuple):
    """As much of a definition as is needed to step over its data messages; see `Layout`."""

    number: int
    size: int


def extent(words: bytes) -> Extent:
    """Of a definition without its header byte."""
    developers = _WORDS + words[_WORDS - 1] * FIELD_BYTES
    sizes = sum(words[_WORDS + 1 : developers : FIELD_BYTES]) + sum(words[developers + 2 :: FIELD_BYTES])
    return Extent(_number(words), 1 + sizes)


@lru_cache(maxsize=512)
def layout(words: bytes) -> Layout:
    """What a definition without its header byte says. A device writes the same ones into every file."""
    slots: list[Slot] = []
    offset = 1
    developers = _WORDS + words[_WORDS - 1] * FIELD_BYTES
    for index in range(_WORDS, developers, FIELD_BYTES):
        number, size, base = words[index : index + FIELD_BYTES]
        slots.append(Slot(number, offset, size, BASE_TYPES.get(base, BYTE)))
        offset += size
    for index in range(developers + 1, len(words), FIELD_BYTES):
        number, size, developer = words[index : index + FIELD_BYTES]
        slots.append(Slot(number, offset, size, BYTE, developer))
        offset += size
    return Layout(_number(words), ">" if words[1] else "<", tuple(slots), offset)


def _number(words: bytes) -> int:
    return int.from_bytes(words[2:4], "big" if words[1] else "little")
