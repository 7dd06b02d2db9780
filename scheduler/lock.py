"""One scheduler a home, and one a database that is a file."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from scheduler.errors import AlreadyRunningError, LockError


@contextmanager
def alone(home: Path, database: Path | None = None) -> Iterator[None]:
    """While no other scheduler works on this home, nor, from another home, on this file.

    Raises:
        AlreadyRunningError, LockError: as `HomeLock`.
    """
    with ExitStack() as held:
        held.enter_context(HomeLock(home))
        if database is not None and database.parent != home:
            held.enter_context(HomeLock(database.parent, f"{database.name}.lock"))
        yield


class HomeLock:
    """Holds a home folder for this process; the operating system lets go of it however the process ends.

    The lock is SQLite's own, on an empty database `scheduler.lock`: portable, already here, and good on every
    file system on which the data beside it is.

    Raises:
        AlreadyRunningError: on entering, when another scheduler holds it.
        LockError: on entering, when the file cannot be opened.
    """

    def __init__(self, home: Path, name: str = "scheduler.lock") -> None:
        self.path = home / name
        self._holder: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        holder = None
        try:
            holder = sqlite3.connect(self.path, timeout=0, isolation_level=None, check_same_thread=False)
            holder.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if holder is not None:
                holder.close()
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise AlreadyRunningError(self.path) from None
            raise LockError(self.path, str(error)) from error
        self._holder = holder
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._holder is not None:
            self._holder.close()
            self._holder = None
