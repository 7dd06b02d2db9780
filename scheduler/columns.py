"""What both coach's and scheduler's tables use: column types, and how constraints are called."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import repeat
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, DateTime, Dialect, Select, Update, bindparam
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

from scheduler.errors import NaiveDatetimeError

NAMES: Final = MappingProxyType(
    {
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
"""A migration can only change a constraint that it can name, and SQLite gives none a name."""

SQLModel.metadata.naming_convention = NAMES  # before the first table is made: every tables module imports this one


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware going in, aware UTC coming out.

    PostgreSQL keeps it as `timestamptz`. SQLite has no such type and drops the zone, so it keeps UTC as text
    of fixed width (`2026-03-29 01:00:00.000000`), which sorts and compares as the moments do.

    Raises:
        NaiveDatetimeError: for a datetime without a zone (SQLAlchemy wraps it in a StatementError).
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveDatetimeError(value)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """As below."""
        return _text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """For SQLite one step from its text to the moment: a sweep reads more of these than of anything else."""
        return _moment if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.astimezone(UTC)


_WIDTH: Final = len("2026-03-29 01:00:00.000000")


def _text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.utcoffset() is None:
        raise NaiveDatetimeError(value)
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:_WIDTH]


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


def fetch(connection: Connection, statement: Select[Any]) -> list[tuple[Any, ...]]:
    """What a statement finds, as the driver gives it: for `by_column`, when nobody waits for the transaction."""
    result = connection.execute(statement)
    try:
        return [*result.cursor.fetchall()]
    finally:
        result.close()


def by_column(
    rows: Sequence[tuple[Any, ...]], columns: Sequence[ColumnElement[Any]], dialect: Dialect
) -> list[Sequence[Any]]:
    """The values of each column as SQLAlchemy would give them row by row, but for keys, which stay as they are.

    One that comes often is made once: of what is due together, most moments and words are the same.
    """
    values = zip(*rows, strict=True) if rows else repeat((), len(columns))
    return [_made(each, column, dialect) for each, column in zip(values, columns, strict=True)]


def _made(values: Sequence[Any], column: ColumnElement[Any], dialect: Dialect) -> Sequence[Any]:
    make = column.type.dialect_impl(dialect).result_processor(dialect, None)
    if make is None or column.primary_key:
        return values
    made = {value: make(value) for value in set(values)}
    return [made[value] for value in values]


def execute_many(connection: Connection, statement: Update, columns: Mapping[str, Iterable[Any]]) -> int:
    """Run a statement once for each row of parameters, given by columns, and tell how many rows it changed in all.

    As SQLAlchemy would, but that each value comes as the driver wants it (`driven`): to find out, parameter by
    parameter and row by row, that nothing needs to be done to it takes longer than SQLite does with the row.
    """
    compiled = _compiled(statement, connection.dialect)
    order = compiled.positiontup
    parameters: Any
    if order is None:
        parameters = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    else:
        parameters = list(zip(*(columns[name] for name in order), strict=True))
    return connection.exec_driver_sql(compiled.string, parameters).rowcount


def driven(connection: Connection, column: Column[Any]) -> Callable[[Any], Any]:
    """What makes of a column's value what the driver wants."""
    dialect = connection.dialect
    return column.type.dialect_impl(dialect).bind_processor(dialect) or _itself


def _itself(value: Any) -> Any:
    return value


@lru_cache(maxsize=8)
def _compiled(statement: Update, dialect: Dialect) -> SQLCompiler:
    return statement.compile(dialect=dialect)


def execute_among(
    connection: Connection,
    statement: Update,
    column: ColumnElement[Any],
    among: Sequence[Any],
    others: Mapping[str, Any],
) -> int:
    """Run a statement once, for all rows whose `column` is among these; tell how many it changed.

    Each value comes as the driver wants it, `others` those of its own parameters. A list of hundreds is written out
    once for each length that comes: to do so each time takes longer than SQLite does with the rows.
    """
    text, order = _written_out(statement, column, connection.dialect, len(among))
    parameters: Any
    if order is None:
        parameters = {**others, **{f"among_{number}": each for number, each in enumerate(among)}}
    else:  # the list is what is written out last
        parameters = (*(others[name] for name in order[: -len(among)]), *among)
    return connection.exec_driver_sql(text, parameters).rowcount


@lru_cache(maxsize=32)  # full batches are of one length; what is left over differs
def _written_out(
    statement: Update, column: ColumnElement[Any], dialect: Dialect, count: int
) -> tuple[str, Sequence[str] | None]:
    """For a list of one by SQLAlchemy; to have it write hundreds takes milliseconds."""
    one = statement.where(column.in_([bindparam("among_0", type_=column.type)])).compile(dialect=dialect)
    before, opens, each = one.string.removesuffix(")").rpartition(" IN (")
    listed = ", ".join(each.replace("among_0", f"among_{number}") for number in range(count))
    order = one.positiontup
    every = None if order is None else [*order, *(f"among_{number}" for number in range(1, count))]
    return f"{before}{opens}{listed})", every
