"""Questions that are asked of every person, again and again: statements put together once, with parameters.

To put one together costs more than to ask it, and an object of a table's class more than all else of it: so these name
columns, and give rows. What SQLAlchemy does around each execution is half of what is left: a question is written out
once for each database, and then handed to its driver.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, CompoundSelect, Connection, Dialect, Select, bindparam
from sqlmodel import Session

from scheduler.columns import UtcDateTime

EVER: Final = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
"""From when and until when, where nobody says."""

PERSON: Final[BindParameter[int]] = bindparam("person")


def moment(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=UtcDateTime())


Question = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]

SINCE: Final = moment("since")
UNTIL: Final = moment("until")


Asked = Session | Connection
"""Whose transaction a question is asked in. A session knows what it has been told, and costs as much as some questions:
of who asks many it is asked for its connection once."""


def through(asked: Asked) -> Connection:
    """What has been told so far is in whatever is asked through it."""
    if isinstance(asked, Connection):
        return asked
    asked.flush()
    return asked.connection()


def ask(asked: Asked, question: Question, **given: Any) -> Sequence[Any]:
    """The rows of the answer, as tuples; what a session has been told before is in it.

    Args:
        asked: its transaction is the question's; a connection's has begun.
        question: one that stays: it is kept as it was written out.
        given: its parameters. A list stands for as many values as it has.
    """
    connection = through(asked)
    written = _written_out(question, connection.dialect)
    return (
        connection.execute(question, given).all()
        if written is None
        else _answered(connection, question, written, given)
    )


class _Written(NamedTuple):
    """A question in the words of a database.

    Attributes:
        order: of its parameters; None where the driver takes them by their names.
        own: the values that it brings along.
        takes: what makes of a parameter what the driver wants.
    """

    text: str
    order: Sequence[str] | None
    own: Mapping[str, Any]
    takes: Mapping[str, Callable[[Any], Any]]


@lru_cache(maxsize=256)
def _written_out(question: Question, dialect: Dialect) -> _Written | None:
    """None where a list among its parameters has it written anew for each length."""
    compiled = question.compile(dialect=dialect)
    if any(each.expanding for each in compiled.bind_names):
        return None
    takes = {
        name: each.type.dialect_impl(dialect).bind_processor(dialect) for each, name in compiled.bind_names.items()
    }
    return _Written(
        text=compiled.string,
        order=compiled.positiontup,
        own=compiled.params,
        takes={name: take for name, take in takes.items() if take is not None},
    )


@lru_cache(maxsize=256)
def _gives(question: Question, dialect: Dialect, codes: tuple[object, ...]) -> Sequence[tuple[int, Any]]:
    """What makes of a column of the answer what we want, by its number; `codes` are the driver's for their types."""
    found = (
        each.type.dialect_impl(dialect).result_processor(dialect, code)
        for each, code in zip(question.selected_columns, codes, strict=True)
    )
    return [(number, give) for number, give in enumerate(found) if give is not None]


def _answered(connection: Connection, question: Question, written: _Written, given: Mapping[str, Any]) -> Sequence[Any]:
    values = {**written.own, **given}
    for name, take in written.takes.items():
        values[name] = take(values[name])
    try:
        cursor = connection.connection.cursor()
        try:
            cursor.execute(written.text, values if written.order is None else [values[name] for name in written.order])
            rows, codes = cursor.fetchall(), tuple([each[1] for each in cursor.description])
        finally:
            cursor.close()
    except connection.dialect.loaded_dbapi.Error:
        return connection.execute(question, given).all()  # it says what is wrong as callers expect it
    gives = _gives(question, connection.dialect, codes)
    if not rows or not gives:
        return rows
    columns: list[Any] = [*zip(*rows, strict=True)]
    for number, give in gives:
        columns[number] = map(give, columns[number])
    return [*zip(*columns, strict=True)]
