"""All that a database holds, whichever kind it is: how much, and whether two hold the same."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from enum import Enum
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Table, func, inspect, select
from sqlmodel import SQLModel

import scheduler.tables
from coach.store import access, accounts, care, dropping, kept, sweeps, tables, tokens, told, worded

MODULES: Final = (access, accounts, care, kept, sweeps, tables, tokens, told, worded, scheduler.tables)
"""Where tables are: one that nobody has loaded is in no copy. Named, lest they look like imports of no use."""

TABLES: Final[Sequence[Table]] = tuple(SQLModel.metadata.sorted_tables)
"""Each after those that it refers to."""

WORKED_OUT: Final = frozenset({dropping.KEPT, dropping.LETTERS, scheduler.tables.TASK.name, sweeps.Sweep.__tablename__})
"""What is in no copy, for it is worked out anew from the rest, or found anew in it."""

LIBRARYS: Final = "procrastinate_"
"""How tables on PostgreSQL begin that are not ours to look into."""

_MOST: Final = 2**256


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has; only those that are there."""
    there = set(inspect(connection).get_table_names())
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in TABLES
        if table.name in there
    }


def is_ours(name: str | None, kind: str, _: object) -> bool:
    """For Alembic, which would drop what it does not know."""
    return not (kind == "table" and name is not None and name.startswith(LIBRARYS))


class Fingerprint:
    """Of rows in any order; the same for the same values, whatever the database keeps them as."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            text = json.dumps(list(row), default=_plain, sort_keys=True, separators=(",", ":"))
            self._sum = (self._sum + int.from_bytes(sha256(text.encode()).digest())) % _MOST
            self.rows += 1

    @property
    def sha256(self) -> str:
        """The sum of those of the rows."""
        return f"{self._sum:064x}"


def _plain(value: Any) -> str:
    """What JSON has no form for."""
    if isinstance(value, bytes):
        return sha256(value).hexdigest()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value.value if isinstance(value, Enum) else value)
