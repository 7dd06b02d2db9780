"""The files that benchmarks run on, and tables of what they measured."""

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import fitparse
from fitparse.records import DEV_TYPES

from coach.demo import sessions
from devices.fit.parts import frame
from devices.fit.write import write

PROJECT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("COACH_SHARED") or PROJECT.parent / "shared") / "fit"

_UNKNOWN = bytes([0x40, 0, 0, 0x00, 0xFF, 1, 1, 4, 0x86, 0x00])
"""A definition of a manufacturer's own message with one number; its header byte and four bytes follow."""


def contents() -> tuple[list[bytes], str]:
    """The shared real files where they are, else some that the project writes itself; and which it was."""
    if CORPUS.is_dir():
        return [path.read_bytes() for path in sorted(CORPUS.rglob("*.fit"))], "real"
    return [_generated(number) for number in range(28)], "generated"


def by_fitparse(data: bytes) -> object:
    """All messages of a file, as fitparse hands them out."""
    DEV_TYPES.clear()  # fitparse shares developers' fields between files
    return list(fitparse.FitFile(BytesIO(data)).get_messages())


def distinct(data: bytes, number: int) -> bytes:
    """The same recording under other bytes: one more part, with a message that nobody knows."""
    return data + frame(_UNKNOWN + number.to_bytes(4, "little"))


def _generated(number: int) -> bytes:
    """One of a fortnight twice over: half an hour to an hour a session, a record a second."""
    start = datetime(2026, 3, 2, 17, tzinfo=UTC) + timedelta(days=number)
    minutes = 30 + number
    match number % 4:
        case 0:
            return write(sessions.ride(start, minutes))
        case 1:
            return write(sessions.swim(start, minutes))
        case _:
            return write(sessions.walk(start, minutes, hill_minutes=5))


def show(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A Markdown table on stdout, its figures set to the right."""
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for index, (name, *cells) in enumerate(lines):
        figures = [f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True)]
        sys.stdout.write(f"| {' | '.join([f'{name:<{widths[0]}}', *figures])} |\n")
        if index == 0:
            sys.stdout.write(f"| {'-' * widths[0]} | {' | '.join('-' * (width - 1) + ':' for width in widths[1:])} |\n")
    sys.stdout.write("\n")
