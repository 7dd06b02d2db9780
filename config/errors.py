"""Everything that can be wrong with what people wrote down for us.

    ConfigError
    ├── SettingsError   a setting that is not known or not allowed; names the variable, or the file and key
    ├── SecretsError    the key of this installation is missing, unreadable, or not the one of then
    ├── LibraryError    data files (plans, thresholds, exercises, texts); carries every Problem found
    └── MessageError    a text was asked for that is not in the catalogue, or without a field that it names

Each message is a sentence, or a line per problem, for the person who wrote the file.
"""

from dataclasses import dataclass
from pathlib import Path


class ConfigError(Exception):
    """The root of every error that this package raises on purpose."""


class SettingsError(ConfigError):
    """Settings that cannot be used. Never shows the value: it may be a secret."""


class SecretsError(ConfigError):
    """A key that cannot be used. Never shows it, nor what was sealed with it."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one file: where (1-based line and dotted key, if it has them) and what to do."""

    path: Path
    line: int | None
    key: str | None
    sentence: str

    def __str__(self) -> str:
        line = None if self.line is None else f"line {self.line}"
        place = ", ".join(part for part in (self.path.name, line, self.key) if part)
        return f"{place}: {self.sentence}"


class LibraryError(ConfigError):
    """Data files that cannot be used; `problems` lists all that was found, in the order of the lines."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(sorted(problems, key=lambda each: (str(each.path), each.line or 0)))
        super().__init__("\n".join(map(str, self.problems)))


class MessageError(ConfigError):
    """A text that does not exist, or a field that it needs and was not given."""
