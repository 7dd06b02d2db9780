"""Transactions of one sweep: on one connection that stays open, for many things at once or, where need be, for each."""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Final, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from scheduler.errors import whereabouts
from scheduler.leases import LeaseLostError
from scheduler.turns import ROOM_S, leave_room
from scheduler.verdicts import Claim

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Thing = TypeVar("Thing")


# On SQLite others wait meanwhile; they are to wait for some hundredths of a second, not for some tenths.
LONGEST_S: Final = 0.05
# Of its pages a batch goes through some megabytes three times: as much is held meanwhile, four times what is else.
HELD_KB: Final = 8_000


class Transactions:
    """Used from one thread. On SQLite the last connection that closes has the log written into the file, which costs
    more than a transaction does: this one stays open.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._closing = ExitStack()
        self._connection: Connection | None = None
        self._wrote_s = 0.0
        self._until = 0.0  # when it last wrote

    def commit(self, work: Callable[[Connection], Result]) -> Result:
        """After having written for long, others get their turn first."""
        if self._connection is None:
            self._connection = self._closing.enter_context(_holding_much(self._engine))
        left_s = time.monotonic() - self._until
        if left_s >= ROOM_S:
            self._wrote_s = 0.0
        elif self._wrote_s >= LONGEST_S:
            leave_room(self._engine.dialect, left_s)
            self._wrote_s = 0.0
        begun = time.monotonic()
        try:
            with self._connection.begin():
                return work(self._connection)
        finally:
            self._until = time.monotonic()
            self._wrote_s += self._until - begun

    def all_or_each(
        self,
        things: Sequence[Thing],
        work: Callable[[Connection, Sequence[Thing]], Result],
        kept: Callable[[Result], None],
        whose: Callable[[Thing], Claim],
        again: Callable[[Connection, Sequence[Thing]], Result] | None = None,
    ) -> None:
        """Do the work for all in one transaction or, should that fail, in one for each (`again`, where that is done in
        another way), so that what is wrong with one delivery stops no other. `kept` learns what has been committed.

        Raises:
            OperationalError: it is the database that fails, and that is everybody's.
        """
        if not things:
            return
        try:
            kept(self.commit(partial(_call, work, things)))
        except OperationalError:
            raise
        except Exception:  # noqa: BLE001 (whose fault it is will be seen)
            for thing in things:
                self._one(thing, again or work, kept, whose(thing))

    def _one(
        self,
        thing: Thing,
        work: Callable[[Connection, Sequence[Thing]], Result],
        kept: Callable[[Result], None],
        claim: Claim,
    ) -> None:
        try:
            kept(self.commit(partial(_call, work, [thing])))
        except OperationalError:
            raise
        except LeaseLostError:
            log.warning("delivery=%s was taken over by another worker", claim.delivery_id)
        except Exception as error:  # noqa: BLE001 (the lease runs out, and a later sweep tries again)
            log.error("delivery=%s stopped by %s", claim.delivery_id, whereabouts(error))  # noqa: TRY400

    def close(self) -> None:
        self._closing.close()


@contextmanager
def _holding_much(engine: Engine) -> Iterator[Connection]:
    """On SQLite; whoever has it next finds it as it was."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            yield connection
            return
        driver = cast("sqlite3.Connection", connection.connection.driver_connection)
        (before,) = driver.execute("PRAGMA cache_size").fetchone()
        driver.execute(f"PRAGMA cache_size = -{HELD_KB}")
        try:
            yield connection
        finally:
            driver.execute(f"PRAGMA cache_size = {before}")
            driver.execute("PRAGMA shrink_memory")


def _call(
    work: Callable[[Connection, Sequence[Thing]], Result], things: Sequence[Thing], connection: Connection
) -> Result:
    return work(connection, things)
