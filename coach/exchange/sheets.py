"""A dossier as sheets (CSV): one row a thing, one column a figure with its unit in its name.

Instants are ISO 8601 in UTC, days are local. A text that a spreadsheet would take for a formula is written with an
apostrophe before it; `plain` takes it away again.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import StringIO
from math import isfinite
from typing import Any, Final

from coach.exchange.tidy import tidy_text

Cell = str | int | float | bool | date | datetime | None

# What begins a formula in one spreadsheet or another (OWASP, CSV Injection; the last four are their full-width forms),
# and the apostrophe that says it is none.
_FORMULA: Final = (*"=+-@\t\r\n'", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, with the unit; what it holds of a row; and what it says, for the documentation."""

    name: str
    value: Callable[[Any], Cell]
    says: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of rows of one kind."""

    name: str
    columns: Sequence[Column]

    def written(self, rows: Iterable[object]) -> str:
        """The file: RFC 4180, with a header."""
        text = StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(column.name for column in self.columns)
        writer.writerows([cell(column.value(row)) for column in self.columns] for row in rows)
        return text.getvalue()


def cell(value: Cell) -> str:
    """A value as a cell; empty is not known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(round(value, 4)).removesuffix(".0") if isfinite(value) else ""
    return safe(tidy_text(value)) if isinstance(value, str) else str(value)


def safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain(cell: str) -> str:
    """The text that a cell was written from."""
    return cell.removeprefix("'")


def joined(texts: Iterable[object]) -> str:
    return "; ".join(map(str, texts))


def read(text: str) -> list[Mapping[str, str]]:
    """The rows of a file that we wrote, by column."""
    return list(csv.DictReader(StringIO(text, newline="")))
