"""A mail server and workers, each in a process of its own, and what became of the messages between them."""

import contextlib
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from scheduler.carrying import AT_ONCE
from scheduler.clock import utc_now
from scheduler.messages import Kind, Policy
from scheduler.outbox import Address, Draft, State, post
from scheduler.tables import DELIVERY, NUDGE, SLOT, SUSPENDED

PROGRAM = Path(__file__).with_name("postman.py")
LIMIT_S = 600.0


@dataclass(frozen=True)
class Told:
    """A delivery's end, and the Message-IDs of the letters that brought it."""

    recipient: str
    period: str
    policy: Policy
    state: State
    message_id: str | None
    attempts: int
    letters: list[str]


@dataclass(frozen=True)
class Worker:
    """A process of which nothing but the number is known."""

    number: int

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.number, number)

    def is_alive(self) -> bool:
        try:
            os.kill(self.number, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        while self.is_alive():
            time.sleep(0.001)


@dataclass
class PostOffice:
    """A database and a mail server for the workers of a test."""

    folder: Path
    busy: float = 0.0
    port: int = 0
    workers: list[Worker] = field(default_factory=list)
    server: subprocess.Popen | None = None
    forks: subprocess.Popen | None = None

    @property
    def database(self) -> Path:
        return self.folder / "coach.db"

    @property
    def clock(self) -> Path:
        return self.folder / "offset"

    def open(self) -> None:
        spec = importlib.util.spec_from_file_location("postman", PROGRAM)
        postman = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(postman)
        self.engine = postman.open_engine(str(self.database), 60_000)
        SQLModel.metadata.create_all(self.engine, tables=[NUDGE, DELIVERY, SLOT, SUSPENDED])
        self.clock.write_text("0")
        self.port = free_port()
        self.serve()

    def serve(self) -> None:
        log = self.folder / "letters"
        log.touch()
        self.server = self._start("serve", str(self.port), str(log), "--busy", str(self.busy))
        assert self.server.stdout.readline() == "ready\n"

    def post(self, number: int, *, recipients: int = 0, over_s: float = 0.0) -> None:
        """So many nudges, of either policy in turn: to as many recipients and never too late, or to so few, spread over
        some seconds, of no use after that day. It is early in the morning where they are.
        """
        now = utc_now()
        west = (now.hour - 3) if now.hour < 15 else now.hour - 27
        drafts = [
            Draft(
                recipient_id=f"p{n % recipients if recipients else n}",
                rule="R1",
                period=f"{policy}-{n}",
                reason="test",
                timezone=f"Etc/GMT{west:+}",
                due_at=now + timedelta(seconds=over_s * 2 * n / number),
                expires_at=now + timedelta(hours=12) if recipients else None,
                to=(Address("email", f"p{n % recipients if recipients else n}@example.org"),),
                policy=policy,
                kind=Kind.CHECK_IN,
            )
            for n in range(number // 2)
            for policy in Policy
        ]
        with self.engine.begin() as connection:
            assert len(post(connection, drafts, now)) == number

    def start(self, *options: str) -> Worker:
        if self.forks is None:
            self.forks = self._start("fork")
        self.forks.stdin.write(" ".join(("work", str(self.database), str(self.port), *options)) + "\n")
        self.forks.stdin.flush()
        worker = Worker(int(self.forks.stdout.readline()))
        self.workers.append(worker)
        return worker

    def _start(self, *arguments: str) -> subprocess.Popen:
        command = [sys.executable, str(PROGRAM), *arguments]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def finish(self, *options: str, last: "Worker | None" = None) -> None:
        """Let a last worker work until nothing is open, by a clock on which twenty seconds pass in 0.2: beside another
        one that is alive each would take the other's for left behind.
        """
        last = last or self.start("--clock", str(self.clock), *options)
        until = time.monotonic() + LIMIT_S
        while last.is_alive():
            assert time.monotonic() < until, f"{self.still_open()} are still open"
            time.sleep(0.2)
            self.put_forward(20)
        assert not self.still_open()

    def put_forward(self, seconds: float) -> None:
        moved = self.folder / "moved"
        moved.write_text(str(float(self.clock.read_text()) + seconds))
        moved.replace(self.clock)

    def still_open(self) -> int:
        with self.engine.connect() as connection:
            return len(connection.execute(select(DELIVERY.c.id).where(DELIVERY.c.not_before.is_not(None))).all())

    def letters(self) -> list[dict]:
        lines = (self.folder / "letters").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def told(self) -> list[Told]:
        arrived: dict[tuple[str, str], list[str]] = {}
        for letter in self.letters():
            for period in letter["says"]:
                arrived.setdefault((letter["to"].partition("@")[0], period), []).append(letter["id"])
        columns = (NUDGE.c.recipient_id, NUDGE.c.period, NUDGE.c.policy)
        statement = select(*columns, DELIVERY.c.state, DELIVERY.c.message_id, DELIVERY.c.attempts)
        with self.engine.connect() as connection:
            return [
                Told(*row, arrived.get((row.recipient_id, row.period), []))
                for row in connection.execute(statement.join_from(NUDGE, DELIVERY))
            ]

    def close(self) -> None:
        for worker in self.workers:
            worker.kill()
        for process in (self.forks, self.server):
            if process is not None:
                process.kill()
                process.communicate()
        self.engine.dispose()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def hold_the_promises(told: list[Told], *, kills: int, in_flight: int = AT_ONCE) -> tuple[int, int]:
    """Whatever happened: what may be repeated arrived and bears its id each time, what must not be came once at most.

    Returns:
        How many repeats there were, and how many of the others ended as unknown.
    """
    repeated = Counter[str | None]()  # by Message-ID: of a letter that holds several, the one that came most often
    for each in told:
        assert set(each.letters) <= {each.message_id}, f"{each.period}: a repeat carries the same Message-ID"
        if each.state is State.SENT:
            assert each.letters, f"{each.period} is marked sent, and has not arrived"
        if each.policy is Policy.RESEND:
            assert each.state in {State.SENT, State.SUPPRESSED}, f"{each.period} ended as {each.state}"
            repeated[each.message_id] = max(repeated[each.message_id], len(each.letters) - 1)
        else:
            assert len(each.letters) <= 1, f"{each.period} must not be said twice"
            assert each.state in {State.SENT, State.UNKNOWN, State.SUPPRESSED}
    assert repeated.total() <= kills * in_flight, "one for each connection and kill"
    unknown = sum(each.state is State.UNKNOWN for each in told)
    return repeated.total(), unknown


@pytest.fixture
def post_office(tmp_path) -> Iterator[PostOffice]:
    office = PostOffice(tmp_path)
    with contextlib.ExitStack() as stack:
        office.open()
        stack.callback(office.close)
        yield office


@pytest.fixture
def promises():
    return hold_the_promises


@pytest.fixture
def tabled(table):
    """Takes a line of the table that a run ends with: what happened, and its figures."""
    head = "faults | messages | lost | repeated | with the same id | said twice that must not be | unknown"
    return table("deliveries under faults", head)
