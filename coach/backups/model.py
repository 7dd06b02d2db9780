"""What a backup is, and what each kind of database does to make one."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from coach.errors import DatabaseError
from coach.store.engine import HEAD, known_versions


@dataclass(frozen=True, slots=True)
class Held:
    """What was found in a backup that was read to its end.

    Attributes:
        version: the migration that its tables are at.
        rows: how many each table has.
    """

    version: str
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that is whole, and where it lies."""

    file: Path
    kind: str
    bytes: int
    held: Held


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """What was brought back, and where that lies which was there before; None where there was nothing."""

    kind: str
    held: Held
    set_aside: Path | None
    rows: Mapping[str, int]


class BackupKind(Protocol):
    """
    Attributes:
        suffix: of its files.
        mark: what its files begin with.
    """

    suffix: str
    mark: bytes

    def write(self, engine: Engine, part: Path) -> None:
        """All that the database holds at one moment, into a file that is there and empty."""

    def look(self, file: Path, named: Path) -> Held:
        """Read a backup to its end; `named` is what the person calls it.

        Raises:
            DatabaseError: it is damaged, or none of the coach.
        """

    def alone(self, engine: Engine) -> AbstractContextManager[None]:
        """While nobody else works with the database.

        Raises:
            ConflictError: somebody does.
        """

    def put(self, engine: Engine, file: Path, aside: Path) -> Path | None:
        """In place of what is there, whole or not at all. Gives the file that what was there went into."""


def refuse_newer(held: Held, named: Path) -> None:
    """
    Raises:
        DatabaseError: a newer version of the program wrote it.
    """
    if held.version != HEAD and held.version not in known_versions():
        raise DatabaseError(
            f"{named} is of version {held.version}, which this program does not know. "
            "Install the newer program that wrote it. Nothing was changed."
        )


def no_backup(named: Path, why: str) -> DatabaseError:
    return DatabaseError(f"{named} is no backup of the coach: {why}. Nothing was changed.")


def damaged(named: Path, why: str) -> DatabaseError:
    return DatabaseError(f"{named} is damaged: {why}. Take an older backup. Nothing was changed.")
