"""Files that commands write: whole or not at all, and nobody else's to read."""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import IO

from coach.errors import CoachError


def write_whole(target: Path, written: str) -> None:
    """All of a file or nothing of it: a full disk leaves what was there before.

    Raises:
        CoachError: it cannot be written; names the file and why.
    """
    write_made(target, partial(_encoded, written=written))


def write_made(target: Path, make: Callable[[IO[bytes]], object]) -> None:
    """As `write_whole`, of whatever `make` writes.

    Raises:
        CoachError: it cannot be written; names the file and why.
    """
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as file:  # a pipe or a device is written to, never put aside
                make(file)
        else:
            _replaced(target.resolve(), make)
    except OSError as error:
        raise CoachError(f"{target} cannot be written: {error.strerror or error}.") from error


def _encoded(file: IO[bytes], written: str) -> None:
    file.write(written.encode())


def _replaced(target: Path, make: Callable[[IO[bytes]], object]) -> None:
    name = _beside(target, make)
    try:
        name.replace(target)
    except BaseException:
        name.unlink(missing_ok=True)
        raise


def _beside(target: Path, make: Callable[[IO[bytes]], object]) -> Path:
    """What is made, in a file of another name in the same folder, from where it takes one step into place."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            make(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Files of one folder, which is made where it is missing: all of them, or the folder stays as it was.

    Raises:
        CoachError: they cannot be written; names the folder and why.
    """
    try:
        if folder.exists():
            _into(folder, files)
        else:
            _as_new(folder.resolve(), files)
    except OSError as error:
        raise CoachError(f"{folder} cannot be written: {error.strerror or error}.") from error


def _as_new(folder: Path, files: Mapping[str, str]) -> None:
    """The folder appears with all that is in it."""
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        for name, written in files.items():
            (made / name).touch(mode=0o600)
            (made / name).write_text(written, encoding="utf-8", newline="")
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _into(folder: Path, files: Mapping[str, str]) -> None:
    """All are written before the first takes its place."""
    waiting: dict[Path, Path] = {}
    try:
        for name, written in files.items():
            waiting[folder / name] = _beside(folder / name, partial(_encoded, written=written))
        for target, beside in waiting.items():
            beside.replace(target)
    finally:
        for beside in waiting.values():
            beside.unlink(missing_ok=True)
