"""The fitparse lane: slow (0.3 MB/s), well worn, and what the fast lane is checked against.

fitparse keeps developer fields in a global that open files share, so files are decoded one at a time and the
global is emptied before each. Developer fields themselves are left out: a native field of the same name must
win, and nothing that a plan asks about comes as a developer field alone.
"""

import io
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from fitparse import FitFile
from fitparse.processors import FitFileDataProcessor
from fitparse.records import DEV_TYPES

from devices.fit.messages import RECORD, ROW_MESSAGES, Damage, Messages, Row, Table, as_number
from devices.fit.parts import Part, header, split

_one_file_at_a_time = threading.Lock()


def decode(data: bytes) -> Messages:
    """All messages that fitparse can read, and the first damage it met.

    Raises:
        NotFitError: the file does not begin as a FIT file.
    """
    parts, broken_frames = split(data)
    damages = list(broken_frames)
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    with _one_file_at_a_time:
        DEV_TYPES.clear()
        for part in parts:
            for item in _messages(data, part):
                if isinstance(item, Damage):
                    damages.append(item)
                else:
                    rows[item.name].append(_row(item))
    records = rows.pop(RECORD, [])
    first = min(damages, key=lambda damage: damage.offset or 0, default=None)
    return Messages(_columns(records), MappingProxyType(dict(rows)), first)


class _Raw(FitFileDataProcessor):  # type: ignore[misc]  # fitparse is untyped
    """Leaves values as they are: times in FIT seconds, no dates without a zone."""

    def run_type_processor(self, field_data: Any) -> None: ...

    def run_field_processor(self, field_data: Any) -> None: ...

    def run_unit_processor(self, field_data: Any) -> None: ...

    def run_message_processor(self, data_message: Any) -> None: ...


def _messages(data: bytes, part: Part) -> Iterator[Any | Damage]:
    """The messages of one part, in a plain frame of our own: frames have been looked at already."""
    body = data[part.begin : part.end]
    start = header(len(body))
    file = io.BytesIO(start + body + b"\0\0")
    try:
        wanted = (RECORD, *ROW_MESSAGES)
        yield from FitFile(file, check_crc=False, data_processor=_Raw()).get_messages(wanted)
    except Exception as error:  # noqa: BLE001  # fitparse lets struct.error, KeyError and others through
        offset = min(part.begin + file.tell() - len(start), part.end)
        yield Damage(f"The file could not be read to its end ({_words(error)}).", offset)


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _row(message: Any) -> dict[str, object]:
    """Values by field name; a field as it was sent wins over one unpacked from another field's bits."""
    row: dict[str, object] = {}
    for field in sorted(message.fields, key=lambda field: field.field_def is not None):
        if field.value is not None and field.field_type != "devfield":
            row[field.name] = field.value
    return row


def _columns(records: Sequence[Row]) -> Table:
    names = set().union(*records)
    columns = {
        name: np.array([as_number(row.get(name)) for row in records], dtype=np.float64) for name in sorted(names)
    }
    return Table.of({name: column for name, column in columns.items() if not np.isnan(column).all()})
