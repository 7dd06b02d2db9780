"""Messages that are few, one by one: values by name, with FIT's variants and components."""

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from devices.fit.layout import BYTE, STRING, Definition
from devices.fit.messages import Row
from devices.fit.profile import Component, Field

Value = int | float | str | tuple[int | float | None, ...]

_Numbers = Sequence[int | float | bytes]
_Raw = Callable[[int], Value | None]
"""The value of another field of the same message, by its number, as it was sent."""

_BITS_OF_A_BYTE: Final = 8


class _Plain(NamedTuple):
    """A field of one number that means just that: most fields are."""

    at: int
    invalid: int | None
    field: Field


class _Part(NamedTuple):
    """Any other field: where its numbers are among those that `struct` gives, and how they are read."""

    first: int
    last: int
    invalid: int | None
    field: Field
    read: Callable[[_Numbers, int | None], Value | None]


class _Layout(NamedTuple):
    """How to read the messages of a definition; `by_number` finds a field that another one depends on."""

    reader: struct.Struct
    plain: list[_Plain]
    parts: list[_Part]
    by_number: dict[int, _Part]


def rows(data: bytes, definition: Definition, places: Sequence[int], fields: Mapping[int, Field]) -> Iterator[Row]:
    """A row for each place, without fields that the profile does not know or that say "not known".

    A field as it was sent wins over one unpacked from another field's bits.
    """
    layout = _layout(definition, fields)
    for place in places:
        numbers = layout.reader.unpack_from(data, place + 1)
        row: dict[str, object] = {}
        for part in layout.parts:
            _read(part, numbers, layout, fields, row)
        for at, invalid, (name, scale, offset, names, *_) in layout.plain:
            value = numbers[at]
            if value == invalid or value != value:  # noqa: PLR0124 (NaN)
                continue
            if scale:
                value /= scale
            if offset:
                value -= offset
            row[name] = names.get(value, value) if names else value
        yield row


def _layout(definition: Definition, fields: Mapping[int, Field]) -> _Layout:
    """What of a message `struct` has to read: only fields that the profile knows."""
    form: str = definition.order
    numbers = 0
    plain: list[_Plain] = []
    parts: list[_Part] = []
    by_number: dict[int, _Part] = {}
    for slot in definition.slots:
        field = fields.get(slot.number) if slot.developer is None else None
        if field is None or slot.values == 0:
            form += f"{slot.size}x"
            continue
        count = 1 if slot.base is STRING else slot.values
        form += f"{slot.size}s" if slot.base is STRING else f"{count}{slot.base.code}"
        read = _text if slot.base is STRING else _bytes if slot.base is BYTE else _number if count == 1 else _array
        part = _Part(numbers, numbers + count, slot.base.invalid, field, read)
        if read is _number and not field.variants and not field.components:
            plain.append(_Plain(numbers, slot.base.invalid, field))
        else:
            parts.append(part)
        by_number[slot.number] = part
        numbers += count
    parts.sort(key=lambda part: not part.field.components)  # what is unpacked gives way to what is sent
    return _Layout(struct.Struct(form), plain, parts, by_number)


def _read(part: _Part, numbers: _Numbers, layout: _Layout, fields: Mapping[int, Field], row: dict[str, object]) -> None:
    """Put a field into the row, and what can be unpacked from it."""

    def raw(number: int) -> Value | None:
        other = layout.by_number.get(number)
        return None if other is None else other.read(numbers[other.first : other.last], other.invalid)

    value = part.read(numbers[part.first : part.last], part.invalid)
    if value is None:
        return
    field = _variant(part.field, raw)
    for component in field.components:
        _unpack(component, value, fields, raw, row)
    row[field.name] = _meant(value, field)


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


def _unpack(component: Component, value: Value, fields: Mapping[int, Field], raw: _Raw, row: dict[str, object]) -> None:
    """Put the value of a component into the row."""
    if isinstance(value, tuple):
        if component.bit_offset >= len(value) * _BITS_OF_A_BYTE:
            return
        value = sum(int(each or 0) << _BITS_OF_A_BYTE * index for index, each in enumerate(value))
    if isinstance(value, int):
        bits = value >> component.bit_offset & (1 << component.bits) - 1
        target = _variant(fields[component.number], raw)
        row[target.name] = target.names.get(bits) or _scaled(bits, component)
