"""Opening a database, and bringing its schema up to date."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any, Final

from sqlalchemy import Connection, Engine, NullPool, QueuePool, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlmodel import Session, SQLModel

from coach.errors import DatabaseError

HEAD: Final = "0011"
"""The newest migration; a test holds it against the folder."""

_MIGRATIONS: Final = Path(__file__).parent / "migrations"

# Long enough for a big import's transaction, short enough that a person learns that something is stuck.
_BUSY_TIMEOUT_MS: Final = 30_000

_ONLY_READS: Final = "coach_only_reads"


def open_database(url: str, *, lasting: bool = False) -> Engine:
    """An engine on a database whose schema is the newest, created or upgraded if need be.

    With `lasting` its connections are kept for whoever comes next, until it is disposed of: for a program that answers
    many.

    Raises:
        DatabaseError: it cannot be reached, or was written by a newer version of the program.
    """
    try:
        engine = _engine(url, lasting=lasting)
        version = schema_version(engine)
        if version != HEAD:
            _upgrade(_engine(url, _configure_to_migrate), version)
    except (SQLAlchemyError, OSError, ModuleNotFoundError, ValueError) as error:  # ValueError: a port that is none
        raise DatabaseError(_sentence(url, error)) from error
    return engine


def open_passing(url: str) -> Engine:
    """An engine on a new database that nobody opens again: the tables of now at once, for to load what migrates, and
    to migrate, takes more time and memory than what is done there.
    """
    from coach.store import dropping

    engine = _engine(url)
    with engine.begin() as connection:
        SQLModel.metadata.create_all(connection)
        dropping.create(connection)
    return engine


def _engine(
    url: str, configure: Callable[[SqliteConnection, Any], None] | None = None, *, lasting: bool = False
) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True, hide_parameters=True)
    if address.database and address.database != ":memory:":
        file = Path(address.database)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)  # the person's alone, also in a folder that others may look into
    # Mostly no pool: a file opens in two milliseconds, and nothing is left open that nobody closes.
    pool = QueuePool if lasting else NullPool
    engine = create_engine(address, poolclass=pool, hide_parameters=True)  # an error must not quote a message
    event.listen(engine, "connect", configure or _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: SqliteConnection, _: Any) -> None:
    connection.isolation_level = None  # transactions are ours to begin, see below
    for pragma in (
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",  # first: those that follow may have to wait
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _configure_to_migrate(connection: SqliteConnection, record: Any) -> None:
    """SQLite changes a column by making its table anew; dropping the old one must not take what refers to it along."""
    _configure(connection, record)
    connection.execute("PRAGMA foreign_keys = OFF")


def _begin(connection: Connection) -> None:
    """A deferred transaction that turns into a write fails at once when another one writes; this one waits.

    Those that only read say so, and wait for nobody.
    """
    only_reads = connection.get_execution_options().get(_ONLY_READS, False)
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one state of the database and changes nothing."""
    with Session(_only_reads(engine)) as session:
        yield session


@contextmanager
def reading_often(engine: Engine) -> Iterator[Callable[[], Session]]:
    """As `reading`, again and again on one connection: to open one costs as much as several questions."""
    with _only_reads(engine).connect() as connection:
        yield lambda: Session(connection)


def _only_reads(engine: Engine) -> Engine:
    return engine.execution_options(**{_ONLY_READS: True})


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session whose work is kept whole when the block ends well, and not at all when it does not."""
    with Session(engine) as session, session.begin():
        yield session


@contextmanager
def kept_open(engine: Engine) -> Iterator[None]:
    """For many transactions in a row: the last connection that closes has SQLite write its log into the file, which
    costs more than a transaction does. Here that is one which does nothing, and closes at the end.
    """
    with engine.connect():
        yield


def schema_version(engine: Engine) -> str | None:
    """The migration that the database is at, by plain SQL: importing Alembic costs more than most commands."""
    with _only_reads(engine).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(engine: Engine, version: str | None) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = alembic_config()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise DatabaseError(
            f"The database is at version {version}, which this program does not know. "
            "Install the newer program that wrote it, or name another database in COACH_DATABASE_URL."
        )
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise DatabaseError("The database refers to rows that it does not have; it was left as it was.")


def alembic_config() -> Any:
    """Alembic's configuration, without a file: the migrations travel inside the package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _sentence(url: str, error: Exception) -> str:
    where = _without_password(url)
    if where is None:
        return "COACH_DATABASE_URL is not an SQLAlchemy URL. Write one as postgresql+psycopg://user:password@host/name."
    if isinstance(error, ModuleNotFoundError):
        return f"The database {where} needs the Python package '{error.name}', which is not installed."
    cause = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return f"The database {where} cannot be opened: {cause}. Is COACH_HOME writable, or COACH_DATABASE_URL right?"


def _without_password(url: str) -> str | None:
    """None where the address cannot be told from the password: one with an @ in it must be written as %40."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        return None
    return None if "@" in (address.host or "") else address.render_as_string(hide_password=True)
