"""The outermost layer of a FIT file: header, messages, checksum; often more than one such part in a chain.

Heart-rate straps append their beats as further parts. A part is known by its header alone, so one that is
damaged does not hide the next.
"""

import struct
from typing import Final, NamedTuple

from fastcrc import crc16

from devices.errors import NotFitError
from devices.fit.messages import Damage

SIGNATURE: Final = b".FIT"
_SHORTEST_HEADER: Final = 12  # bytes; 14 since there is a header checksum, and more is allowed
_PROTOCOL, _PROFILE = 0x20, 21_212  # the versions of protocol (2.0) and profile (21.212) that we write
_CHECKSUM_BYTES: Final = 2
MOST_PARTS: Final = 1_000
"""Real chains have 7 at most."""

_STRANGERS: Final = (
    (b"PK\x03\x04", "is a zip archive: give it a name that ends in .zip"),
    (b"\x1f\x8b", "is compressed: give it a name that ends in .fit.gz"),
    (b"<?xml", "is XML, perhaps GPX or TCX: export the original FIT file instead"),
    (b"<", "is a web page, perhaps of a login that ran out: download it again"),
    (b"{", "is JSON: export the original FIT file instead"),
)


class Part(NamedTuple):
    """Where the messages of one part lie: data[begin:end], counted in the bytes of the whole file."""

    begin: int
    end: int


def split(data: bytes) -> tuple[tuple[Part, ...], tuple[Damage, ...]]:
    """The parts of a FIT file in order, and what is wrong with their frames.

    Raises:
        NotFitError: the file does not begin as a FIT file.
    """
    if not _is_header(data, 0):
        raise NotFitError(_what_it_is(data), offset=0)
    parts: list[Part] = []
    damages: list[Damage] = []
    offset = 0
    while offset < len(data):
        if not _is_header(data, offset):
            damages.append(Damage(f"{len(data) - offset:,} bytes after its end are not FIT.", offset))
            break
        if len(parts) == MOST_PARTS:
            damages.append(Damage(f"More than {MOST_PARTS:,} files in a chain; no recording has so many.", offset))
            break
        part, damage = _part(data, offset)
        parts.append(part)
        if damage:
            damages.append(damage)
        offset = part.end + _CHECKSUM_BYTES
    return tuple(parts), tuple(damages)


def _part(data: bytes, offset: int) -> tuple[Part, Damage | None]:
    begin = offset + data[offset]
    size = int.from_bytes(data[offset + 4 : offset + 8], "little")
    end = begin + size
    if size == 0 and len(data) > begin + _CHECKSUM_BYTES and not _is_header(data, begin + _CHECKSUM_BYTES):
        return Part(begin, len(data)), Damage("The recording was never finished: its header is empty.", offset)
    missing = end + _CHECKSUM_BYTES - len(data)
    if missing > 0:
        reason = f"The file is cut off: its last {missing:,} bytes are missing. Copy it from the device again."
        return Part(min(begin, len(data)), min(end, len(data))), Damage(reason, len(data))
    if checksum(data[offset : end + _CHECKSUM_BYTES]):
        return Part(begin, end), Damage("The checksum is wrong: some values may have changed on the way.", end)
    return Part(begin, end), None


def _is_header(data: bytes, offset: int) -> bool:
    header = data[offset : offset + _SHORTEST_HEADER]
    return len(header) == _SHORTEST_HEADER and header[0] >= _SHORTEST_HEADER and header[8:] == SIGNATURE


def _what_it_is(data: bytes) -> str:
    if not data:
        return "The file is empty. Copy it from the device again."
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    known = next((words for magic, words in _STRANGERS if start.startswith(magic)), None)
    return f"This is not a FIT file; it {known}." if known else "This is not a FIT file: it does not begin as one."


def header(size: int) -> bytes:
    """A header of 14 bytes for so many bytes of messages."""
    start = struct.pack("<BBHI4s", 14, _PROTOCOL, _PROFILE, size, SIGNATURE)
    return start + struct.pack("<H", checksum(start))


def frame(body: bytes) -> bytes:
    """A whole FIT file of these messages: header, messages, checksum."""
    whole = header(len(body)) + body
    return whole + struct.pack("<H", checksum(whole))


def checksum(data: bytes) -> int:
    """FIT's CRC-16 (polynomial 0xA001, reflected, from 0: "ARC"). Over a part with its stored checksum it is 0."""
    return crc16.arc(data)
