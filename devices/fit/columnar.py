"""Messages that are many, as columns: all rows of a layout at once, as numpy sees the bytes."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property, partial
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from devices.fit.layout import BASE_TYPES, BYTE, STRING, TIMESTAMP, BaseType, Definition, Order, Slot
from devices.fit.messages import LARGEST, Table
from devices.fit.profile import Component, Field
from devices.recording import Column

Bytes = NDArray[np.uint8]
Places = NDArray[np.intp]
Rows = Places | slice
Maker = Callable[[], Column]
Developer = Callable[[Slot], tuple[str, BaseType] | None]

_FLOATS: Final = "fd"
_VAST: Final = "fdqQ"  # the kinds of number that may be one that nobody can reckon with

_SENT, _UNPACKED, _DEVELOPER = range(3)  # whose value wins where several have one


class Block:
    """The data messages of one layout: their bytes as a matrix, a row a message."""

    def __init__(self, view: Bytes, definition: Definition) -> None:
        self.definition = definition
        self.layout = definition.layout
        self._view = view

    @cached_property
    def places(self) -> Places:
        """Where the messages begin, in the order of the file."""
        single, runs = self.definition.single, self.definition.runs
        if not runs:
            return np.array(single, dtype=np.intp)
        parts = [np.array(single, dtype=np.intp), *(np.arange(run.start, run.stop, run.step) for run in runs)]
        return np.sort(np.concatenate(parts))

    @cached_property
    def headers(self) -> Bytes:
        return self._view[self.places]

    @cached_property
    def _bytes(self) -> Bytes:
        """Rows that follow each other are looked at where they are; others are gathered once."""
        size, places = self.layout.size, self.places
        first = int(places[0])
        last = first + len(places) * size
        if int(places[-1]) + size == last:
            return self._view[first:last].reshape(len(places), size)
        return sliding_window_view(self._view, size)[places]

    @cached_property
    def stamps(self) -> Column:
        """The times of the messages in the file's seconds, NaN where none was sent.

        Where headers hold compressed times, `stamps.complete` has put the whole times here.
        """
        for slot in self.layout.native:
            if slot.number == TIMESTAMP and slot.values == 1:
                return self.numbers(slot, slot.base)
        return np.full(len(self.places), np.nan)

    def numbers(self, slot: Slot, base: BaseType) -> Column:
        """The values of a field, NaN for those that say "not known"."""
        with np.errstate(invalid="ignore"):  # damaged floats may be a NaN that signals
            values = self.raw(slot, base).astype(np.float64)
        if base.code in _VAST:
            values[~(np.abs(values) <= LARGEST)] = np.nan
        if base.invalid is not None:
            values[values == base.invalid] = np.nan
        return values

    def raw(self, slot: Slot, base: BaseType | None = None) -> NDArray[np.generic]:
        """The numbers of a field as they were sent: (rows,), or (rows, count) for an array."""
        base = base or slot.base
        count = slot.size // base.size
        rows, width = self._bytes.shape
        shape, strides = ((rows,), (width,)) if count == 1 else ((rows, count), (width, base.size))
        kind = _kind(base.code, self.layout.order)
        return np.ndarray(shape, kind, self._bytes, offset=slot.offset, strides=strides)


@cache
def _kind(code: str, order: Order) -> np.dtype[np.generic]:
    return np.dtype(order + code)


def table(
    blocks: Sequence[Block],
    fields: Mapping[int, Field],
    developer: Developer,
) -> Table:
    """All blocks of one message as one table, in the order of the file.

    A column is made when it is looked at. Where a field was sent by several, the value as it was sent wins over one
    unpacked from another field's bits, and that one over a developer's; a value over none.

    Args:
        blocks: of one message.
        fields: the message's fields in the profile.
        developer: the name and type of a developer's field, None where nobody described it.
    """
    total = sum(len(block.places) for block in blocks)
    rows = _order([block.places for block in blocks])
    makers: dict[str, list[tuple[int, Rows, Maker]]] = {}
    for block, at in zip(blocks, rows, strict=True):
        makers.setdefault("timestamp", []).append((_SENT, at, partial(getattr, block, "stamps")))
        for slot in block.layout.slots:
            for rank, name, maker in _makers(block, slot, fields, developer):
                makers.setdefault(name, []).append((rank, at, maker))
    return Table(total, {name: partial(_merged, total, parts) for name, parts in makers.items()})


def _order(places: Sequence[Places]) -> Sequence[Rows]:
    """Which rows of the whole table each block's rows are."""
    if len(places) <= 1:
        return [slice(None)] * len(places)
    joined = np.concatenate(places)
    rank = np.empty(len(joined), dtype=np.intp)
    rank[np.argsort(joined, kind="stable")] = np.arange(len(joined))
    return np.split(rank, np.cumsum([len(each) for each in places])[:-1])


