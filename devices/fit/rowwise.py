"""Messages that are few, one by one: values by name, with FIT's variants and components.

A session has a hundred fields, and little of them is ever asked for; so a field is read when it is looked at.
"""

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from devices.fit.layout import BYTE, STRING, Layout, Order, Slot
from devices.fit.messages import Row
from devices.fit.profile import Component, Field, fields_of

Value = int | float | str | tuple[int | float | None, ...]

_Reader = Callable[[bytes, int], Value | None]
"""A value of the message that begins at a place of the file; None where it says "not known"."""

_BITS_OF_A_BYTE: Final = 8


class _Part(NamedTuple):
    """A field that was sent, and how it is read: as it was sent, or as what it means."""

    field: Field
    sent: _Reader
    meant: _Reader


class _Message(Row):
    """A message by the names of its fields, without those that the profile does not know or that say "not known"."""

    __slots__ = ("_data", "_place", "_readers")

    def __init__(self, data: bytes, place: int, readers: Mapping[str, Sequence[_Reader]]) -> None:
        self._data = data
        self._place = place
        self._readers = readers

    def __getitem__(self, name: str) -> object:
        if (value := self.get(name)) is None:
            raise KeyError(name)
        return value

    def get(self, name: str, default: object = None) -> object:
        for read in self._readers.get(name, ()):
            if (value := read(self._data, self._place)) is not None:
                return value
        return default

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._readers if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(True for _ in self)


def rows(data: bytes, layout: Layout, places: Sequence[int], message: str) -> list[Row]:
    """A row for each place."""
    readers = _readers(layout, message)
    return [_Message(data, place, readers) for place in places]


@lru_cache(maxsize=512)
def _readers(layout: Layout, message: str) -> Mapping[str, Sequence[_Reader]]:
    """What may give a value under each name, the one that counts most first."""
    fields = fields_of(message)
    slots = [slot for slot in layout.native if slot.values and slot.number in fields]
    parts = [_part(slot, fields[slot.number], layout.order) for slot in slots]
    by_number = {slot.number: part for slot, part in zip(slots, parts, strict=True)}
    readers: dict[str, list[_Reader]] = {}
    # What is unpacked gives way to what is sent, and an earlier field to a later one.
    parts.sort(key=lambda part: (not part.field.components, not part.field.variants))
    for part in reversed(parts):
        for name in _names(part.field, fields):
            alone = part.field.name == name and not part.field.variants
            readers.setdefault(name, []).append(part.meant if alone else _sought(part, name, fields, by_number))
    return readers


def _names(field: Field, fields: Mapping[int, Field]) -> set[str]:
    """Under which names a field may give a value."""
    forms = _forms(field)
    targets = [form for each in forms for part in each.components for form in _forms(fields[part.number])]
    return {each.name for each in (*forms, *targets)}


def _forms(field: Field) -> list[Field]:
    return [field, *(form for by_value in field.variants.values() for form in by_value.values())]


def _part(slot: Slot, field: Field, order: Order) -> _Part:
    if slot.base is STRING:
        sent = _text(slot)
    elif slot.base is BYTE:
        sent = _bytes(slot)
    elif slot.values > 1:
        sent = _array(slot, order)
    else:
        return _Part(field, _number(slot, order), _number(slot, order, field))
    return _Part(field, sent, _with_meaning(sent, field))


def _number(slot: Slot, order: Order, field: Field | None = None) -> _Reader:
    """A number as it was sent, or as the field has it: most of what is read, and so all in one function."""
    unpack, at, invalid = struct.Struct(order + slot.base.code).unpack_from, slot.offset, slot.base.invalid
    names, scale, offset = (field.names, field.scale, field.offset) if field else ({}, None, None)

    def read(data: bytes, place: int) -> Value | None:
        value: int | float
        (value,) = unpack(data, place + at)
        if value == invalid or value != value:  # noqa: PLR0124 (NaN)
            return None
        if names and (name := names.get(value)):  # type: ignore[arg-type]  # a float is no key, and not found
            return str(name)
        if scale:
            value /= scale
        return value - offset if offset else value

    return read


def _array(slot: Slot, order: Order) -> _Reader:
    unpack, at, invalid = (
        struct.Struct(f"{order}{slot.values}{slot.base.code}").unpack_from,
        slot.offset,
        slot.base.invalid,
    )

    def read(data: bytes, place: int) -> Value | None:
        return tuple(None if each == invalid or each != each else each for each in unpack(data, place + at))  # noqa: PLR0124 (NaN)

    return read


def _bytes(slot: Slot) -> _Reader:
    unsent = bytes([BYTE.invalid or 0]) * slot.size

    def read(data: bytes, place: int) -> Value | None:
        sent = data[place + slot.offset : place + slot.offset + slot.size]
        return None if sent == unsent else tuple(sent)

    return read


def _text(slot: Slot) -> _Reader:
    def read(data: bytes, place: int) -> Value | None:
        sent = data[place + slot.offset : place + slot.offset + slot.size]
        return sent.partition(b"\0")[0].decode("utf-8", errors="replace") or None

    return read


def _with_meaning(sent: _Reader, field: Field) -> _Reader:
    def read(data: bytes, place: int) -> Value | None:
        value = sent(data, place)
        return None if value is None else _meant(value, field)

    return read


def _sought(part: _Part, name: str, fields: Mapping[int, Field], by_number: Mapping[int, _Part]) -> _Reader:
    """What a part says under a name: its own, or that of a field that lies in its bits.

    Which field it is, another one of the same message may decide (a product by its manufacturer).
    """

    def read(data: bytes, place: int) -> Value | None:
        def variant(field: Field) -> Field:
            for number, by_value in field.variants.items():
                value = by_number[number].sent(data, place) if number in by_number else None
                if isinstance(value, int) and value in by_value:
                    return by_value[value]
            return field

        value = part.sent(data, place)
        if value is None:
            return None
        field = variant(part.field)
        if field.name == name:
            return _meant(value, field)
        found: Value | None = None
        for component in field.components:
            target = variant(fields[component.number])
            if target.name == name and (bits := _unpacked(component, value)) is not None:
                found = target.names.get(bits) or _scaled(bits, component)
        return found

    return read


def _meant(value: Value, field: Field) -> Value:
    """A number as what it means: an enum's name, or with scale and offset applied."""
    if isinstance(value, tuple):
        return tuple(None if each is None else _scaled(each, field) for each in value)
    if isinstance(value, str):
        return value
    return field.names.get(value) or _scaled(value, field)  # type: ignore[arg-type]  # a float is no key, and not found


def _scaled(value: float, field: Field | Component) -> int | float:
    scaled = value / field.scale if field.scale else value
    return scaled - field.offset if field.offset else scaled


def _unpacked(component: Component, value: Value) -> int | None:
    """The bits of a component; of an array that is too short for it, None."""
    if isinstance(value, tuple):
        if component.bit_offset >= len(value) * _BITS_OF_A_BYTE:
            return None
        value = sum(int(each or 0) << _BITS_OF_A_BYTE * index for index, each in enumerate(value))
    return value >> component.bit_offset & (1 << component.bits) - 1 if isinstance(value, int) else None
