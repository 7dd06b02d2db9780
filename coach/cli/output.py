"""How commands print: data on stdout, everything else on stderr."""

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.console import Console

if TYPE_CHECKING:
    from rich.table import Table

# Without markup: names, paths and what a watch calls itself may hold square brackets.
out = Console(highlight=False, markup=False, emoji=False)
err = Console(stderr=True, highlight=False, markup=False, emoji=False)


def print_json(document: Any) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def print_json_line(document: Any) -> None:
    """One object a line, at once: whoever reads a long import sees it grow."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def shares_terminal() -> bool:
    """Whether stdout goes where a bar on stderr is drawn. Only then may rich lead it around the bar: it would
    lead it to stderr, away from the file or pipe that waits for it.
    """
    return sys.stdout.isatty()


def table(*columns: str, title: str | None = None) -> "Table":
    """A table without a frame; columns that begin with `>` are set to the right."""
    from rich.table import Table

    made = Table(title=title, box=None, title_justify="left", title_style="bold", header_style="dim", pad_edge=False)
    for column in columns:
        made.add_column(column.lstrip(">"), justify="right" if column.startswith(">") else "left", overflow="fold")
    return made


def when(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}"


def clock(seconds: float | None) -> str:
    """`1:02:03`, or a dash for what is not known."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def kilometres(metres: float | None) -> str:
    return "–" if metres is None else f"{metres / 1000:.2f} km"
