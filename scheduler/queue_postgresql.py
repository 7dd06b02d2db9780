"""The queue on PostgreSQL: procrastinate, whose jobs hear of one another by NOTIFY.

What its documentation leaves to us: stalled jobs are taken up again by `_rescue`, and a job is deferred by its own
function in the database, on the caller's connection, so that it is the caller's transaction.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from scheduler.clock import utc_now
from scheduler.errors import whereabouts
from scheduler.queue import Arguments, Backend, Calls, Crew, Pace, Task

if TYPE_CHECKING:
    from procrastinate import App, JobContext
    from procrastinate.jobs import Job, Status

    Settle = Callable[[Job, Status, bool], Coroutine[Any, Any, None]]

log = logging.getLogger(__name__)

# As long as the other connections of the program wait for a server.
_CONNECT_TIMEOUT_S: Final = 10
# For what is begun, for signs of life, and for what is fetched beside them; NOTIFY has one of its own.
_MORE_CONNECTIONS: Final = 2

# What procrastinate's functions say of a job that is not there.
_RAISED: Final = "P0001"

_UNKNOWN: Final = "unknown"
_JOBS: Final = "FROM procrastinate_jobs WHERE"
_DEFER: Final = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :name, 0, NULL, CAST(:key AS text), CAST(:args AS jsonb), "
    "CAST(:run_at AS timestamptz))::procrastinate_job_to_defer_v1]) "
    f"WHERE NOT EXISTS (SELECT 1 {_JOBS} status = 'todo' AND queueing_lock = CAST(:key AS text))"
)
# Nobody has said for too long that they are alive, or the worker was struck off meanwhile.
_STALLED: Final = text(
    f"SELECT id, task_name, args, attempts {_JOBS} status = 'doing' AND queue_name = ANY(:queues) "  # noqa: S608
    "AND (worker_id IS NULL OR worker_id IN (SELECT id FROM procrastinate_workers "
    "WHERE last_heartbeat < now() - make_interval(secs => :dead))) FOR UPDATE SKIP LOCKED"
)
_WAITING: Final = text(
    "SELECT queue_name, count(*), min(coalesce(scheduled_at, at)) FROM procrastinate_jobs AS job "
    "LEFT JOIN procrastinate_events AS event ON event.job_id = job.id AND event.type = 'deferred' "
    "WHERE job.status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= :now) GROUP BY queue_name"
)
_AGAIN: Final = text("SELECT procrastinate_retry_job_v2(:id, now(), NULL, NULL, NULL)")
_DROP: Final = text("SELECT procrastinate_finish_job_v1(:id, 'failed', true)")


class _Postgresql:
    def defer(self, connection: Connection, task: Task, arguments: Arguments, key: str | None, run_at: Any) -> bool:
        return _defer(connection, task, arguments, key, run_at, tried=0)

    async def work(self, engine: Engine, calls: Calls, stop: asyncio.Event, crew: Crew) -> None:
        await asyncio.to_thread(_rescue, engine, calls, crew.pace.dead)  # where nobody answers, it says so at once
        lost = asyncio.Event()
        app = _app(engine, calls, crew, lost)
        rescuing = asyncio.create_task(_rescuing(engine, calls, crew.pace))
        try:
            async with app.open_async():
                await _until((stop, lost), app, {task.queue for task in calls}, crew)
        finally:
            rescuing.cancel()

    def waiting(self, connection: Connection, now: datetime) -> list[tuple[str, int, datetime | None]]:
        return [tuple(row) for row in connection.execute(_WAITING, {"now": now})]


class _Tasks(dict[str, Any]):
    """One that is not known here goes the way of all, where that is said and it is dropped."""

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name, super().get(_UNKNOWN, default))


async def _until(ends: Sequence[asyncio.Event], app: "App", queues: set[str], crew: Crew) -> None:
    pace = crew.pace
    working = asyncio.create_task(
        app.run_worker_async(
            queues=sorted(queues),
            concurrency=crew.number,
            fetch_job_polling_interval=pace.look.total_seconds(),
            update_heartbeat_interval=pace.alive.total_seconds(),
            stalled_worker_timeout=pace.dead.total_seconds(),
            install_signal_handlers=False,
            delete_jobs="always",
        )
    )
    ending = [asyncio.create_task(each.wait()) for each in ends]
    try:
        await asyncio.wait({working, *ending}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in ending:
            each.cancel()
        working.cancel()  # it finishes what it has begun
        with contextlib.suppress(asyncio.CancelledError):
            await working


def _app(engine: Engine, calls: Calls, crew: Crew, lost: asyncio.Event) -> "App":
    """With what these calls do. `lost` is set once the end of one could not be written down."""
    import procrastinate

    for chatty in ("procrastinate", "psycopg.pool"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)  # they quote arguments and addresses; `work` says enough
    _, how = engine.dialect.create_connect_args(engine.url)
    connector = procrastinate.PsycopgConnector(
        kwargs={"connect_timeout": _CONNECT_TIMEOUT_S, **how}, min_size=1, max_size=crew.number + _MORE_CONNECTIONS
    )
    app = procrastinate.App(connector=connector)
    app.job_manager.finish_job = _settling(app, crew.pace, lost)  # type: ignore[method-assign, assignment]
    for task in calls:
        app.task(name=task.name, queue=task.queue, pass_context=True)(_doing(engine, calls, task, crew))
    app.task(name=_UNKNOWN, pass_context=True)(_dropping(calls, crew))
    app.tasks = _Tasks(app.tasks)
    return app


def _dropping(calls: Calls, crew: Crew) -> Any:
    async def drop(context: "JobContext", **given: Any) -> None:
        await crew.do(calls, context.job.task_name, given.get("given", {}), 1)

    return drop


def _doing(engine: Engine, calls: Calls, task: Task, crew: Crew) -> Any:
    async def do(context: "JobContext", *, given: dict[str, Any], tried: int) -> None:
        """A try that fails is followed by a job of its own: one that is put back would clash with another that has
        come under its key meanwhile.
        """
        tried += context.job.attempts + 1
        again = await crew.do(calls, task.name, given, tried)
        if again is not None:
            at = utc_now() + again
            row = (engine, task, given, context.job.queueing_lock, at, tried)
            await _patiently(lambda: asyncio.to_thread(_defer_again, *row), crew.pace, task.name)

    return do


def _defer_again(
    engine: Engine, task: Task, arguments: Arguments, key: str | None, run_at: datetime, tried: int
) -> None:
    with engine.begin() as connection:
        _defer(connection, task, arguments, key, run_at, tried=tried)


def _defer(
    connection: Connection, task: Task, arguments: Arguments, key: str | None, run_at: Any, *, tried: int
) -> bool:
    row = {"queue": task.queue, "name": task.name, "key": key, "run_at": run_at}
    args = json.dumps({"given": dict(arguments), "tried": tried})
    try:
        with connection.begin_nested():
            return connection.execute(_DEFER, {**row, "args": args}).first() is not None
    except IntegrityError:  # between the look and the insert another one came
        return False


def _settling(app: "App", pace: Pace, lost: asyncio.Event) -> "Settle":
    """A job whose end is not written down is held by this worker for as long as it lives, and nobody else does it. So
    it is written down once the server is back; and where that takes too long the worker begins anew, as another one.
    """
    settle = app.job_manager.finish_job

    async def settled(job: "Job", status: "Status", delete_job: bool) -> None:
        if status.value == "failed" and job.task_name in app.tasks:  # it could not even be deferred again
            lost.set()
            return
        try:
            await _patiently(lambda: settle(job, status, delete_job), pace, job.task_name)
        except Exception:  # noqa: BLE001 (told already)
            lost.set()

    return settled


async def _patiently(write: Callable[[], Awaitable[None]], pace: Pace, name: str) -> None:
    """A server that starts anew is there within seconds; after so long a word another worker does the task anyway."""
    until = asyncio.get_running_loop().time() + pace.dead.total_seconds()
    while True:
        try:
            return await write()
        except Exception as error:
            if _was_written(error):
                return None
            if asyncio.get_running_loop().time() > until:
                log.error("task=%s ended, and is done again: %s", name, whereabouts(error))  # noqa: TRY400
                raise
            log.warning("task=%s ended, which is not written down yet: %s", name, whereabouts(error))
        await asyncio.sleep(pace.look.total_seconds())


def _was_written(error: Exception) -> bool:
    """There is no such job any more: the server's answer was lost, or another worker did it."""
    return getattr(error.__cause__, "sqlstate", None) == _RAISED


