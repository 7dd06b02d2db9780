"""Where rows are: what finds one soonest, and for how long it does."""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class Place(ColumnElement[UUID]):
    """Where a row of a table is found soonest, for as long as `numbering` says the same: on SQLite by the number that
    it gives each row, elsewhere by its key.
    """

    inherit_cache = True
    primary_key = True

    def __init__(self, key: Column[UUID]) -> None:
        self.key_column = key
        self.type = key.type


@compiles(Place)
def _by_key(place: Place, compiler: SQLCompiler, **given: Any) -> str:
    return compiler.process(place.key_column, **given)


@compiles(Place, "sqlite")
def _by_number(place: Place, compiler: SQLCompiler, **given: Any) -> str:
    del compiler, given
    return f"{place.key_column.table.name}.rowid"


def numbering(connection: Connection) -> int:
    """Another one each time that SQLite may have numbered rows anew of its own accord: when it tidied up (VACUUM), made
    a table anew, or was given another file. Nobody may write these numbers, or put rows in again, beside a sweep.
    """
    if connection.dialect.name != "sqlite":
        return 0
    version: int = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    return version
