"""PNG files (W3C, PNG Specification): as much of the format as we write, and as resvg writes."""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
from isal import isal_zlib

Pixels = npt.NDArray[np.uint8]
"""Rows of pixels of four bytes: red, green, blue, and how opaque."""

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_BYTES: Final = 4
_EIGHT_BIT_RGBA: Final = bytes((8, 6, 0, 0, 0))
_LIKE_THE_ROW_ABOVE: Final = 2


def encoded(pixels: Pixels) -> bytes:
    """Each row as its difference from the one above: in a chart that is mostly nothing."""
    height, width, _ = pixels.shape
    rows = np.empty((height, 1 + width * _BYTES), np.uint8)
    rows[:, 0] = _LIKE_THE_ROW_ABOVE
    flat = pixels.reshape(height, -1)
    rows[0, 1:] = flat[0]
    np.subtract(flat[1:], flat[:-1], out=rows[1:, 1:])
    chunks = (
        (b"IHDR", struct.pack(">II", width, height) + _EIGHT_BIT_RGBA),
        (b"IDAT", isal_zlib.compress(rows.tobytes(), 1)),
        (b"IEND", b""),
    )
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def decoded(png: bytes) -> Pixels:
    """The pixels of a PNG with eight bits a colour, opacity, and no interlacing: what resvg writes."""
    chunks = list(_chunks(png))
    width, height = struct.unpack(">II", chunks[0][1][:8])
    if chunks[0][1][8:] != _EIGHT_BIT_RGBA:
        raise ValueError("This PNG is of another kind than resvg's.")
    data = zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT"))
    length = width * _BYTES
    above = bytearray(length)
    rows = []
    for start in range(0, height * (length + 1), length + 1):
        row = bytearray(data[start + 1 : start + 1 + length])
        above = _unfiltered(data[start], row, above) if any(row) or any(above) else row
        rows.append(above)
    return np.frombuffer(b"".join(rows), np.uint8).reshape(height, width, _BYTES)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _unfiltered(kind: int, row: bytearray, above: bytearray) -> bytearray:
    """A row as it was before it became differences (PNG, section 9.2)."""
    if not kind:
        return row
    guess = _GUESSES[kind]
    before, corners = bytearray(_BYTES) + row, bytes(_BYTES) + above  # both a pixel to the right
    for i in range(len(row)):
        before[i + _BYTES] = row[i] = (row[i] + guess(before[i], above[i], corners[i])) & 0xFF
    return row


def _paeth(left: int, above: int, corner: int) -> int:
    """Of the three the one that is nearest to their plane; of equals the first."""
    to_left, to_above, to_corner = abs(above - corner), abs(left - corner), abs(left + above - 2 * corner)
    if to_left <= to_above and to_left <= to_corner:
        return left
    return above if to_above <= to_corner else corner


_GUESSES: Final[Mapping[int, Callable[[int, int, int], int]]] = {
    1: lambda left, _above, _corner: left,
    2: lambda _left, above, _corner: above,
    3: lambda left, above, _corner: (left + above) // 2,
    4: _paeth,
}
"""What a byte is likely to be, by its row's filter: from the bytes to its left, above it, and above that to its left."""
