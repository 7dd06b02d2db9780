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

_Numbers = Sequence[int | float | bytes]
_Raw = Callable[[int], Value | None]
"""The value of another field of the same message, by its number, as it was sent."""

_BITS_OF_A_BYTE: Final = 8


class _Part(NamedTuple):
    """A field that was sent: where it lies from the message's header on, and how it is read."""

    offset: int
    reader: struct.Struct
    invalid: int | None
    field: Field
    read: Callable[[_Numbers, int | None], Value | None]


class _Reading(NamedTuple):
    """How to read the messages of a layout.

    Attributes:
        fields: all that the profile knows, by number.
        by_name: the parts that may give a value, the one that counts most first.
        by_number: finds a field that another one depends on.
    """

    fields: Mapping[int, Field]
    by_name: Mapping[str, Sequence[_Part]]
    by_number: Mapping[int, _Part]


class _Message(Row):
    """A message by the names of its fields, without those that the profile does not know or that say "not known"."""

    __slots__ = ("_data", "_place", "_reading")

    def __init__(self, data: bytes, place: int, reading: _Reading) -> None:
        self._data = data
        self._place = place
        self._reading = reading

    def __getitem__(self, name: str) -> object:
        if (value := self.get(name)) is None:
            raise KeyError(name)
        return value

    def get(self, name: str, default: object = None) -> object:
        for part in self._reading.by_name.get(name, ()):
            if (value := self._value(part, name)) is not None:
                return value
        return default

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._reading.by_name if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(True for _ in self)

    def _value(self, part: _Part, name: str) -> Value | None:
        """What a part says under a name: its own, or that of a field that lies in its bits."""
        value = part.read(part.reader.unpack_from(self._data, self._place + part.offset), part.invalid)
        if value is None:
            return None
        field = _variant(part.field, self._raw) if part.field.variants else part.field
        if field.name == name:
            return _meant(value, field)
        found: Value | None = None
        for component in field.components:
            target = _variant(self._reading.fields[component.number], self._raw)
            if target.name == name and (bits := _unpacked(component, value)) is not None:
                found = target.names.get(bits) or _scaled(bits, component)
        return found

    def _raw(self, number: int) -> Value | None:
        other = self._reading.by_number.get(number)
        if other is None:
            return None
        return other.read(other.reader.unpack_from(self._data, self._place + other.offset), other.invalid)


def rows(data: bytes, layout: Layout, places: Sequence[int], message: str) -> list[Row]:
    """A row for each place."""
    reading = _reading(layout, message)
    return [_Message(data, place, reading) for place in places]


@lru_cache(maxsize=512)
def _reading(layout: Layout, message: str) -> _Reading:
    fields = fields_of(message)
    known = ((slot, fields[slot.number]) for slot in layout.native if slot.values and slot.number in fields)
    by_number = {}
    parts = []
    for slot, field in known:
        by_number[slot.number] = part = _part(slot, field, layout.order)
        parts.append(part)
    by_name: dict[str, list[_Part]] = {}
    # What is unpacked gives way to what is sent, and an earlier field to a later one.
    parts.sort(key=lambda part: (not part.field.components, not part.field.variants))
    for part in reversed(parts):
        for name in _names(part.field, fields):
            by_name.setdefault(name, []).append(part)
    return _Reading(fields, by_name, by_number)


def _part(slot: Slot, field: Field, order: Order) -> _Part:
    if slot.base is STRING:
        return _Part(slot.offset, struct.Struct(f"{slot.size}s"), None, field, _text)
    reader = struct.Struct(f"{order}{slot.values}{slot.base.code}")
    read = _bytes if slot.base is BYTE else _number if slot.values == 1 else _array
    return _Part(slot.offset, reader, slot.base.invalid, field, read)


def _names(field: Field, fields: Mapping[int, Field]) -> set[str]:
    """Under which names a field may give a value."""
    forms = _forms(field)
    targets = [form for each in forms for part in each.components for form in _forms(fields[part.number])]
    return {each.name for each in (*forms, *targets)}


def _forms(field: Field) -> list[Field]:
    return [field, *(form for by_value in field.variants.values() for form in by_value.values())]


def _number(numbers: _Numbers, invalid: int | None) -> int | float | None:
    value = numbers[0]
    return None if value == invalid or value != value or isinstance(value, bytes) else value  # noqa: PLR0124 (NaN)


def _array(numbers: _Numbers, invalid: int | None) -> Value | None:
    return tuple(None if each == invalid or each != each else each for each in numbers)  # type: ignore[misc]  # noqa: PLR0124 (NaN); no bytes here


def _bytes(numbers: _Numbers, invalid: int | None) -> Value | None:
    known = tuple(each for each in numbers if isinstance(each, int))
    return None if all(each == invalid for each in known) else known


def _text(numbers: _Numbers, _: int | None) -> Value | None:
    sent = numbers[0]
    return (sent.partition(b"\0")[0].decode("utf-8", errors="replace") or None) if isinstance(sent, bytes) else None


def _variant(field: Field, raw: _Raw) -> Field:
    """The field that this one is, by what another field of the message says (a product by its manufacturer)."""
    for number, by_value in field.variants.items():
        value = raw(number)
        if isinstance(value, int) and value in by_value:
            return by_value[value]
    return field


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
