"""The FIT files in a zip archive, and in the zips inside it (Garmin's full export is a zip of zips)."""

import shutil
import tempfile
import weakref
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Final

from devices.errors import SourceError
from devices.fit.unpacking import CANNOT_UNPACK, Source, check_ratio, is_wanted, opened, refused

_MEGABYTE: Final = 1_000_000
MAX_INNER_ZIP_BYTES: Final = 512 * _MEGABYTE
"""Of a zip inside a zip, which is unpacked first. Garmin cuts its export into parts that are well below."""
MAX_ARCHIVE_BYTES: Final = 10_000 * _MEGABYTE
"""Of all that an archive says it unpacks to, the zips inside it included: 2 MB a day for over thirteen years."""
MAX_MEMBERS: Final = 50_000
"""Of an archive, the zips inside it included: ten files a day for over thirteen years."""

MOST_OPEN: Final = 8
"""Of a search's archives: a process may have some hundreds of files open, and a folder may hold more zips."""

_IN_MEMORY: Final = 16 * _MEGABYTE  # of an inner zip; a larger one goes to a temporary file
_PASSWORD: Final = 0x1  # in a member's flags
_MEMBER: Final = b"PK\x03\x04"
NOTHING_THERE: Final = "has no FIT files in it (.fit, .fit.gz or .zip)."


@dataclass(slots=True)
class _Allowance:
    """What an archive and the zips inside it may still amount to, before any of it is unpacked.

    It reckons with the sizes that the archive states: no more than those is ever read of a member.
    """

    files: int
    size: int

    def spend(self, members: list[zipfile.ZipInfo]) -> None:
        """Raises SourceError, half a sentence, where it is too much; then nothing is spent."""
        size = sum(member.file_size for member in members)
        if len(members) > self.files:
            raise SourceError(f"holds {len(members):,} files, more than {self.files:,}. Unpack it first.")
        if size > self.size:
            raise SourceError(
                f"unpacks to {size // _MEGABYTE:,} MB, more than {self.size // _MEGABYTE:,}. Unpack it first."
            )
        self.files -= len(members)
        self.size -= size


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Where a zip is: a file, or a member of the zip at another place."""

    path: Path
    outer: "_Place | None" = None
    member: zipfile.ZipInfo | None = None


class Shelf:
    """The archives that were used last, open; any other is opened again when it is needed.

    Some stay open because to open one is to read all its list, and to unpack one that lies in another.
    """

    def __init__(self) -> None:
        self._open: dict[_Place, zipfile.ZipFile] = {}  # the one used last stands last

    def archive(self, place: _Place) -> zipfile.ZipFile:
        """Raises one of CANNOT_UNPACK, or SourceError, half a sentence, where it cannot be opened."""
        found = self._open.pop(place, None) or self._opened(place)
        while len(self._open) >= MOST_OPEN:
            del self._open[next(iter(self._open))]  # it closes once nobody reads from it
        self._open[place] = found
        return found

    def _opened(self, place: _Place) -> zipfile.ZipFile:
        if place.outer is None or place.member is None:
            return _whole(zipfile.ZipFile(place.path))
        return _whole(_inner_zip(self.archive(place.outer), place.member))


def in_archive(path: Path, shelf: Shelf) -> Sequence[Source]:
    """The FIT files in a zip, in order of name; what is too much or cannot be opened is a source that says so.

    A zip inside it that has none is passed over, as any other file is; never none.
    """
    found = list(_in_zip(str(path), _Place(path), _Allowance(MAX_MEMBERS, MAX_ARCHIVE_BYTES), shelf))
    return found or [refused(str(path), NOTHING_THERE)]


def _in_zip(name: str, place: _Place, allowance: _Allowance, shelf: Shelf) -> Iterator[Source]:
    try:
        files = (member for member in shelf.archive(place).infolist() if not member.is_dir())
        members = [member for member in files if is_wanted(member.filename)]
        allowance.spend(members)
    except SourceError as error:
        yield refused(name, str(error))
    except CANNOT_UNPACK as error:
        yield refused(name, f"cannot be opened as a zip archive ({error}).")
    else:
        for member in sorted(members, key=attrgetter("filename")):
            yield from _in_member(f"{name}!{member.filename}", place, member, allowance, shelf)


def _in_member(
    name: str, place: _Place, member: zipfile.ZipInfo, allowance: _Allowance, shelf: Shelf
) -> Iterator[Source]:
    try:
        _check(member)
    except SourceError as error:
        yield refused(name, str(error))
    else:
        if not name.lower().endswith(".zip"):
            yield opened(name, lambda: shelf.archive(place).open(member))
        elif place.outer is None:
            yield from _in_zip(name, _Place(place.path, place, member), allowance, shelf)
        else:
            yield refused(name, "lies too deep, in a zip inside a zip. Unpack the outer one first.")


def _whole(archive: zipfile.ZipFile) -> zipfile.ZipFile:
    """Refuse a zip that is cut off within a zip that lies in it, for the list of files at its end is that one's."""
    if archive.fp is not None:
        archive.fp.seek(0)
        begins_with_a_member = archive.fp.read(len(_MEMBER)) == _MEMBER
        if begins_with_a_member and not any(member.header_offset == 0 for member in archive.infolist()):
            raise SourceError("is cut off: the list of its files is missing. Download it again.")
    return archive


def _check(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & _PASSWORD:
        raise SourceError("is locked with a password. Unpack it first.")
    check_ratio(member.compress_size, member.file_size)


def _inner_zip(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> zipfile.ZipFile:
    if member.file_size > MAX_INNER_ZIP_BYTES:
        raise SourceError(f"is larger than {MAX_INNER_ZIP_BYTES // _MEGABYTE} MB. Unpack it first.")
    with ExitStack() as unless_opened:
        copy = unless_opened.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
        with archive.open(member) as packed:
            shutil.copyfileobj(packed, copy)
        inner = zipfile.ZipFile(copy)
        weakref.finalize(inner, unless_opened.pop_all().close)
    return inner
