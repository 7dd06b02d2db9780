"""What is gone is gone from the file too: SQLite lets pages go, and would leave in them what stood there."""

from contextlib import closing

from sqlalchemy import Connection, Engine


def write_over(connection: Connection) -> None:
    """What this transaction deletes is written over."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def empty_log(engine: Engine) -> None:
    """Nor is anything left in the log beside the file."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as opened:
            opened.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
