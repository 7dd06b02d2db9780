"""A whole database, copied into another one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, insert, inspect, select

from coach.errors import ConflictError, DatabaseError
from coach.store.contents import TABLES, WORKED_OUT, Fingerprint, counts
from coach.store.engine import backend_of, only_reads, reached_version, upgrade

# As many originals fit well in memory: a long ride is some 300 kB.
_BATCH: Final = 250


def copy(source: Engine, target: Engine, moved: Callable[[int], object] = lambda _: None) -> Mapping[str, Fingerprint]:
    """Copy everything into an empty database: as it is at one moment, and whole or not at all.

    Args:
        source: of the newest schema; it is only read.
        target: with nothing in it, or with the newest schema and no rows.
        moved: hears how many rows have been written now.

    Returns:
        What was copied, by table, read again from the target and found to be the same.

    Raises:
        ConflictError: the target holds something.
        DatabaseError: it did not come out the same; the target has nothing of it.
    """
    _make_ready(target)
    written = {}
    with only_reads(source).connect() as taken, target.begin() as given:
        _refuse_unless_empty(given)
        for table in _to_copy():
            written[table.name] = _copied(table, taken, given, moved)
            if table.autoincrement_column is not None:
                backend_of(given).number_from(given, table, backend_of(taken).last_number(taken, table))
        for table in _to_copy():
            arrived = Fingerprint()
            for rows in _rows(given, table):
                arrived.add(rows)
            if (arrived.rows, arrived.sha256) != (written[table.name].rows, written[table.name].sha256):
                raise DatabaseError(f"The copy of '{table.name}' differs from what was copied; nothing was kept of it.")
    return written


def rows_to_copy(source: Engine) -> int:
    with only_reads(source).connect() as connection:
        return sum(count for name, count in counts(connection).items() if name not in WORKED_OUT)


def _to_copy() -> Iterator[Table]:
    return (table for table in TABLES if table.name not in WORKED_OUT)


def _make_ready(target: Engine) -> None:
    """Nothing in it: no table, or only ours."""
    version = reached_version(target)
    with only_reads(target).connect() as connection:
        if version is None and (others := inspect(connection).get_table_names()):
            raise ConflictError(
                f"The database to copy to is another's: it has a table '{others[0]}'. Name an empty one."
            )
        if version is not None:
            _refuse_unless_empty(connection)
    upgrade(target)


def _refuse_unless_empty(connection: Connection) -> None:
    for name, count in counts(connection).items():
        if count:
            raise ConflictError(f"The database to copy to is not empty: '{name}' has {count}. Name an empty one.")


def _copied(table: Table, taken: Connection, given: Connection, moved: Callable[[int], object]) -> Fingerprint:
    found = Fingerprint()
    names = table.columns.keys()
    for rows in _rows(taken, table):
        given.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
        found.add(rows)
        moved(len(rows))
    return found


def _rows(connection: Connection, table: Table) -> Iterator[Sequence[Sequence[Any]]]:
    with connection.execution_options(yield_per=_BATCH).execute(select(table)) as found:
        yield from found.partitions()
