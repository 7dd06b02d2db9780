"""Where FIT files come from: files, folders, `.fit.gz`, `.zip`, and a zip in a zip (Garmin's full export).

`find` looks but does not read, so that the number of files is known ahead; each `Source` is then read, or
refused with a sentence, on its own, and one that is refused does not stop the next.
"""

import gzip
import io
import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from devices.errors import SourceError

_MEGABYTE: Final = 1_000_000
MAX_FILE_BYTES: Final = 64 * _MEGABYTE
"""Unpacked. A whole day of a bicycle computer is some 2 MB, so anything near this is no activity."""
MAX_INNER_ZIP_BYTES: Final = 512 * _MEGABYTE
"""Of a zip inside a zip, which is held in memory."""
MAX_MEMBERS: Final = 50_000
"""Of one zip: ten files a day for over thirteen years."""

_FIT: Final = (".fit", ".fit.gz")
_WANTED: Final = (*_FIT, ".zip")
_APPLE_DOUBLE: Final = "._"  # what macOS puts beside each file of a zip: the same name, but not the file
_PASSWORD: Final = 0x1  # in a member's flags

_CANNOT_UNPACK: Final = (
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
_NOTHING_THERE: Final = "has no FIT files in it (.fit, .fit.gz or .zip)."


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


_Opener = Callable[[], AbstractContextManager[_Readable]]


@dataclass(frozen=True, slots=True)
class Source:
    """One FIT file somewhere.

    Attributes:
        name: for people: its path, and `archive.zip!member.fit` inside an archive.
        read: its bytes; raises SourceError with a sentence where they cannot be had.
    """

    name: str
    read: Callable[[], bytes]


def find(paths: Sequence[Path]) -> list[Source]:
    """All FIT files at these paths, in the order given and then of name; folders are searched to the bottom.

    Never raises: a path that is missing, cannot be opened or has no FIT files is a source whose `read` says
    so.
    A file named outright is taken whatever its name ends in. Archives stay open as long as their sources.
    """
    return [source for path in paths for source in _at(path)]


def _at(path: Path) -> Iterator[Source]:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        yield _refused(str(path), "does not exist.")
    except (OSError, ValueError) as error:
        yield _refused(str(path), f"cannot be opened ({error}).")
    else:
        if stat.S_ISDIR(mode):
            yield from _in_folder(path)
        elif not stat.S_ISREG(mode):
            yield _refused(str(path), "is neither a file nor a folder.")
        elif path.name.lower().endswith(".zip"):
            yield from _opened_zip(str(path), lambda: zipfile.ZipFile(path), _WANTED)
        else:
            yield _source(str(path), lambda: path.open("rb"))


def _in_folder(folder: Path) -> Iterator[Source]:
    unreadable: list[OSError] = []
    found = sorted(
        Path(parent, name)
        for parent, _, names in os.walk(folder, onerror=unreadable.append)
        for name in names
        if _is_wanted(name, _WANTED)
    )
    for path in found:
        yield from _at(path)
    for error in unreadable:
        yield _refused(str(error.filename), f"cannot be opened ({error.strerror}).")
    if not found and not unreadable:
        yield _refused(str(folder), _NOTHING_THERE)


def _opened_zip(name: str, opener: Callable[[], zipfile.ZipFile], wanted: tuple[str, ...]) -> Iterator[Source]:
    try:
        archive = opener()
    except SourceError as error:
        yield _refused(name, str(error))
    except _CANNOT_UNPACK as error:
        yield _refused(name, f"cannot be opened as a zip archive ({error}).")
    else:
        yield from _in_zip(name, archive, wanted)


def _in_zip(name: str, archive: zipfile.ZipFile, wanted: tuple[str, ...]) -> Iterator[Source]:
    files = (member for member in archive.infolist() if not member.is_dir())
    members = [member for member in files if _is_wanted(member.filename, wanted)]
    if not members:
        yield _refused(name, _NOTHING_THERE)
    elif len(members) > MAX_MEMBERS:
        yield _refused(name, f"holds {len(members):,} files, more than {MAX_MEMBERS:,}. Unpack it first.")
    else:
        for member in sorted(members, key=attrgetter("filename")):
            yield from _in_member(f"{name}!{member.filename}", archive, member)


def _in_member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[Source]:
    if member.flag_bits & _PASSWORD:
        yield _refused(name, "is locked with a password. Unpack it first.")
    elif name.lower().endswith(".zip"):
        yield from _opened_zip(name, partial(_inner_zip, archive, member), _FIT)
    else:
        yield _source(name, lambda: archive.open(member))


def _inner_zip(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> zipfile.ZipFile:
    with archive.open(member) as packed:
        return zipfile.ZipFile(io.BytesIO(_all_of(packed, MAX_INNER_ZIP_BYTES)))


def _source(name: str, opener: _Opener) -> Source:
    def read() -> bytes:
        try:
            with opener() as file:
                if not name.lower().endswith(".gz"):
                    return _all_of(file, MAX_FILE_BYTES)
                with gzip.open(file) as unpacked:  # type: ignore[call-overload]  # it only needs `read`
                    return _all_of(unpacked, MAX_FILE_BYTES)
        except SourceError as error:
            raise SourceError(f"{name} {error}") from None
        except _CANNOT_UNPACK as error:
            raise SourceError(f"{name} cannot be read ({error}). Copy it from the device again.") from error

    return Source(name, read)


def _all_of(file: _Readable, most: int) -> bytes:
    data = file.read(most + 1)
    if len(data) > most:
        raise SourceError(f"is larger than {most // _MEGABYTE} MB unpacked, far more than an activity takes.")
    return data


def _refused(name: str, why: str) -> Source:
    def read() -> bytes:
        raise SourceError(f"{name} {why}")

    return Source(name, read)


def _is_wanted(name: str, endings: tuple[str, ...]) -> bool:
    file_name = PurePosixPath(name).name
    return file_name.lower().endswith(endings) and not file_name.startswith(_APPLE_DOUBLE)
