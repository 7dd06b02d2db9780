"""Of SQLite: a database as a file of its own, by VACUUM INTO."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from coach.backups import files
from coach.backups.model import Held, damaged, no_backup
from coach.errors import CoachError, ConflictError
from coach.store.contents import TABLES

_BESIDE: Final = ("-wal", "-shm")


class SqliteBackup:
    suffix = ".db"
    mark = b"SQLite format 3\0"

    def write(self, engine: Engine, part: Path) -> None:
        """At one moment, whoever writes meanwhile; others wait for nothing."""
        with closing(sqlite3.connect(_file(engine), isolation_level=None)) as database:
            try:
                database.execute("VACUUM INTO ?", (str(part),))
            except sqlite3.Error as error:
                raise CoachError(f"The backup cannot be written: {error}. Nothing of it was kept.") from error

    def look(self, file: Path, named: Path) -> Held:
        try:
            with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
                there = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
                if "alembic_version" not in there:
                    raise no_backup(named, "it has none of its tables")
                (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
                if found != "ok":
                    raise damaged(named, str(found))
                if database.execute("PRAGMA foreign_key_check").fetchone() is not None:
                    raise damaged(named, "rows refer to rows that are not there")
                version = database.execute("SELECT version_num FROM alembic_version").fetchone()
                if version is None:
                    raise no_backup(named, "its tables are of no version")
                return Held(str(version[0]), {name: _count(database, name) for name in _ours() if name in there})
        except sqlite3.DatabaseError as error:
            raise damaged(named, str(error)) from error

    @contextmanager
    def alone(self, engine: Engine) -> Iterator[None]:
        """SQLite turns its log off only where nobody else has the file open; then the file alone is all there is.

        Of a file that is itself damaged this cannot be told: it is set aside as it is, its log beside it.
        """
        file = _file(engine)
        if _begins(file).startswith(self.mark):  # else SQLite would throw its log away
            with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(file, timeout=1)) as database:
                try:
                    database.execute("PRAGMA journal_mode = DELETE")
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                        raise ConflictError(
                            "Something works with the database. Stop the service and what else runs, and try again. "
                            "Nothing was changed."
                        ) from None
                    raise
        yield

    def put(self, engine: Engine, file: Path, aside: Path) -> Path | None:
        """One step: there is no moment at which no database is there."""
        place = _file(engine)
        is_there = place.exists() and place.stat().st_size > 0
        if is_there:
            for ending in _BESIDE:  # a log without its file must never meet another one
                if (log := place.with_name(place.name + ending)).exists():
                    log.rename(aside.with_name(aside.name + ending))
            files.kept_as(place, aside)
        file.replace(place)
        files.synced(place.parent)
        return aside if is_there else None


def _file(engine: Engine) -> Path:
    return Path(engine.url.database or "").absolute()


def _begins(file: Path) -> bytes:
    if not file.exists():
        return b""
    with file.open("rb") as opened:
        return opened.read(len(SqliteBackup.mark))


def _ours() -> list[str]:
    return [each.name for each in TABLES]


def _count(database: sqlite3.Connection, table: str) -> int:
    (number,) = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608  (a table of ours)
    return int(number)
