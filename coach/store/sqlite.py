"""SQLite: a file, whose writers wait for one another."""

from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any, Final

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    QueuePool,
    Table,
    column,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    table,
)

from coach.store.backend import Backend
from scheduler.turns import begin_to_write

_ONLY_READS: Final = "coach_only_reads"

# Long enough for a big import's transaction, short enough that a person learns that something is stuck.
_BUSY_TIMEOUT_MS: Final = 30_000
_LITTLE_KB: Final = 500
# The log is written into the file when it has 16 MB, not 4, as SQLite has it: what changes again and again is written
# a fourth as often, and the disk is waited for as many fewer times.
_LOG_PAGES: Final = 4_000


def _make(address: URL, *, lasting: bool, migrates: bool) -> Engine:
    if address.database and address.database != ":memory:":
        file = Path(address.database)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)  # the person's alone, also in a folder that others may look into
    # Mostly no pool: a file opens in two milliseconds, and nothing is left open that nobody closes.
    pool = QueuePool if lasting else NullPool
    engine = create_engine(address, poolclass=pool, hide_parameters=True)  # an error must not quote a message
    event.listen(engine, "connect", _configure_to_migrate if migrates else _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: SqliteConnection, _: Any) -> None:
    connection.isolation_level = None  # transactions are ours to begin, see below
    for pragma in (
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",  # first: those that follow may have to wait
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"wal_autocheckpoint = {_LOG_PAGES}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def holding_little(engine: Engine) -> Engine:
    """With a fourth of the pages that a connection holds else, for one that nobody waits for."""

    def hold(connection: SqliteConnection, _: Any) -> None:
        connection.execute(f"PRAGMA cache_size = -{_LITTLE_KB}")

    event.listen(engine, "connect", hold)
    return engine


def _configure_to_migrate(connection: SqliteConnection, record: Any) -> None:
    """SQLite changes a column by making its table anew; dropping the old one must not take what refers to it along."""
    _configure(connection, record)
    connection.execute("PRAGMA foreign_keys = OFF")


def _begin(connection: Connection) -> None:
    """A deferred transaction that turns into a write fails at once when another one writes; this one waits.

    Those that only read say so, and wait for nobody.
    """
    if connection.get_execution_options().get(_ONLY_READS, False):
        connection.connection.cursor().execute("BEGIN")  # each look begins so: without what SQLAlchemy does around it
    else:
        begin_to_write(connection)


def _has_queued(*_: object) -> None:
    """Every writer has, in BEGIN IMMEDIATE."""


def _dangles(connection: Connection) -> bool:
    return connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None


def _is_sound(connection: Connection) -> bool:
    return bool(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok")


# Of the tables that give no number twice; in the others the next follows the highest that is there.
_NUMBERS: Final = table("sqlite_sequence", column("name"), column("seq"))


def _last_number(connection: Connection, of: Table) -> int:
    given = connection.execute(select(_NUMBERS.c.seq).where(_NUMBERS.c.name == of.name)).scalar()
    highest = connection.execute(select(func.max(of.autoincrement_column))).scalar()
    return int(given or highest or 0)


def _number_from(connection: Connection, of: Table, number: int) -> None:
    if of.dialect_options["sqlite"]["autoincrement"]:
        connection.execute(delete(_NUMBERS).where(_NUMBERS.c.name == of.name))
        connection.execute(insert(_NUMBERS).values(name=of.name, seq=number))


SQLITE: Final = Backend(
    make=_make,
    only_reads={_ONLY_READS: True},
    queue=_has_queued,
    queue_to_migrate=_has_queued,
    dangles=_dangles,
    is_sound=_is_sound,
    may_come=lambda _: False,
    last_number=_last_number,
    number_from=_number_from,
    advice="Is COACH_HOME writable, or COACH_DATABASE_URL right?",
)
