"""A real database, set up as coach sets it up, and a channel that says what the test wants."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from scheduler.channels.base import Delivered
from scheduler.delivery import deliver_due
from scheduler.messages import Message
from scheduler.outbox import Address, Draft, post
from scheduler.settled import Settled
from scheduler.tables import DELIVERY

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


class ScriptedChannel:
    """Answers what the script says, Delivered at its end; an exception in the script is raised."""

    def __init__(self) -> None:
        self.script: list = []
        self.sent: list = []
        self.rested = 0

    async def send(self, outgoing):
        self.sent.append(outgoing)
        answer = self.script.pop(0) if self.script else Delivered()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def rest(self):
        self.rested += 1


class World:
    """An outbox, a clock that the test moves, and one channel."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.now = NOON
        self.channel = ScriptedChannel()
        self.prepared: list = []
        self.answer = Message("Your week is ready", "Take a look?")

    def prepare(self, due, now):
        self.prepared.append(due)
        return self.answer(due, now) if callable(self.answer) else self.answer

    def draft(self, **changes) -> Draft:
        values = {
            "recipient_id": "p1",
            "rule": "R1",
            "period": "a1",
            "reason": "a walk ended",
            "timezone": "UTC",
            "due_at": self.now,
            "to": (Address("test", "ada@example.org"),),
        }
        return Draft(**{**values, **changes})

    def post(self, *drafts: Draft, **changes):
        with self.engine.begin() as connection:
            return post(connection, drafts or [self.draft(**changes)], self.now)

    def sweep(self, **changes):
        values = {
            "clock": lambda: self.now,
            "prepare": {"R1": self.prepare},
            "channels": {"test": self.channel},
            "domain": "example.org",
        }
        reports: list[Settled] = []
        asyncio.run(deliver_due(self.engine, **{**values, **changes}, told=reports.extend))
        return reports

    def wait(self, **span) -> None:
        self.now += timedelta(**span)

    def rows(self) -> list:
        with self.engine.connect() as connection:
            return connection.execute(select(DELIVERY).order_by(DELIVERY.c.channel)).mappings().all()

    def row(self):
        (row,) = self.rows()
        return row


@pytest.fixture
def world(engine) -> World:
    return World(engine)
