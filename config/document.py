"""A TOML file that remembers where each key stands, so that an error can point at its line."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from config import lines
from config.errors import LibraryError, Problem
from config.lines import KeyPath

PACKAGED = Path(__file__).parent
"""The folder of the data files that come with the product."""


def dotted(key_path: KeyPath) -> str:
    """A key path as people write it: `example.usual[0].role`."""
    written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key_path)
    return written.removeprefix(".")


@dataclass(frozen=True)
class Document:
    """The values of a TOML file, and its text to find them in."""

    path: Path
    data: Mapping[str, Any]
    text: str = ""

    @cached_property
    def _lines(self) -> Mapping[KeyPath, int]:
        return lines.scan(self.text)

    def line(self, key_path: KeyPath) -> int | None:
        """The 1-based line of a key, or of the nearest key or table around it; None where there is none."""
        for length in range(len(key_path), 0, -1):
            if (line := self._lines.get(key_path[:length])) is not None:
                return line
        return None

    def problem(self, key_path: KeyPath, sentence: str) -> Problem:
        return Problem(self.path, self.line(key_path), dotted(key_path) or None, sentence)


def read(path: Path) -> Document:
    """Read a file.

    Raises:
        LibraryError: it cannot be read, is not UTF-8 or not TOML; with the line where that is known.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LibraryError(Problem(path, None, None, f"cannot be read ({error.strerror})")) from error
    except UnicodeDecodeError as error:
        raise LibraryError(Problem(path, None, None, "is not UTF-8 text; save it as UTF-8")) from error
    return of_text(path, text)


def of_text(path: Path, text: str) -> Document:
    """A text as the file that it is, or would be.

    Raises:
        LibraryError: it is not TOML; with the line.
    """
    try:
        return Document(path, tomllib.loads(text), text)
    except tomllib.TOMLDecodeError as error:
        raise LibraryError(_syntax_problem(path, text, str(error))) from error


def _syntax_problem(path: Path, text: str, message: str) -> Problem:
    """From tomllib's message, which ends in `(at line 3, column 7)` or `(at end of document)`."""
    reason, _, place = message.rpartition(" (at ")
    found = re.match(r"line (\d+)", place)
    line = int(found[1]) if found else len(text.splitlines())
    if (twice := re.fullmatch(r"Cannot declare \((.+)\) twice", reason)) is not None:
        table = ".".join(re.findall(r"'([^']+)'", twice[1]))
        return Problem(
            path, line, None, f"[{table}] stands here a second time; write what belongs to it into the first"
        )
    return Problem(path, line, None, f"is not TOML here: {reason[:1].lower()}{reason[1:]}")
