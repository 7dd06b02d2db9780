"""What a process that goes on for long looks at again and again: whether clock and database are what they were."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from coach.errors import DatabaseError
from coach.store.engine import HEAD, schema_version
from scheduler.clock import Clock
from scheduler.runner import Job

log = logging.getLogger(__name__)

# After an upgrade the program before it goes on for no longer than that.
EVERY: Final = timedelta(seconds=10)
# Clocks are corrected by some seconds all the time.
_SET_BACK: Final = timedelta(seconds=60)


class Vigil:
    """Over one process. `steady` counts seconds, whatever the clock is set to."""

    def __init__(
        self, engine: Engine, clock: Clock, stop: asyncio.Event, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine, self._clock, self._stop, self._steady = engine, clock, stop, steady
        self._seen: tuple[datetime, float] | None = None
        self._why: str | None = None

    @property
    def job(self) -> Job:
        async def look() -> None:
            if await asyncio.to_thread(self.look) is not None:
                self._stop.set()

        return Job("watch", EVERY, look)

    def look(self) -> str | None:
        """Why this process must not go on; None where it may."""
        self._look_at_clock()
        try:
            version = schema_version(self._engine)
        except SQLAlchemyError:
            return None  # it is away; that is told where it is missed
        if version != HEAD:
            self._why = (
                f"The database is at version {version or 'none'} now, and this program at {HEAD}: another version of "
                "the program has changed it meanwhile. Stopped; start the new one."
            )
            log.error("%s", self._why)
        return self._why

    def refuse(self) -> None:
        """
        Raises:
            DatabaseError: it must not go on.
        """
        if self._why is not None:
            raise DatabaseError(self._why)

    def _look_at_clock(self) -> None:
        """Nothing hangs on it but lateness: what was sent is known by its key, and what is due by its time."""
        now, steady = self._clock(), self._steady()
        if self._seen is not None:
            before, then = self._seen
            back = timedelta(seconds=steady - then) - (now - before)
            if back >= _SET_BACK:
                log.warning(
                    "The clock was set back by %d s. What was sent is not sent again; what falls due waits until it is "
                    "that time again.",
                    back.total_seconds(),
                )
        self._seen = now, steady
