"""Whoever works on the database: in the service, beside its sweeps, or as a process of its own."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from importlib.util import find_spec
from typing import Final

from coach import judged, messenger, tasks
from coach.app import App
from coach.errors import DatabaseError, UsageError
from coach.replies.links import open_links
from coach.rounds import Rounds
from coach.vigil import Vigil
from scheduler import queue
from scheduler.queue import Calls
from scheduler.runner import run

_LIBRARY: Final = "procrastinate"
QUEUES: Final[Sequence[str]] = tuple(task.queue for task in tasks.TASKS)


def calls(app: App, queues: Collection[str] = QUEUES, rounds: Rounds | None = None) -> Calls:
    """What is done of the tasks in these queues, and how. `rounds`: whoever looks at persons beside them."""

    def plan(persons: Sequence[int]) -> None:
        if rounds is None:
            messenger.plan_each(app.engine, app.settings, persons, app.clock())
        else:
            messenger.plan_beside(app.engine, app.settings, persons, app.clock, rounds)

    def keep(persons: Sequence[int]) -> None:
        judged.keep_each(app.engine, persons, app.clock())

    def word(persons: Sequence[int]) -> None:
        messenger.word_each(app.engine, open_links(app.settings), persons, app.clock)

    known = {tasks.PLAN: plan, tasks.KEEP: keep, tasks.WORD: word}
    return {task: call for task, call in known.items() if task.queue in queues}


def listed(queues: Sequence[str]) -> str:
    """One after another, as in a sentence."""
    *others, last = queues
    return f"{', '.join(others)} and {last}" if others else last


def refuse_unknown(queues: Collection[str]) -> None:
    """
    Raises:
        UsageError: there is no such queue.
    """
    for each in queues:
        if each not in QUEUES:
            raise UsageError(f"There is no queue '{each}'; there are {listed(QUEUES)}.")


def refuse_without_library(app: App) -> None:
    """
    Raises:
        DatabaseError: this database needs one that is not installed.
    """
    if app.engine.dialect.name == "postgresql" and find_spec(_LIBRARY) is None:
        raise DatabaseError(
            f"A service on PostgreSQL needs the Python package '{_LIBRARY}', which is not installed. "
            "`pip install 'sciatica-coach[postgresql]'` brings it."
        )


@asynccontextmanager
async def working(app: App, stop: asyncio.Event, rounds: Rounds | None = None) -> AsyncIterator[None]:
    """Meanwhile do what is deferred, one task at a time; at the end that of the moment is finished.

    Raises:
        DatabaseError: as `refuse_without_library`.
    """
    refuse_without_library(app)
    task = asyncio.create_task(queue.work(app.engine, calls(app, rounds=rounds), stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def work(
    app: App, stop: asyncio.Event, queues: Collection[str], concurrency: int, port: int | None = None
) -> None:
    """Do what is deferred until told to stop, or until SIGTERM or SIGINT. On `port` of this machine, where one is
    named, it tells how it fares.

    Raises:
        DatabaseError: as `refuse_without_library`, or another version of the program has taken the database over.
        PortTakenError: the port is taken.
    """
    refuse_without_library(app)
    vigil = Vigil(app.engine, app.clock, stop)
    async with _telling(app, stop, port):
        task = asyncio.create_task(queue.work(app.engine, calls(app, queues), stop, concurrency=concurrency))
        try:
            await run([vigil.job], stop)
        finally:
            stop.set()
            await task
    vigil.refuse()


def _telling(app: App, stop: asyncio.Event, port: int | None) -> AbstractAsyncContextManager[None]:
    if port is None:
        return nullcontext()
    from coach.web.probes import probes  # a worker has no pages
    from coach.web.serving import serving

    return serving(probes(app), f"127.0.0.1:{port}", stop)
