"""PostgreSQL: a server, whose writers wait where they would change what is the same person's."""

from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, func, select, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import OperationalError

from coach.store.backend import Backend

# As long as SQLite's writers wait for one another.
_LOCK_TIMEOUT_S: Final = 30.0
# A server that is there answers within a second.
_CONNECT_TIMEOUT_S: Final = 10

# Its locks that mean what one agrees on, ours being: one for the schema, and one for each person (0: what is nobody's).
_SCHEMA: Final = 0x5C1A71CA
_PERSONS: Final = 0x5C1A

# What a server that is there says of itself before it has answered with FATAL for the last time.
_NOT_YET: Final = ("starting up", "shutting down", "recovery", "too many", "connection slots")


def _make(address: URL, *, lasting: bool, migrates: bool) -> Engine:
    del lasting, migrates
    # A connection costs the server a process: those that are there are used again, if they still answer.
    engine = create_engine(
        address, pool_pre_ping=True, hide_parameters=True, connect_args={"connect_timeout": _CONNECT_TIMEOUT_S}
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "handle_error", _quote_no_values)
    return engine


def _configure(connection: Any, _: Any) -> None:
    connection.execute(f"SET lock_timeout = {round(1000 * _LOCK_TIMEOUT_S)}")
    connection.commit()


def _quote_no_values(context: ExceptionContext) -> None:
    """What the server says of a row quotes it (`Key (name)=(Ada)`), and so would a log: only its first line stays, and
    where that has the value itself, the kind of error.
    """
    original, told = context.original_exception, context.sqlalchemy_exception
    first_line = getattr(getattr(original, "diag", None), "message_primary", None)
    if first_line is None or told is None:
        return
    is_of_a_value = isinstance(original, context.dialect.loaded_dbapi.DataError)
    said = type(original).__name__ if is_of_a_value else first_line
    told.args = (str(told.args[0]).replace(str(original), said), *told.args[1:])
    original.args = (said,)


def _queue(connection: Connection, whose: int | None) -> None:
    """Wait until nobody else changes what is this person's, or what is nobody's, before this transaction ends."""
    connection.execute(select(func.pg_advisory_xact_lock(_PERSONS, whose or 0)))


def _queue_to_migrate(connection: Connection) -> None:
    """Of several that start at the same moment one changes the schema; the others wait, and find it done."""
    connection.execute(select(func.pg_advisory_xact_lock(_SCHEMA)))


def _may_come(error: OperationalError) -> bool:
    """It does not answer, or not yet; whom it answers that they may not come in, it will answer so again."""
    said = str(error.orig)
    return "FATAL" not in said or any(each in said for each in _NOT_YET)


def _last_number(connection: Connection, of: Table) -> int:
    last, is_given = connection.execute(text(f"SELECT last_value, is_called FROM {_sequence(connection, of)}")).one()  # noqa: S608
    return int(last) if is_given else 0


def _number_from(connection: Connection, of: Table, number: int) -> None:
    connection.execute(select(func.setval(_sequence(connection, of), max(number, 1), number > 0)))


def _sequence(connection: Connection, of: Table) -> str:
    numbered = of.autoincrement_column
    name = func.pg_get_serial_sequence(of.name, None if numbered is None else numbered.name)
    return str(connection.execute(select(name)).scalar_one())


POSTGRESQL: Final = Backend(
    make=_make,
    only_reads={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
    queue=_queue,
    queue_to_migrate=_queue_to_migrate,
    dangles=lambda _: False,  # no transaction leaves it so
    is_sound=lambda _: True,  # the server's own care
    may_come=_may_come,
    last_number=_last_number,
    number_from=_number_from,
    advice="Is PostgreSQL running, and COACH_DATABASE_URL right?",
)
