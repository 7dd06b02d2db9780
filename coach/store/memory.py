"""What was worked out from the database is worked out again only when it may have become another."""

import sqlite3
from collections.abc import Callable, Hashable
from contextlib import suppress
from datetime import datetime
from threading import Lock
from typing import Any, Final, TypeVar, cast

from sqlalchemy import Engine

T = TypeVar("T")

_MOST: Final = 256
"""More persons than look at their pages within a minute on one machine."""


class Memory:
    """Holds values for as long as nobody has committed anything to the database, in any process, and for a minute at
    most: some of them say how long ago something was.

    SQLite alone tells of commits (PRAGMA data_version, of one connection that stays open); of another database nothing
    is held.
    """

    def __init__(self, engine: Engine) -> None:
        self._file = engine.url.database if engine.dialect.name == "sqlite" else None
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._state: tuple[int, datetime] | None = None
        self._held: dict[Hashable, Any] = {}

    def recall(self, key: Hashable, now: datetime, make: Callable[[], T]) -> T:
        """What `make` gave for this key before, or gives now: of nothing but the key, the database and the time."""
        state = self._now(now)
        if state is None:
            return make()
        with self._lock:
            if state != self._state or len(self._held) >= _MOST:
                self._state, self._held = state, {}
            held = self._held
            if key in held:
                return cast("T", held[key])
        value = held[key] = make()  # what was committed since `state` was read belongs to a later state
        return value

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _now(self, now: datetime) -> tuple[int, datetime] | None:
        if not self._file or self._file == ":memory:":
            return None
        with self._lock, suppress(sqlite3.Error):
            if self._connection is None:
                self._connection = sqlite3.connect(self._file, check_same_thread=False, isolation_level=None)
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            return version, now.replace(second=0, microsecond=0)
        return None