def _makers(
    block: Block,
    slot: Slot,
    fields: Mapping[int, Field],
    developer: Developer,
) -> Sequence[tuple[int, str, Maker]]:
    if slot.developer is not None:
        described = developer(slot)
        if described is None or slot.size == 0 or described[1] in (STRING, BYTE) or slot.size % described[1].size:
            return []
        name, base = described
        return [(_DEVELOPER, name, partial(_numbers, block, slot, Field(name), base))]
    field = fields.get(slot.number)
    if field is None or slot.values == 0 or slot.base is STRING or slot.number == TIMESTAMP:
        return []
    unpacked = [
        (_UNPACKED, each.name, partial(_component, block, slot, each))
        for each in field.components
        if each.bit_offset < slot.size * 8 and slot.base.code not in _FLOATS
    ]
    if slot.base is BYTE:
        return unpacked
    return [(_SENT, field.name, partial(_numbers, block, slot, field, slot.base)), *unpacked]


def _numbers(block: Block, slot: Slot, field: Field, base: BaseType) -> Column:
    return _scaled(block.numbers(slot, base), field.scale, field.offset)


def _component(block: Block, slot: Slot, component: Component) -> Column:
    """Some bits of a field. Those that count on are unwrapped; a field that says "not known" is NaN, and skipped."""
    if slot.base is BYTE or slot.values > 1:
        sent = block.raw(slot, BASE_TYPES[0x02]).astype(np.uint64).reshape(len(block.places), -1)
        invalid = (sent == BYTE.invalid).all(axis=1)
        shifts = np.arange(sent.shape[1], dtype=np.uint64) * np.uint64(8)
        whole = (sent[:, :8] << shifts[:8]).sum(axis=1, dtype=np.uint64)
    else:
        numbers = block.raw(slot)
        invalid = numbers == slot.base.invalid
        whole = numbers.astype(np.int64).astype(np.uint64)
    bits = (whole >> np.uint64(component.bit_offset)) & np.uint64((1 << component.bits) - 1)
    values = bits.astype(np.float64)
    if component.accumulate:
        values[~invalid] = unwrapped(values[~invalid], float(1 << component.bits))
    values[invalid] = np.nan
    return _scaled(values, component.scale, component.offset)


def unwrapped(values: Column, modulus: float) -> Column:
    """A counter that starts again at `modulus`, as one that does not."""
    return values + modulus * np.cumsum(np.diff(values, prepend=values[:1]) < 0)


def _scaled(values: Column, scale: float | None, offset: float | None) -> Column:
    if scale:
        values = values / scale
    return values - offset if offset else values


def _merged(total: int, parts: Sequence[tuple[int, Rows, Maker]]) -> Column:
    """The parts of a column put in their rows; the first in rank that has a value keeps it."""
    ranked = sorted(parts, key=lambda part: part[0])
    made = [(at, maker()) for _, at, maker in ranked]
    at, column = made[0]
    if not isinstance(at, slice):
        column = np.full((total, *column.shape[1:]), np.nan)
        column[at] = made[0][1]
    for at, values in made[1:]:
        if values.shape[1:] == column.shape[1:]:
            here = column[at]
            column[at] = np.where(np.isnan(here), values, here)
    return column
