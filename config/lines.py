"""Where each key of a TOML text stands. For texts that tomllib has accepted: it trusts them to be TOML."""

import re
import tomllib
from collections import deque
from collections.abc import Iterator, Mapping

KeyPath = tuple[str | int, ...]
"""The way to a value: keys, and indices where there is an array."""

_TOKEN = re.compile(
    r"""
      \"{3} (?:\\.|[^\\])*? \"{3,5}     # long text may end in two quotes of its own
    | '{3} .*? '{3,5}
    | \" (?:\\.|[^\"\\])* \"
    | ' [^']* '
    | \#[^\n]* | [^\S\n]+               # comments and blanks, dropped
    | [\n\[\]{}=,.]
    | [^\s\[\]{}=,.\#"']+               # bare keys, numbers, dates
    """,
    re.DOTALL | re.VERBOSE,
)
_ENDS_SCALAR = frozenset({",", "]", "}", "\n", ""})


def scan(text: str) -> Mapping[KeyPath, int]:
    """The 1-based line of every key, array element and table header; of a table, its first mention."""
    return _Scanner(text).lines


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    line = 1
    for found in _TOKEN.finditer(text):
        written = found[0]
        if written == "\n" or not (written.startswith("#") or written.isspace()):
            yield line, written
        line += written.count("\n")


class _Scanner:
    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._rest = deque(_tokens(text))
        self._last_index: dict[KeyPath, int] = {}
        table: KeyPath = ()
        while self._skip_newlines():
            if self._next() == "[":
                table = self._header()
            else:
                self._pair(table)

    @property
    def _line(self) -> int:
        return self._rest[0][0]

    def _next(self) -> str:
        return self._rest[0][1] if self._rest else ""

    def _take(self) -> str:
        return self._rest.popleft()[1]

    def _skip_newlines(self) -> bool:
        """Whether anything follows."""
        while self._next() == "\n":
            self._take()
        return bool(self._rest)

    def _mark(self, path: KeyPath) -> None:
        self.lines.setdefault(path, self._line)

    def _header(self) -> KeyPath:
        """`[a.b]` or `[[a.b]]`: the path of the table that it opens."""
        line = self._line
        self._take()
        is_array = self._next() == "["
        if is_array:
            self._take()
        path: KeyPath = ()
        keys = self._key()
        for position, key in enumerate(keys, start=1):
            path = (*path, key)
            self.lines.setdefault(path, line)
            if is_array and position == len(keys):
                self._last_index[path] = self._last_index.get(path, -1) + 1
            if path in self._last_index:
                path = (*path, self._last_index[path])
                self.lines.setdefault(path, line)
        for _ in range(1 + is_array):
            self._take()
        return path

    def _key(self) -> tuple[str, ...]:
        keys = [_unquoted(self._take())]
        while self._next() == ".":
            self._take()
            keys.append(_unquoted(self._take()))
        return tuple(keys)

    def _pair(self, table: KeyPath) -> None:
        """`a.b = value`."""
        line = self._line
        path = table
        for key in self._key():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self._take()
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        first = self._take()
        if first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        else:
            while self._next() not in _ENDS_SCALAR:
                self._take()

    def _array(self, path: KeyPath) -> None:
        index = 0
        while self._skip_newlines() and self._next() != "]":
            if self._next() == ",":
                self._take()
                index += 1
            else:
                self._mark((*path, index))
                self._value((*path, index))
        self._take()

    def _inline_table(self, path: KeyPath) -> None:
        while self._skip_newlines() and self._next() != "}":
            if self._next() == ",":
                self._take()
            else:
                self._pair(path)
        self._take()


def _unquoted(key: str) -> str:
    """A key as tomllib reads it: `"a b"` is `a b`."""
    return str(tomllib.loads(f"key = {key}")["key"]) if key[0] in "\"'" else key
