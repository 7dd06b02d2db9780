"""Files that wait for their person to say that they are to be taken. Each account has a folder, and the files in it
random names; the name that one came with lies beside it.
"""

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from coach.errors import ConflictError
from coach.uploads import Upload, keep, shown

MOST_FILES: Final = 20
MOST_BYTES: Final = 64_000_000

# Who shared something and then let it lie for a day has forgotten it.
KEPT: Final = timedelta(days=1)
_NAME: Final = ".name"
_COMING: Final = "coming-"  # not whole yet, or left by a process that was killed


class TooMuchError(ConflictError):
    """More than may wait; what waited already still does."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that waits: the name that it came with, and where it lies."""

    name: str
    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class Staging:
    """What waits for one account, in a folder below `root`."""

    root: Path
    account_id: int

    @property
    def folder(self) -> Path:
        return self.root / str(self.account_id)

    def waiting(self, now: datetime) -> Sequence[Staged]:
        """What waits, in the order in which it came; whatever is too old is gone, whoever's it is."""
        tidy(self.root, now - KEPT)
        return [_staged(each) for each in sorted(self.folder.glob(f"*{_NAME}"))]

    def stage(self, uploads: Iterable[Upload], now: datetime) -> None:
        """Have these wait: all of them, or none.

        Raises:
            TooMuchError: they and those that wait are too many, or too large.
        """
        there = self.waiting(now)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        coming = self.folder / f"{_COMING}{secrets.token_hex(8)}"
        coming.mkdir(mode=0o700)
        try:
            for index, each in enumerate(uploads):
                stem = f"{now:%Y%m%d%H%M%S}-{index:04}-{secrets.token_hex(8)}"
                kept = keep(each, coming / stem)
                (coming / f"{kept.name}{_NAME}").write_text(shown(each.name), encoding="utf-8")
            new = [_staged(each) for each in sorted(coming.glob(f"*{_NAME}"))]
            if len(there) + len(new) > MOST_FILES or sum(each.size for each in (*there, *new)) > MOST_BYTES:
                raise TooMuchError("That is more than can wait.")
            for staged in new:  # the name last: what has one is whole
                for path in (staged.path, staged.path.with_name(staged.path.name + _NAME)):
                    os.utime(path, (now.timestamp(), now.timestamp()))
                    path.rename(self.folder / path.name)
        finally:
            shutil.rmtree(coming, ignore_errors=True)

    def discard(self, some: Iterable[Staged]) -> None:
        for each in some:
            each.path.with_name(each.path.name + _NAME).unlink(missing_ok=True)
            each.path.unlink(missing_ok=True)


def _staged(name: Path) -> Staged:
    path = name.with_name(name.name.removesuffix(_NAME))
    return Staged(name.read_text(encoding="utf-8"), path, path.stat().st_size)


def too_old(root: Path, before: datetime) -> Iterator[Path]:
    """Of everybody's what came before then: files, and folders of what never came whole."""
    for path in root.glob("*/*"):
        with suppress(FileNotFoundError):  # somebody else tidies too
            if path.stat().st_mtime <= before.timestamp():
                yield path


def tidy(root: Path, before: datetime) -> int:
    """Forget those; gives how many."""
    gone = 0
    for path in too_old(root, before):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        gone += 1
    return gone
