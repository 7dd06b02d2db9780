"""SQLite has one writer at a time: how the others wait for their turn, and how an eager one leaves it to them.

SQLite's own wait looks every 25 ms soon, and every 100 ms in the end: whoever writes a lot would have to pause for
longer than that to let anybody in. A look costs some microseconds. Here who waits looks often for as long as it takes,
and a short pause is enough.
"""

import sqlite3
import time
from random import uniform
from typing import Final, cast

from sqlalchemy import Connection, Dialect

# Unlike each other, so that no two stay in step ...
LOOKS_S: Final = (0.001, 0.003)
# ... and each falls into the room that an eager writer leaves, with a moment to spare for a machine that is busy.
ROOM_S: Final = 0.005


def begin_to_write(connection: Connection) -> None:
    """BEGIN IMMEDIATE, after having waited for whoever writes: as long as the connection's `busy_timeout` says.

    Raises:
        OperationalError: it was somebody else's for all that time; or another failure of the database.
    """
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    (patience_ms,) = driver.execute("PRAGMA busy_timeout").fetchone()
    until = time.monotonic() + patience_ms / 1000
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while _is_taken(driver) and time.monotonic() < until:
            time.sleep(uniform(*LOOKS_S))  # noqa: S311 (no secret)
        if not driver.in_transaction:  # once more, for an error as others are
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout = {patience_ms}")


def _is_taken(driver: sqlite3.Connection) -> bool:
    """Otherwise it is ours now; or something else is wrong."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False


def leave_room(dialect: Dialect, left_s: float = 0.0) -> None:
    """Between two transactions, let others have their turn; it has been left to them for so long already."""
    if dialect.name == "sqlite":
        time.sleep(max(0.0, ROOM_S - left_s))
