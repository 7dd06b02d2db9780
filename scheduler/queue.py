"""Work for later: a task is deferred in the caller's transaction, and done by whoever works on the database.

What both databases promise alike, and one suite of tests asks of both: what is committed is done, and what is rolled
back never was; of several with one key one waits; what fails is tried again after a while; what a worker leaves that is
killed is done by another one. So a task may be done twice, and must bear it. One that fails to the end is dropped: what
there was to do stands in the rows still, where the next sweep finds it.

SQLite has a table of its own for them, PostgreSQL is procrastinate's. Neither keeps what is done.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Protocol

from sqlalchemy import Connection, Engine

from scheduler import tally
from scheduler.clock import utc_now
from scheduler.errors import whereabouts
from scheduler.tally import Count

log = logging.getLogger(__name__)

Arguments = Mapping[str, Any]
"""By name, of what JSON has. Numbers of rows, and nothing of anybody: they stand in logs."""


@dataclass(frozen=True, slots=True)
class Task:
    """What can be deferred.

    Attributes:
        name: known to every program that works on the database.
        queue: what a worker may choose to take.
        tries: after so many it is dropped, those in which the worker was killed included.
        wait: before the second try; doubled with each that follows.
    """

    name: str
    queue: str
    tries: int = 5
    wait: timedelta = timedelta(seconds=10)


Calls = Mapping[Task, Callable[..., object]]
"""What a worker does, and how."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a worker looks for what nobody told it of, how often it says that it is alive, and after how long
    without a word another one does its work. As procrastinate has it: three signs of life may be missed.
    """

    look: timedelta = timedelta(seconds=1)
    alive: timedelta = timedelta(seconds=10)
    dead: timedelta = timedelta(seconds=30)


PACE: Final = Pace()


class Crew(NamedTuple):
    """Who does the tasks: as many threads as are done at a time. Signs of life are others': none waits for a task."""

    threads: Executor
    number: int
    pace: Pace

    async def do(self, calls: Calls, name: str, arguments: Arguments, tried: int) -> timedelta | None:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, attempt, calls, name, arguments, tried)


class Waiting(NamedTuple):
    """What waits in a queue, and might be done by now: how much, and for how long the oldest has waited."""

    queue: str
    number: int
    oldest: timedelta


class Backend(Protocol):
    """A database's way."""

    def defer(
        self, connection: Connection, task: Task, arguments: Arguments, key: str | None, run_at: datetime | None
    ) -> bool: ...

    async def work(self, engine: Engine, calls: Calls, stop: asyncio.Event, crew: Crew) -> None:
        """Until told to stop; raises what the database raises."""

    def waiting(self, connection: Connection, now: datetime) -> Sequence[tuple[str, int, datetime | None]]:
        """Of each queue how much waits, and since when the oldest does; None where nobody knows."""


def defer(
    connection: Connection,
    task: Task,
    arguments: Arguments = MappingProxyType({}),
    *,
    key: str | None = None,
    run_at: datetime | None = None,
) -> bool:
    """Have it done once this transaction has committed, and not before `run_at`; should it be rolled back, never.

    Returns:
        False where one of this task and key waits already: that one does it. One that is being done is none that waits.
    """
    whole = None if key is None else f"{task.name}:{key}"
    return _backend(connection).defer(connection, task, arguments, whole, run_at)


def waiting(connection: Connection) -> Sequence[Waiting]:
    """Of each queue in which something waits, by name."""
    now = utc_now()
    found = _backend(connection).waiting(connection, now)
    ages = {queue: timedelta() if since is None else max(now - since, timedelta()) for queue, _, since in found}
    return [Waiting(queue, number, ages[queue]) for queue, number, _ in sorted(found)]


async def work(engine: Engine, calls: Calls, stop: asyncio.Event, *, concurrency: int = 1, pace: Pace = PACE) -> None:
    """Do what is deferred in the queues of these tasks, as much at a time as said, until told to stop; what has been
    begun then is finished. While the database is away it waits.
    """
    with ThreadPoolExecutor(concurrency, "task") as threads:
        while not stop.is_set():
            try:
                await _backend(engine).work(engine, calls, stop, Crew(threads, concurrency, pace))
            except Exception as error:  # noqa: BLE001 (whatever it was, the database has the work still)
                log.error("The queue failed, and is tried again: %s", whereabouts(error))  # noqa: TRY400
            await paused(stop, pace.alive)


async def paused(stop: asyncio.Event, time: timedelta) -> None:
    """As long as that, or until told to stop."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), time.total_seconds())


def attempt(calls: Calls, name: str, arguments: Arguments, tried: int) -> timedelta | None:
    """Do a task, for the `tried`th time. None: it is done with; else after how long it is to be tried again."""
    task = next((each for each in calls if each.name == name), None)
    if task is None or tried > task.tries:
        why = "it is not known here" if task is None else "every worker that took it stopped"
        log.error("task=%s %s dropped: %s", name, dict(arguments), why)
        tally.count(Count.TASKS_FAILED, name)
        return None
    try:
        calls[task](**arguments)
        tally.count(Count.TASKS_DONE, name)
    except Exception as error:  # noqa: BLE001 (told, and tried again)
        left = task.tries - tried
        tally.count(Count.TASKS_FAILED, name)
        log.error("task=%s %s failed, %d tries left: %s", name, dict(arguments), left, whereabouts(error))  # noqa: TRY400
        return task.wait * 2 ** (tried - 1) if left else None
    return None


def _backend(where: Engine | Connection) -> Backend:
    if where.dialect.name == "sqlite":
        from scheduler.queue_sqlite import SQLITE

        return SQLITE
    from scheduler.queue_postgresql import POSTGRESQL

    return POSTGRESQL
