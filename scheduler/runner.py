"""The ticker: a handful of jobs, each run again and again until the process is told to stop.

APScheduler keeps the rhythm and nothing else: what is due lives in the database, so no job has a name in it,
and none is lost when the process dies.
"""

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler import tally
from scheduler.errors import whereabouts
from scheduler.tally import Count

log = logging.getLogger(__name__)

# Longer than any send may take, shorter than the 90 s that systemd waits before it kills.
GRACE: Final = timedelta(seconds=75)

# While one thread works something through, others wait at most so long for their turn, each time. The default of 5 ms
# adds up to what a person notices, and a mail server waits for us.
TURN_S: Final = 0.001


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do at once and then again and again, from one start to the next."""

    name: str
    every: timedelta
    call: Callable[[], Awaitable[None]]


async def run(jobs: Sequence[Job], stop: asyncio.Event, *, grace: timedelta = GRACE, signals: bool = True) -> None:
    """Run the jobs until `stop` is set, or until SIGTERM or SIGINT where `signals` says so.

    No job runs twice at a time; ticks missed by a long run or a sleeping machine are made up for by one. An
    error is logged and the next tick goes on. At the end, running jobs have `grace` to finish.
    """
    sys.setswitchinterval(TURN_S)
    asyncio.get_running_loop().set_exception_handler(_told)
    running: set[asyncio.Future[None]] = set()
    ticker = AsyncIOScheduler(timezone=UTC)
    for job in jobs:
        ticker.add_job(
            _tick,
            "interval",
            args=(job, running),
            id=job.name,
            seconds=job.every.total_seconds(),
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    try:
        with _signals(stop) if signals else contextlib.nullcontext():
            ticker.start()
            await stop.wait()
    finally:
        ticker.pause()
        await _finish(running, grace)
        ticker.shutdown()
        await asyncio.sleep(0)  # APScheduler shuts down in a callback


def _told(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What fails without anybody waiting for it is told in a line: asyncio's traceback would quote what is private."""
    error = context.get("exception")
    if error is None:
        loop.default_exception_handler(context)
    else:
        log.error("What nobody waited for failed: %s", whereabouts(error))


async def _tick(job: Job, running: set[asyncio.Future[None]]) -> None:
    """Run a job once, as a task that can be waited for and is cancelled together with this one."""
    task = asyncio.ensure_future(job.call())
    running.add(task)
    try:
        await task
    except asyncio.CancelledError:
        if _is_cancelled():
            raise  # else it was cut short, which `_finish` has told
    except Exception as error:  # noqa: BLE001 (the next tick may fare better)
        tally.count(Count.JOBS_FAILED, job.name)
        log.error("job=%s failed: %s", job.name, whereabouts(error))  # noqa: TRY400 (a traceback quotes messages)
    finally:
        running.discard(task)


def _is_cancelled() -> bool:
    """The task that asks, and not only what it waits for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _finish(running: set[asyncio.Future[None]], grace: timedelta) -> None:
    """Let running jobs come to their end; cut short what takes longer, for the leases to sort out."""
    await asyncio.sleep(0)  # what the ticker began at this moment is known now
    until = asyncio.get_running_loop().time() + grace.total_seconds()
    while running and (left := until - asyncio.get_running_loop().time()) > 0:
        await asyncio.wait(running, timeout=left)
    unfinished = list(running)
    for task in unfinished:
        log.warning("a job was cut short after %d s", grace.total_seconds())
        task.cancel()
    await asyncio.gather(*unfinished, return_exceptions=True)


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """Turn the first SIGTERM or SIGINT into a clean stop; the second one does what it always did.

    Where signals cannot be had (another thread, Windows) `stop` alone decides.
    """
    loop = asyncio.get_running_loop()
    taken = []
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop.set)
            taken.append(number)
    try:
        yield
    finally:
        for number in taken:
            loop.remove_signal_handler(number)
