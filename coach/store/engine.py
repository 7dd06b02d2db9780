"""Opening a database, and bringing its schema up to date."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlmodel import Session, SQLModel

from coach.errors import DatabaseError
from coach.store.acting import ACTOR, COMMAND_LINE, Actor
from coach.store.backend import Backend
from coach.store.postgresql import POSTGRESQL
from coach.store.sqlite import SQLITE, holding_little

HEAD: Final = "0015"
"""The newest migration; a test holds it against the folder."""

_BACKENDS: Final[Mapping[str, Backend]] = MappingProxyType({"sqlite": SQLITE, "postgresql": POSTGRESQL})
_MIGRATIONS: Final = Path(__file__).parent / "migrations"

# A server that starts together with this program, or is started anew, is there within seconds.
_PATIENCE_S: Final = 10.0
_LOOK_EVERY_S: Final = 0.25


def open_database(url: str, *, lasting: bool = False) -> Engine:
    """An engine on a database whose schema is the newest, created or upgraded if need be.

    With `lasting` its connections are kept for whoever comes next, until it is disposed of: for a program that answers
    many.

    Raises:
        DatabaseError: it cannot be reached, or was written by a newer version of the program.
    """
    with opening(url, lasting=lasting) as engine:
        if reached_version(engine) != HEAD:
            upgrade(engine)
    return engine


def open_passing(file: Path) -> Engine:
    """An engine on a new SQLite database that nobody opens again: the tables of now at once, for to load what migrates,
    and to migrate, takes more time and memory than what is done there; and of its pages few are held.
    """
    from coach.store import dropping

    with opening(f"sqlite:///{file}") as engine, holding_little(engine).begin() as connection:
        SQLModel.metadata.create_all(connection)
        dropping.create(connection)
    return engine


@contextmanager
def opening(url: str, *, lasting: bool = False) -> Iterator[Engine]:
    """An engine as it is, for what is asked of it first: should that fail, nothing is left open.

    Raises:
        DatabaseError: it cannot be reached, or is none.
    """
    with ExitStack() as failed:
        try:
            engine = _made(_address(url), lasting=lasting)
            failed.callback(engine.dispose)
            yield engine
        except (SQLAlchemyError, OSError, ModuleNotFoundError, ValueError) as error:  # ValueError: a port that is none
            raise DatabaseError(_sentence(url, error)) from error
        failed.pop_all()


def _address(url: str) -> URL:
    if without_password(url) is None:
        raise ValueError("it cannot be told which part of it is the password")
    return make_url(url)


def _made(address: URL, *, lasting: bool = False, migrates: bool = False) -> Engine:
    backend = _BACKENDS.get(address.get_backend_name())
    if backend is None:
        raise ValueError("it is neither SQLite nor PostgreSQL")
    return backend.make(address, lasting=lasting, migrates=migrates)


def backend_of(engine: Engine | Connection) -> Backend:
    return _BACKENDS[engine.dialect.name]


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one state of the database and changes nothing."""
    with Session(only_reads(engine)) as session:
        yield session


@contextmanager
def asking(engine: Engine) -> Iterator[Connection]:
    """As `reading`, without a session: for who only asks (`coach.store.asking`)."""
    with only_reads(engine).begin() as connection:
        yield connection


@contextmanager
def reading_often(engine: Engine) -> Iterator[Callable[[], Session]]:
    """As `reading`, again and again on one connection: to open one costs as much as several questions."""
    with only_reads(engine).connect() as connection:
        yield lambda: Session(connection)


@contextmanager
def asking_often(engine: Engine) -> Iterator[Callable[[], AbstractContextManager[Connection]]]:
    """As `asking`, again and again on one connection."""
    with only_reads(engine).connect() as connection:

        @contextmanager
        def once() -> Iterator[Connection]:
            with connection.begin():
                yield connection

        yield once


