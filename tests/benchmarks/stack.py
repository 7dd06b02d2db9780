"""The service in processes of its own, by a clock that is set from here; and the database that it works on."""

import asyncio
import gc
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import psutil
from asking import free_port, until_it_answers
from corpus import PROJECT
from mailing import SPAWN
from sqlalchemy import Engine, text

from coach import messenger
from coach.app import open_app
from coach.service import Service
from coach.store.engine import open_database, reading


class Clock:
    """Everybody's. It goes as fast as any, and jumps when it is told to."""

    def __init__(self) -> None:
        self._ahead_s = SPAWN.Value("d", 0.0)

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self._ahead_s.value, UTC)

    def set(self, moment: datetime) -> None:
        self._ahead_s.value = moment.timestamp() - time.time()


# The database.


@dataclass(frozen=True)
class Database:
    url: str
    bytes: Callable[[Engine], int]
    cpu_s: Callable[[], float] = lambda: 0.0
    wal_bytes: Callable[[Engine], int] = lambda _: 0

    @contextmanager
    def opened(self) -> Iterator[Engine]:
        engine = open_database(self.url)
        try:
            yield engine
        finally:
            engine.dispose()


@contextmanager
def sqlite() -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="coach-load-") as folder:
        file = Path(folder, "coach.db")

        def size(_: Engine) -> int:
            return sum(each.stat().st_size for each in file.parent.glob("coach.db*"))

        yield Database(f"sqlite:///{file}", size)


@contextmanager
def postgresql() -> Iterator[Database]:
    """A server of its own, set as a server is; the tests' cares for no power cut."""
    sys.path.append(str(PROJECT / "tests"))
    from conftest import PostgreSQL

    class Lasting(PostgreSQL):
        _SETTINGS = ("listen_addresses=", "shared_buffers=1GB", "max_wal_size=4GB")

    server = Lasting()
    programs = psutil.Process(server._guard.pid)

    def cpu_s() -> float:
        spent = [each.cpu_times() for each in programs.children(recursive=True)]
        return sum(each.user + each.system + each.children_user + each.children_system for each in spent)

    def told(engine: Engine, what: str) -> int:
        with engine.connect() as connection:
            return int(connection.execute(text(f"SELECT {what}")).scalar_one())

    try:
        with server.empty() as url:
            yield Database(
                url,
                lambda engine: told(engine, "pg_database_size(current_database())"),
                cpu_s,
                lambda engine: told(engine, "pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"),
            )
    finally:
        server.stop()


DATABASES = {"sqlite": sqlite, "postgresql": postgresql}


# The service.


@dataclass
class Stack:
    """Processes of the service; `tally`: persons whom the planner looked at, and the seconds of CPU that it took."""

    address: str
    processes: list[psutil.Process]
    tally: Any
    most_bytes: int = 0

    @property
    def planned(self) -> int:
        return int(self.tally[0])

    @property
    def plan_cpu_s(self) -> float:
        return float(self.tally[1])

    @property
    def cpu_s(self) -> float:
        spent = [each.cpu_times() for each in self.processes]
        return sum(each.user + each.system for each in spent)

    def look(self) -> None:
        """How much memory they have now."""
        self.most_bytes = max(self.most_bytes, *(each.memory_info().rss for each in self.processes))


@contextmanager
def running(
    database: Database, smtp_url: str, clock: Clock, *, workers: int = 1, haste: int = 1, looked: bool = False
) -> Iterator[Stack]:
    """`coach serve`, and so many less one of `coach run`: on SQLite, which bears one scheduler, the first has pages
    alone then. With haste, what they do now and then they do more often; where everybody is `looked` at already, the
    planner takes those of whom something comes in.
    """
    for name in [each for each in os.environ if each.startswith("COACH_")]:
        del os.environ[name]
    address, tally = f"127.0.0.1:{free_port()}", SPAWN.Array("d", 2)
    with ExitStack() as until_stopped:
        home = until_stopped.enter_context(tempfile.TemporaryDirectory(prefix="coach-load-"))
        os.environ |= {"COACH_HOME": home, "COACH_DATABASE_URL": database.url, "COACH_SMTP_URL": smtp_url}
        started = []
        pages_alone = workers > 1 and database.url.startswith("sqlite")
        for listen in [address, *[None] * (workers - 1)]:
            sweeps = listen is None or not pages_alone
            process = SPAWN.Process(target=_serve, args=(clock, tally, listen, haste, looked, sweeps))
            process.start()
            until_stopped.callback(process.join)
            until_stopped.callback(process.terminate)
            started.append(psutil.Process(process.pid))
        with httpx2.Client(base_url=f"http://{address}", timeout=60) as browser:
            until_it_answers(browser)
        yield Stack(f"http://{address}", started, tally)


_SOON = timedelta(seconds=2)


class _Hasty(Service):
    haste: int

    def _jobs(self, channels: Any) -> list[Any]:
        """Nobody waits here for a minute to pass until there is a look at what is to be worded."""
        return [
            replace(job, every=_SOON if job.name == "word" else job.every / self.haste)
            for job in super()._jobs(channels)
        ]


def _serve(clock: Clock, tally: Any, listen: str | None, haste: int, looked: bool, sweeps: bool) -> None:
    gc.set_threshold(100_000)  # as the program does
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # in haste one is seldom done before the next
    _count(tally)
    app = open_app(clock, lasting=True)
    service = type("Hasty", (_Hasty,), {"haste": haste})(app.settings, app.engine, app.clock)
    if looked:
        with reading(app.engine) as session:
            made = service._rounds.next(session, clock())
        service._rounds.finished(replace(made, waiting=()))
    try:
        asyncio.run(service.serve(asyncio.Event(), lambda: None, listen=listen, sweeps=sweeps))
    finally:
        app.engine.dispose()


def _count(tally: Any) -> None:
    """Whom the planner looks at, and what CPU that takes."""
    plan_for = messenger.plan_for

    def counted(*given: Any) -> int:
        begun = time.thread_time()
        try:
            return plan_for(*given)
        finally:
            with tally.get_lock():
                tally[0] += 1
                tally[1] += time.thread_time() - begun

    messenger.plan_for = counted
