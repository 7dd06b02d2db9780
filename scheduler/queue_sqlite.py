"""The queue on SQLite: a table, whose rows workers hold by leases, as they hold deliveries."""

import asyncio
import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, Update, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import OperationalError

from scheduler.clock import utc_now
from scheduler.columns import UtcDateTime
from scheduler.errors import whereabouts
from scheduler.queue import Arguments, Backend, Calls, Crew, Pace, Task, paused
from scheduler.tables import TASK

log = logging.getLogger(__name__)

_WAITS: Final = TASK.c.held_until.is_(None)


class _Held(NamedTuple):
    """What a worker holds. `attempts`: this one included."""

    id: int
    name: str
    key: str | None
    arguments: Arguments
    attempts: int
    token: UUID


class _Sqlite:
    def defer(self, connection: Connection, task: Task, arguments: Arguments, key: str | None, run_at: Any) -> bool:
        row = {"name": task.name, "queue": task.queue, "key": key, "arguments": dict(arguments), "run_at": run_at}
        new = insert(TASK).values(attempts=0, deferred_at=utc_now(), **row)
        return connection.execute(new.on_conflict_do_nothing()).rowcount == 1

    async def work(self, engine: Engine, calls: Calls, stop: asyncio.Event, crew: Crew) -> None:
        await asyncio.gather(*(_one(engine, calls, stop, crew) for _ in range(crew.number)))

    def waiting(self, connection: Connection, now: datetime) -> list[tuple[str, int, datetime | None]]:
        since = func.min(func.coalesce(TASK.c.run_at, TASK.c.deferred_at), type_=UtcDateTime())
        due = _WAITS & or_(TASK.c.run_at.is_(None), TASK.c.run_at <= now)
        found = connection.execute(select(TASK.c.queue, func.count(), since).where(due).group_by(TASK.c.queue))
        return [tuple(row) for row in found]


async def _one(engine: Engine, calls: Calls, stop: asyncio.Event, crew: Crew) -> None:
    queues = {task.queue for task in calls}
    while not stop.is_set():
        try:
            held = await asyncio.to_thread(_take, engine, queues, crew.pace.dead)
            if held is not None:
                await _done(engine, held, calls, crew)
                continue
        except OperationalError as error:  # locked, full or gone; in a second it may be well
            log.error("The database did not take part: %s. Tasks wait.", error.orig)  # noqa: TRY400
        await paused(stop, crew.pace.look)


async def _done(engine: Engine, held: _Held, calls: Calls, crew: Crew) -> None:
    staying = asyncio.create_task(_stay(engine, held, crew.pace))
    try:
        again = await crew.do(calls, held.name, held.arguments, held.attempts)
    finally:
        staying.cancel()
    await asyncio.to_thread(_let_go, engine, held, again)


async def _stay(engine: Engine, held: _Held, pace: Pace) -> None:
    """However long it takes, nobody else takes it while this worker lives."""
    while True:
        await asyncio.sleep(pace.alive.total_seconds())
        try:
            await asyncio.to_thread(_write, engine, _own(held).values(held_until=utc_now() + pace.dead))
        except OperationalError as error:
            log.warning("task=%s not held on to: %s", held.name, whereabouts(error))


def _take(engine: Engine, queues: Collection[str], lease: timedelta) -> _Held | None:
    """The first that waits, or that a worker left who said nothing for too long."""
    now = utc_now()
    due = or_(_WAITS & or_(TASK.c.run_at.is_(None), TASK.c.run_at <= now), TASK.c.held_until <= now)
    first = select(TASK).where(TASK.c.queue.in_(queues), due).order_by(TASK.c.id).limit(1)
    with engine.begin() as connection:
        row = connection.execute(first).first()
        if row is None:
            return None
        held = _Held(row.id, row.name, row.key, row.arguments, row.attempts + 1, uuid4())
        taken = update(TASK).where(TASK.c.id == row.id)
        connection.execute(taken.values(attempts=held.attempts, held_until=now + lease, token=held.token))
        return held


def _let_go(engine: Engine, held: _Held, again: timedelta | None) -> None:
    """Done with, or to be tried again; unless another of its key came meanwhile, which does the same."""
    with engine.begin() as connection:
        if again is None or _has_twin(connection, held):
            connection.execute(delete(TASK).where(TASK.c.id == held.id, TASK.c.token == held.token))
        else:
            connection.execute(_own(held).values(held_until=None, token=None, run_at=utc_now() + again))


def _has_twin(connection: Connection, held: _Held) -> bool:
    twins = select(TASK.c.id).where(TASK.c.key == held.key, _WAITS).limit(1)
    return held.key is not None and connection.execute(twins).first() is not None


def _own(held: _Held) -> Update:
    """While nobody has taken it over."""
    return update(TASK).where(TASK.c.id == held.id, TASK.c.token == held.token)


def _write(engine: Engine, statement: Update) -> None:
    with engine.begin() as connection:
        connection.execute(statement)


SQLITE: Final[Backend] = _Sqlite()
