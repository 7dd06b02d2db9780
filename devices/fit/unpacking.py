"""One FIT file somewhere, and how its bytes are had: bounded, whatever it claims to be."""

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, Protocol

from devices.errors import SourceError

_MEGABYTE: Final = 1_000_000
MAX_FILE_BYTES: Final = 64 * _MEGABYTE
"""Unpacked. A whole day of a bicycle computer is some 2 MB, so anything near this is no activity."""
MAX_RATIO: Final = 100
"""Of unpacked to packed. Real FIT files come to 6 at most (a virtual ride, which is smooth); a bomb to a thousand."""

_WANTED: Final = (".fit", ".fit.gz", ".zip")
_PIECE: Final = 1 << 18
_APPLE_DOUBLE: Final = "._"  # what macOS puts beside each file of a zip: the same name, but not the file

CANNOT_UNPACK: Final = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    OverflowError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


Opener = Callable[[], AbstractContextManager[_Readable]]


@dataclass(frozen=True, slots=True)
class Source:
    """One FIT file somewhere.

    Attributes:
        name: for people: its path, and `archive.zip!member.fit` inside an archive.
        read: its bytes; raises SourceError with a sentence where they cannot be had.
    """

    name: str
    read: Callable[[], bytes]


def is_wanted(name: str) -> bool:
    """Whether a file is worth opening, by its name."""
    file_name = PurePosixPath(name).name
    return file_name.lower().endswith(_WANTED) and not file_name.startswith(_APPLE_DOUBLE)


def opened(name: str, opener: Opener) -> Source:
    """What an opener gives; unpacked where the name ends in `.gz`."""

    def read() -> bytes:
        try:
            with opener() as file:
                data = _bounded(file.read(MAX_FILE_BYTES + 1))
            return _unpacked(data) if name.lower().endswith(".gz") else data
        except SourceError as error:
            raise SourceError(f"{name} {error}") from None
        except CANNOT_UNPACK as error:
            raise SourceError(f"{name} cannot be read ({error}). Copy it from the device again.") from error

    return Source(name, read)


def refused(name: str, why: str) -> Source:
    def read() -> bytes:
        raise SourceError(f"{name} {why}")

    return Source(name, read)


def check_ratio(packed: int, unpacked: int) -> None:
    """Refuse what grows beyond what a device's data can.

    Raises:
        SourceError: half a sentence, to stand after a name.
    """
    if unpacked > MAX_RATIO * packed:
        raise SourceError(f"unpacks to more than {MAX_RATIO} times its size, as no activity does.")


def _unpacked(packed: bytes) -> bytes:
    """What a gzip file holds; of one that is cut off, what came of it, for FIT tells how much is missing."""
    most = min(MAX_FILE_BYTES, MAX_RATIO * len(packed)) + 1
    data = bytearray()
    try:
        with gzip.open(io.BytesIO(packed)) as file:
            while len(data) < most and (piece := file.read1(_PIECE)):
                data += piece
    except EOFError:
        if not data:
            raise
    check_ratio(len(packed), len(data))
    return _bounded(bytes(data))


def _bounded(data: bytes) -> bytes:
    if len(data) > MAX_FILE_BYTES:
        most = MAX_FILE_BYTES // _MEGABYTE
        raise SourceError(f"is larger than {most} MB unpacked, far more than an activity takes.")
    return data
