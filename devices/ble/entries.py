"""What stands in a journal, and how: entries that bear their length and checksum, so that a torn end is known as one.

    entry    length u16, CRC-32 u32 (little endian), then as many bytes of payload
    payload  kind u8, device u8, arrival u64 (microseconds since the start, on the monotonic clock), then what it says

`START` and `DEVICE` say JSON; `FRAME` the characteristic (its 16-bit UUID) and the bytes as they came; `LINK`
`live`, or why not; `PAIN` a score; `NOTE` text; `TARGET` what the trainer holds, `35 W`; `PAUSE`, `RESUME` and
`END` nothing.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Any, Final, NamedTuple
from zlib import crc32

MAGIC: Final = b"coach journal 1\n"
NOBODY: Final = 0xFF  # the device of entries that are of none
LONGEST: Final = 0xFFFF

_FRAMING: Final = struct.Struct("<HI")
_HEAD: Final = struct.Struct("<BBQ")
_CHARACTERISTIC: Final = struct.Struct("<H")
_MICROSECONDS: Final = 1_000_000


class Kind(IntEnum):
    START = 1
    DEVICE = 2
    FRAME = 3
    LINK = 4
    PAUSE = 5
    RESUME = 6
    PAIN = 7
    NOTE = 8
    END = 9
    TARGET = 10


class Entry(NamedTuple):
    """One entry; `at_s` in seconds since the start."""

    kind: Kind
    at_s: float
    device: int = NOBODY
    body: bytes = b""

    @property
    def characteristic(self) -> int:
        """Of a frame."""
        return int.from_bytes(self.body[: _CHARACTERISTIC.size], "little")

    @property
    def frame(self) -> bytes:
        return self.body[_CHARACTERISTIC.size :]

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def said(self) -> Mapping[str, Any]:
        """Of a start or a device."""
        found: Mapping[str, Any] = json.loads(self.body)
        return found


class Torn(NamedTuple):
    """Where an end that cannot be read begins, and how much of it there is."""

    offset: int
    size: int

    def __str__(self) -> str:
        return f"The last {self.size} bytes, from byte {self.offset} on, were not written to their end; they are left."


def frame(at_s: float, device: int, characteristic: int, data: bytes) -> Entry:
    return Entry(Kind.FRAME, at_s, device, _CHARACTERISTIC.pack(characteristic) + data)


def said(kind: Kind, values: Mapping[str, Any], at_s: float = 0.0, device: int = NOBODY) -> Entry:
    return Entry(kind, at_s, device, json.dumps(values, separators=(",", ":")).encode())


def encode(entry: Entry) -> bytes:
    """An entry as it is written.

    Raises:
        ValueError: it is longer than a length can say; no frame is.
    """
    payload = _HEAD.pack(entry.kind, entry.device, round(entry.at_s * _MICROSECONDS)) + entry.body
    if len(payload) > LONGEST:
        raise ValueError(f"an entry of {len(payload)} bytes")
    return _FRAMING.pack(len(payload), crc32(payload)) + payload


def decode(data: bytes) -> Iterator[Entry | Torn]:
    """The entries behind `MAGIC`, in order; where one was not written to its end, that is the last thing told."""
    at = len(MAGIC)
    for entry, following in whole(data, at):
        yield entry
        at = following
    if at < len(data):
        yield Torn(at, len(data) - at)


def whole(data: bytes, at: int) -> Iterator[tuple[Entry, int]]:
    """The entries from there on that were written to their end, each with where the next begins."""
    while True:
        entry, at = _next(data, at)
        if entry is None:
            return
        yield entry, at


def _next(data: bytes, at: int) -> tuple[Entry | None, int]:
    start = at + _FRAMING.size
    if start > len(data):
        return None, at
    length, checksum = _FRAMING.unpack_from(data, at)
    payload = data[start : start + length]
    if len(payload) < max(length, _HEAD.size) or crc32(payload) != checksum:
        return None, at
    kind, device, microseconds = _HEAD.unpack_from(payload)
    try:
        return Entry(Kind(kind), microseconds / _MICROSECONDS, device, payload[_HEAD.size :]), start + length
    except ValueError:  # of a later version
        return None, at
