"""Columns of a recording as FIT `record` messages.

fit_tool builds a message of ninety field objects for each record, 1.2 ms or four seconds for an hour of
riding; as one numpy table of one definition the same bytes take a millisecond.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from devices.recording import Column, ColumnName

DEVELOPER: Final = 0  # the index of the one developer that we are
FLOAT32: Final = 0x88
_FLOAT_BYTES: Final = 4
_DEFINITION_OF_LOCAL_0: Final = 0x40
_WITH_DEVELOPER_FIELDS: Final = 0x20
_RECORD: Final = 20  # global message number
_SEMICIRCLES_PER_DEGREE: Final = 2**31 / 180
_FRACTIONS: Final = 128  # of a crank turn, in `fractional_cadence`


class _Field(NamedTuple):
    """A field of `record` in the FIT profile: sent = (value + offset) * scale."""

    number: int
    kind: str  # numpy, little-endian
    scale: float = 1
    offset: float = 0


_BASE_TYPES: Final = {"i1": 0x01, "u1": 0x02, "<i2": 0x83, "<u2": 0x84, "<i4": 0x85, "<u4": 0x86}
_TIMESTAMP: Final = _Field(253, "<u4")
_CADENCE: Final = _Field(4, "u1")
_FRACTIONAL_CADENCE: Final = _Field(53, "u1", scale=_FRACTIONS)
_FIELDS: Final[Mapping[ColumnName, _Field]] = {
    "latitude_deg": _Field(0, "<i4", scale=_SEMICIRCLES_PER_DEGREE),
    "longitude_deg": _Field(1, "<i4", scale=_SEMICIRCLES_PER_DEGREE),
    "heart_rate_bpm": _Field(3, "u1"),
    "distance_m": _Field(5, "<u4", scale=100),
    "power_w": _Field(7, "<u2"),
    "grade_pct": _Field(9, "<i2", scale=100),
    "temperature_c": _Field(13, "i1"),
    "speed_mps": _Field(73, "<u4", scale=1000),
    "altitude_m": _Field(78, "<u4", scale=5, offset=500),
}


def encode(
    columns: Mapping[ColumnName, Column], start_s: int, developer: Mapping[str, Column] = MappingProxyType({})
) -> bytes:
    """A definition and a `record` message for each row, all of local message 0; nothing for no rows.

    Args:
        columns: of a recording. Times are kept to the second; a value out of FIT's range is sent as invalid.
        start_s: where their time begins, in FIT seconds.
        developer: further columns, sent as 32-bit floats in this order.
    """
    time_s = columns.get("time_s")
    if time_s is None:
        return b""
    sent = [(_TIMESTAMP, time_s + start_s), *_values(columns)]
    header = [("header", "u1")]
    native = [(str(field.number), field.kind) for field, _ in sent]
    extra = [(f"developer {name}", "<f4") for name in developer]
    rows = np.zeros(len(time_s), dtype=[*header, *native, *extra])
    for field, values in sent:
        rows[str(field.number)] = _raw(field, values)
    for name, column in developer.items():
        rows[f"developer {name}"] = column
    return _definition([field for field, _ in sent], len(developer)) + rows.tobytes()


def _values(columns: Mapping[ColumnName, Column]) -> Iterator[tuple[_Field, Column]]:
    for name, field in _FIELDS.items():
        if name in columns:
            yield field, columns[name]
    if "cadence_rpm" in columns:
        fraction, whole = np.modf(np.round(columns["cadence_rpm"] * _FRACTIONS) / _FRACTIONS)
        yield _CADENCE, whole
        if fraction.any():
            yield _FRACTIONAL_CADENCE, fraction


def _raw(field: _Field, values: Column) -> NDArray[np.generic]:
    limits = np.iinfo(field.kind)
    raw = np.round((values + field.offset) * field.scale)
    valid = (raw >= limits.min) & (raw < limits.max)  # the largest value stands for "invalid"; NaN is not >=
    return np.where(valid, raw, limits.max).astype(field.kind)


def _definition(fields: list[_Field], developers: int) -> bytes:
    head = _DEFINITION_OF_LOCAL_0 | (_WITH_DEVELOPER_FIELDS if developers else 0)
    start = bytes([head, 0, 0, _RECORD, 0, len(fields)])  # reserved, little-endian, number, count
    native = b"".join(bytes([field.number, np.dtype(field.kind).itemsize, _BASE_TYPES[field.kind]]) for field in fields)
    extra = b"".join(bytes([index, _FLOAT_BYTES, DEVELOPER]) for index in range(developers))
    return start + native + (bytes([developers]) + extra if developers else b"")