async def _rescuing(engine: Engine, calls: Calls, pace: Pace) -> None:
    while True:
        await asyncio.sleep(pace.alive.total_seconds())
        try:
            await asyncio.to_thread(_rescue, engine, calls, pace.dead)
        except Exception as error:  # noqa: BLE001 (the next look may fare better)
            log.warning("stalled tasks not looked for: %s", whereabouts(error))


def _rescue(engine: Engine, calls: Calls, dead: timedelta) -> None:
    """Have done again what a worker left. Each is one worker's to rescue, also where several look at once."""
    tries = {task.name: task.tries for task in calls}
    queues = sorted({task.queue for task in calls})
    with engine.begin() as connection:
        for row in connection.execute(_STALLED, {"queues": queues, "dead": dead.total_seconds()}).all():
            log.warning("task=%s was left by a worker that stopped", row.task_name)
            if row.args["tried"] + row.attempts + 1 >= tries.get(row.task_name, 0):
                log.error("task=%s dropped: every worker that took it stopped", row.task_name)
                connection.execute(_DROP, {"id": row.id})
                continue
            try:
                with connection.begin_nested():
                    connection.execute(_AGAIN, {"id": row.id})
            except IntegrityError:  # another of its key waits, and does it
                connection.execute(_DROP, {"id": row.id})


POSTGRESQL: Final[Backend] = _Postgresql()
