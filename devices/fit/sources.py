"""Where FIT files come from: files, folders, `.fit.gz`, `.zip`, and a zip in a zip.

`find` looks but does not read, so that the number of files is known ahead; each `Source` is then read, or
refused with a sentence, on its own, and one that is refused does not stop the next.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from devices.fit.archives import NOTHING_THERE, Shelf, in_archive
from devices.fit.unpacking import Source, is_wanted, opened, refused

__all__ = ["Source", "find", "opened", "within"]


def find(paths: Sequence[Path]) -> list[Source]:
    """All FIT files at these paths, in the order given and then of name; folders are searched to the bottom.

    Never raises: a path that is missing, cannot be opened or has no FIT files is a source whose `read` says
    so.
    A file named outright is taken whatever its name ends in.
    """
    return _found(paths, Shelf())


def within(folder: Path) -> list[Source]:
    """All FIT files in a folder, as `find` has them; none where there are none, as on a watch that is new."""
    return _within(folder, Shelf())


def _found(paths: Sequence[Path], shelf: Shelf) -> list[Source]:
    return [source for path in paths for source in _at(path, shelf)]


def _within(folder: Path, shelf: Shelf) -> list[Source]:
    unreadable: list[OSError] = []
    found = sorted(
        Path(parent, name)
        for parent, _, names in os.walk(folder, onerror=unreadable.append)
        for name in names
        if is_wanted(name)
    )
    closed = [refused(str(error.filename), f"cannot be opened ({error.strerror}).") for error in unreadable]
    return _found(found, shelf) + closed


def _at(path: Path, shelf: Shelf) -> Iterator[Source]:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        yield refused(str(path), "does not exist.")
    except (OSError, ValueError) as error:
        yield refused(str(path), f"cannot be opened ({error}).")
    else:
        if stat.S_ISDIR(mode):
            yield from _within(path, shelf) or [refused(str(path), NOTHING_THERE)]
        elif not stat.S_ISREG(mode):
            yield refused(str(path), "is neither a file nor a folder.")
        elif path.name.lower().endswith(".zip"):
            yield from in_archive(path, shelf)
        else:
            yield opened(str(path), lambda: path.open("rb"))
