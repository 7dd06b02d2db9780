"""What both coach's and scheduler's tables use: column types, and how constraints are called."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, DateTime, Dialect, Update
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

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def execute_many(connection: Connection, statement: Update, rows: Sequence[Mapping[str, str]]) -> None:
    """Run a statement, all of whose parameters are texts, for each of many rows.

    What SQLAlchemy does to each parameter of each row, to find out that a text needs nothing done to it, takes
    longer than SQLite does with the row.
    """
    if not rows:
        return
    compiled = _compiled(statement, connection.dialect)
    order = compiled.positiontup
    if order is None:
        connection.exec_driver_sql(compiled.string, list(map(dict, rows)))
    else:
        connection.exec_driver_sql(compiled.string, [tuple(row[name] for name in order) for row in rows])


@lru_cache(maxsize=8)
def _compiled(statement: Update, dialect: Dialect) -> SQLCompiler:
    return statement.compile(dialect=dialect)
