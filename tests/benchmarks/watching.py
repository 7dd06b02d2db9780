"""What load is watched with: a moment of the simulated week, waiting until something is so, a line on where it is."""

import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as local_time

from letters import ZONE
from sqlalchemy import Engine, func, select
from stack import Stack

from scheduler.clock import local_instant
from scheduler.tables import DELIVERY

Figures = dict[str, float]

_AT_MOST = timedelta(hours=12)


def at(day: date, clock: local_time) -> datetime:
    return local_instant(day, clock, ZONE)


def until(is_so: Callable[[], bool], stack: Stack, tells: Callable[[], str] | None = None) -> None:
    """Looks more seldom where a look takes longer."""
    deadline = time.monotonic() + _AT_MOST.total_seconds()
    while True:
        begun = time.monotonic()
        if is_so():
            return
        assert begun < deadline, "it does not come to an end"
        stack.look()
        if tells is not None:
            say(tells())
        time.sleep(max(0.05, 10 * (time.monotonic() - begun)))


_said_at = 0.0


def say(text: str, *, end: bool = False) -> None:
    """Where it is, once a second."""
    global _said_at  # noqa: PLW0603
    if end or time.monotonic() > _said_at + 1:
        _said_at = time.monotonic()
        sys.stderr.write(f"\r{text:<60}" + ("\n" if end else ""))
        sys.stderr.flush()


def waiting(engine: Engine, now: datetime | None) -> int:
    """Deliveries that are open, by `now` where it is given."""
    is_open = DELIVERY.c.not_before.is_not(None) if now is None else DELIVERY.c.not_before <= now
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).where(is_open)).scalar_one())