@lru_cache(maxsize=8)
def only_reads(engine: Engine) -> Engine:
    return engine.execution_options(**backend_of(engine).only_reads)


@contextmanager
def writing(engine: Engine, whose: int | None, by: Actor = COMMAND_LINE) -> Iterator[Session]:
    """A session whose work is kept whole when the block ends well, and not at all when it does not.

    Args:
        engine: the database.
        whose: the person of whom something is changed: who reads it first, and writes what follows, must find it
            unchanged. None where it is no person's, or one's who is not there yet.
        by: who changes it, for the log (`coach.store.access.note`).
    """
    with Session(engine, info={ACTOR: by}) as session, session.begin():
        hold(session, whose)
        yield session


def hold(session: Session, whose: int | None) -> None:
    """Wait until nobody else changes anything of this person; it stays so until the transaction ends."""
    connection = session.connection()
    backend_of(connection).queue(connection, whose)


@contextmanager
def kept_open(engine: Engine) -> Iterator[None]:
    """For many transactions in a row: the last connection that closes has SQLite write its log into the file, which
    costs more than a transaction does. Here that is one which does nothing, and closes at the end.
    """
    with engine.connect():
        yield


def reached_version(engine: Engine) -> str | None:
    """`schema_version` of a database that may be there only in a moment."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return schema_version(engine)
        except OperationalError as error:
            if time.monotonic() > until or not backend_of(engine).may_come(error):
                raise
        time.sleep(_LOOK_EVERY_S)


def schema_version(engine: Engine) -> str | None:
    """The migration that the database is at, by plain SQL: importing Alembic costs more than most commands."""
    with only_reads(engine).connect() as connection:
        return _version(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def upgrade(engine: Engine) -> None:
    """Bring the schema up to date. Of several that start at the same moment one does it.

    Raises:
        DatabaseError: a newer version of the program wrote it.
    """
    from alembic import command

    with migrating(engine) as config:
        command.upgrade(config, "head")


@contextmanager
def migrating(engine: Engine) -> Iterator[Any]:
    """Alembic's configuration, on a transaction in which nobody else changes the schema: whole or not at all.

    Raises:
        DatabaseError: a newer version of the program wrote it; or what was done left rows without what they refer to.
    """
    config, known = alembic_config(), known_versions()
    own = _made(engine.url, migrates=True)
    try:
        with own.begin() as connection:
            backend_of(connection).queue_to_migrate(connection)
            version = _version(connection)
            if version is not None and version not in known:
                raise DatabaseError(
                    f"The database is at version {version}, which this program does not know. "
                    "Install the newer program that wrote it, or name another database in COACH_DATABASE_URL."
                )
            config.attributes["connection"] = connection
            yield config
            if backend_of(connection).dangles(connection):
                raise DatabaseError("The database refers to rows that it does not have; it was left as it was.")
    finally:
        own.dispose()


def known_versions() -> set[str]:
    """Every version that this program can bring up to date."""
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}


def alembic_config() -> Any:
    """Alembic's configuration, without a file: the migrations travel inside the package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _sentence(url: str, error: Exception) -> str:
    where = without_password(url)
    if where is None:
        return "COACH_DATABASE_URL is not an SQLAlchemy URL. Write one as postgresql+psycopg://user:password@host/name."
    if isinstance(error, ModuleNotFoundError):
        hint = " `pip install 'sciatica-coach[postgresql]'` brings it." if error.name == "psycopg" else ""
        return f"The database {where} needs the Python package '{error.name}', which is not installed.{hint}"
    cause = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    backend = _BACKENDS.get(make_url(url).get_backend_name(), SQLITE)
    return f"The database {where} cannot be opened: {' '.join(cause.split()).rstrip('.')}. {backend.advice}"


def without_password(url: str) -> str | None:
    """None where the address cannot be told from the password: one with an @ in it must be written as %40."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        return None
    return None if "@" in (address.host or "") else address.render_as_string(hide_password=True)
