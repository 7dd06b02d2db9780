"""The fast lane: some hundred times fitparse, by reading all messages of a layout at once."""

from collections.abc import Container, Sequence
from dataclasses import replace
from functools import cache
from math import isnan
from operator import itemgetter
from types import MappingProxyType
from typing import Final

import numpy as np

from devices.fit import stamps, strap
from devices.fit.columnar import Block, Bytes, table
from devices.fit.layout import BY_NAME, BaseType, Slot
from devices.fit.messages import RECORD, ROW_MESSAGES, Damage, Messages, Row, Table, number, text
from devices.fit.parts import Part, split
from devices.fit.profile import fields_of, number_of
from devices.fit.rowwise import rows
from devices.fit.scan import Allowance, scan

_HR: Final = "hr"
_DESCRIPTION: Final = "field_description"


def decode(data: bytes) -> Messages:
    """All messages of a FIT file, and the first damage.

    Raises:
        NotFitError: the file does not begin as a FIT file.
    """
    parts, broken_frames = split(data)
    view = np.frombuffer(data, dtype=np.uint8)
    damages = list(broken_frames)
    blocks: dict[int, list[Block]] = {}
    allowance = Allowance()
    for part in parts:
        found, damage = _blocks(data, view, part, allowance)
        damages += [damage] if damage else []
        for block in found:
            blocks.setdefault(block.layout.number, []).append(block)
    few = {name: _rows(data, blocks[number_of(name)], name) for name in _FEW if number_of(name) in blocks}
    developers = _Developers(few.pop(_DESCRIPTION, []))
    records = table(blocks.get(number_of(RECORD), []), fields_of(RECORD), developers)
    records = _with_strap(records, blocks.get(number_of(_HR), []))
    return Messages(records, MappingProxyType(few), min(damages, key=_offset, default=None))


_FEW: Final = (*sorted(ROW_MESSAGES), _DESCRIPTION)


@cache
def _wanted() -> frozenset[int]:
    return frozenset(map(number_of, (RECORD, _HR, *_FEW)))


class _Everything(Container[int]):
    def __contains__(self, _: object) -> bool:
        return True


def _blocks(data: bytes, view: Bytes, part: Part, allowance: Allowance) -> tuple[list[Block], Damage | None]:
    """The wanted messages of a part.

    A compressed time counts on from the last time that any message told: then every message is looked at.
    """
    before = replace(allowance)
    blocks, damage = _scanned(data, view, part, _wanted(), allowance)
    if not any(block.definition.compressed for block in blocks):
        return blocks, damage
    everything, damage = _scanned(data, view, part, _Everything(), before)
    stamps.complete(everything)
    return [block for block in everything if block.layout.number in _wanted()], damage


def _scanned(
    data: bytes, view: Bytes, part: Part, wanted: Container[int], allowance: Allowance
) -> tuple[list[Block], Damage | None]:
    definitions, damage = scan(data, part, wanted, allowance)
    allowance.spend(definitions)
    return [Block(view, each) for each in definitions if each.single or each.runs], damage


def _rows(data: bytes, blocks: Sequence[Block], name: str) -> list[Row]:
    """The rows of a message in the order of the file."""
    if len(blocks) == 1:
        return _rows_of(data, blocks[0], name)
    placed = (each for block in blocks for each in zip(block.places.tolist(), _rows_of(data, block, name), strict=True))
    return [row for _, row in sorted(placed, key=itemgetter(0))]


def _rows_of(data: bytes, block: Block, name: str) -> list[Row]:
    found = rows(data, block.layout, block.places.tolist(), name)
    if not block.definition.compressed:
        return found
    stamped = zip(found, block.stamps.tolist(), strict=True)
    return [row if isnan(at) else {**row, "timestamp": int(at)} for row, at in stamped]


def _offset(damage: Damage) -> int:
    return damage.offset or 0


def _with_strap(records: Table, beats: Sequence[Block]) -> Table:
    if not beats or not records.rows:
        return records
    watch = records.get("heart_rate")
    heart_rate = strap.filled(watch if watch is not None and watch.ndim == 1 else None, records["timestamp"], beats)
    return records if heart_rate is None else records.with_column("heart_rate", heart_rate)


class _Developers:
    """What developers said of their fields, by developer and number; the last word counts."""

    def __init__(self, descriptions: Sequence[Row]) -> None:
        self._known = {
            (number(row, "developer_data_index"), number(row, "field_definition_number")): row for row in descriptions
        }

    def __call__(self, slot: Slot) -> tuple[str, BaseType] | None:
        """The name and type of a developer's field; the native name where it says that it is that field."""
        row = self._known.get((slot.developer, slot.number))
        if row is None or (base := BY_NAME.get(text(row, "fit_base_type_id") or "")) is None:
            return None
        field_number = number(row, "native_field_num")
        native = None if field_number is None else fields_of(RECORD).get(int(field_number))
        named = native.name if native else text(row, "field_name")
        return (named or f"developer_{slot.developer}_{slot.number}", base)
