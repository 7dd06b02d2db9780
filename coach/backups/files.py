"""A file that appears whole or not at all, and never in place of another."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from coach.errors import CoachError, ConflictError

_PREFIX: Final = ".coach-unfinished-"
# A file that is being written is written to again and again; one that was not for so long was left by a kill.
_LEFT_AFTER_S: Final = 3600.0


@contextmanager
def appearing(target: Path) -> Iterator[Path]:
    """An empty file beside the target, nobody else's to read; when the block ends well, on the disk, and the target.

    Raises:
        ConflictError: there is something of that name.
        CoachError: it cannot be written; names the file and why.
    """
    _refuse_what_is_there(target)
    part = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _tidy(target.parent)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=_PREFIX)
        os.close(handle)
        part = Path(name)
        yield part
        synced(part)
        _named(part, target)
        synced(target.parent)
    except OSError as error:
        raise CoachError(f"{target} cannot be written: {error.strerror or error}.") from error
    finally:
        _gone(part)


@contextmanager
def borrowed(file: Path, folder: Path) -> Iterator[Path]:
    """A copy in that folder, on the disk; it goes when the block ends, unless it has another name by then.

    Raises:
        CoachError: it cannot be read or written; names the file and why.
    """
    part = None
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _tidy(folder)
        handle, name = tempfile.mkstemp(dir=folder, prefix=_PREFIX)
        os.close(handle)
        part = Path(name)
        shutil.copyfile(file, part)
        synced(part)
        yield part
    except OSError as error:
        raise CoachError(f"{file} cannot be brought back: {error.strerror or error}. Nothing was changed.") from error
    finally:
        _gone(part)


def synced(path: Path) -> None:
    """Until what a file or folder holds is on the disk."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def kept_as(file: Path, name: Path) -> None:
    """The file under another name, too, or alone where the file system has no two names for one."""
    try:
        name.hardlink_to(file)
    except OSError:
        _refuse_what_is_there(name)
        file.rename(name)


def _named(part: Path, target: Path) -> None:
    try:
        kept_as(part, target)
    except FileExistsError:
        _refuse_what_is_there(target)
        raise


def _refuse_what_is_there(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise ConflictError(f"{target} is there already, and is left as it is. Name another file.")


def _gone(part: Path | None) -> None:
    """With the logs that a database has beside it."""
    for left in [] if part is None else [part, *part.parent.glob(f"{part.name}-*")]:
        left.unlink(missing_ok=True)


def _tidy(folder: Path) -> None:
    """What a kill left."""
    for left in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_AFTER_S:
                left.unlink()
