"""Take a backup, and bring one back."""

import logging
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from coach.backups import files
from coach.backups.model import BackupKind, BroughtBack, Taken, no_backup, refuse_newer
from coach.backups.postgresql import PostgresqlBackup
from coach.backups.sqlite import SqliteBackup
from coach.errors import DatabaseError, NotFoundError, NotSetUpError
from coach.store.access import What, note
from coach.store.contents import counts
from coach.store.engine import HEAD, only_reads, open_database, opening, reached_version, writing
from config.settings import Settings
from scheduler.errors import whereabouts
from scheduler.lock import HomeLock

log = logging.getLogger(__name__)

_KINDS: Final[Mapping[str, BackupKind]] = MappingProxyType({"sqlite": SqliteBackup(), "postgresql": PostgresqlBackup()})


def take(settings: Settings, file: Path | None, now: datetime) -> Taken:
    """All that the database holds, as it is at one moment, into a file that is read to its end before it counts.

    Args:
        settings: say which database, and where its backups go when no file is named: `backups` in the home.
        file: where to; in a folder it is called by the moment.
        now: the moment, aware.

    Raises:
        NotSetUpError: there is nothing in the database.
        ConflictError: the file is there already.
        CoachError: it cannot be written, or did not come out whole; then there is none.
    """
    with opening(settings.database) as engine:
        version = reached_version(engine)
        if version is None:
            raise NotSetUpError("There is nothing to back up yet. Run `coach setup`.")
        engine.dispose()
        kind = _KINDS[engine.dialect.name]
        target = file or settings.home / "backups"
        if file is None or target.is_dir():
            target = _free(target / f"coach-{_stamp(now)}{kind.suffix}")
        with files.appearing(target) as part:
            kind.write(engine, part)
            held = kind.look(part, target)
            size = part.stat().st_size
        if version == HEAD:
            _noted(engine, now)
    return Taken(target, engine.dialect.name, size, held)


def _noted(engine: Engine, now: datetime) -> None:
    """That all of it was copied. The backup is good also where this cannot be written."""
    try:
        with writing(engine, None) as session:
            note(session, What.BACKED_UP, None, now)
    except OperationalError as error:
        log.warning("The backup is not in the log of changes: %s", whereabouts(error))
    finally:
        engine.dispose()


def bring_back(settings: Settings, file: Path, now: datetime) -> BroughtBack:
    """A backup in place of the database, brought up to date; what was there is kept as a file.

    Raises:
        NotFoundError: there is no such file.
        DatabaseError: it is no backup, is damaged, of a newer version or of another kind of database.
        ConflictError, AlreadyRunningError: somebody works with the database.
    """
    kind_of = _kind_of(file)
    with opening(settings.database) as engine, ExitStack() as ends:
        ends.callback(engine.dispose)
        name = engine.dialect.name
        if kind_of != name:
            raise DatabaseError(
                f"{file} is a backup of {_SPELT[kind_of]}, and the database of this home is {_SPELT[name]}. "
                "Restore it into one of its own kind, and use `coach db copy` from there. Nothing was changed."
            )
        kind = _KINDS[name]
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        ends.enter_context(HomeLock(settings.home))
        place = _beside(engine, settings)
        with files.borrowed(file, place) as copy:
            held = kind.look(copy, file)
            refuse_newer(held, file)
            expected = held.rows if held.version == HEAD else _upgraded(copy) if name == "sqlite" else None
            ends.enter_context(kind.alone(engine))
            set_aside = kind.put(engine, copy, _free(place / f"coach-before-restore-{_stamp(now)}{kind.suffix}"))
    return BroughtBack(name, held, set_aside, _verified(settings, expected, now))


_SPELT: Final = MappingProxyType({"sqlite": "SQLite", "postgresql": "PostgreSQL"})


def _kind_of(file: Path) -> str:
    if not file.is_file():
        raise NotFoundError(f"There is no file {file}.")
    with file.open("rb") as opened:
        first = opened.read(16)
    for name, kind in _KINDS.items():
        if first.startswith(kind.mark):
            return name
    raise no_backup(file, "it is neither a file of SQLite nor one of pg_dump")


def _beside(engine: Engine, settings: Settings) -> Path:
    """The folder of what is set aside: where it can be given the database's place in one step."""
    if engine.dialect.name != "sqlite":
        return settings.home / "backups"
    return Path(engine.url.database or "").absolute().parent


def _upgraded(file: Path) -> dict[str, int]:
    """Bring a file of SQLite up to date before it is anybody's database; gives what it holds then."""
    engine = open_database(f"sqlite:///{file}")
    try:
        with only_reads(engine).connect() as connection:
            return counts(connection)
    finally:
        engine.dispose()


def _verified(settings: Settings, expected: Mapping[str, int] | None, now: datetime) -> Mapping[str, int]:
    """How many rows each table has now; held against what was expected, where that is known beforehand. That it was
    brought back is then written into its own log.
    """
    engine = open_database(settings.database)
    try:
        with only_reads(engine).connect() as connection:
            found = counts(connection)
        differing = sorted(name for name in found if found[name] != (expected or found).get(name, 0))
        if differing:
            raise DatabaseError(f"What was brought back differs from the backup in '{differing[0]}'. Restore it again.")
        with writing(engine, None) as session:
            note(session, What.RESTORED, None, now)
    finally:
        engine.dispose()
    return found


def _free(path: Path) -> Path:
    """The name, or where there is such a file one like it: two may fall into one second."""
    others = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(each for each in chain([path], others) if not each.exists())


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}"
