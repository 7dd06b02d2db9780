"""Kill -9 while messages go out by real SMTP: nothing is lost, and nothing is said twice that must not be.

Run as a program, this file is the worker: `test_delivery_kills.py DATABASE PORT`.
"""

import asyncio
import random
import socket
import subprocess
import sys
import time
from collections import defaultdict
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, select
from sqlmodel import SQLModel

from scheduler.channels.registry import CHANNELS, ChannelSettings
from scheduler.clock import utc_now
from scheduler.delivery import deliver_due
from scheduler.messages import Message, Policy
from scheduler.outbox import Address, Draft, State, post
from scheduler.tables import DELIVERY, NUDGE, SLOT, SUSPENDED

MESSAGES = 100  # of each policy
KILLS = 10
LEASE = timedelta(seconds=0.4)  # short, so that the next worker need not wait long; a send takes some 20 ms
# Four at once, 20 ms each: at most 30 of them in this time, so that ten kills do not outlast two hundred.
LONGEST_LIFE_S = 0.15
LIMIT_S = 60.0


def open_engine(path: str) -> Engine:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _set_up(connection, record):
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def work(database: str, port: str) -> None:
    """Sweep until nothing is open."""
    engine = open_engine(database)
    channel = CHANNELS["email"](ChannelSettings(mail_from="coach@example.org", smtp_url=f"smtp://127.0.0.1:{port}"))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while still_open(engine):
        asyncio.run(
            deliver_due(
                engine,
                prepare={"R1": lambda due, now: Message(due.period, "text")},
                channels={"email": channel},
                domain="example.org",
                lease=LEASE,
                batch=20,
            )
        )
        time.sleep(0.02)


def still_open(engine: Engine) -> bool:
    with engine.connect() as connection:
        return connection.scalar(select(DELIVERY.c.id).where(DELIVERY.c.not_before.is_not(None)).limit(1)) is not None


class Mailbox:
    """Keeps (subject, Message-ID) of each letter; takes its time before and after, as servers do."""

    def __init__(self) -> None:
        self.letters = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        await asyncio.sleep(0.01)
        letter = message_from_bytes(envelope.content)
        self.letters.append((letter["Subject"], letter["Message-ID"]))
        await asyncio.sleep(0.01)
        return "250 OK"


def draft(period: str, policy: Policy) -> Draft:
    return Draft(
        recipient_id="p1",
        rule="R1",
        period=period,
        reason="test",
        timezone="UTC",
        due_at=utc_now(),
        to=(Address("email", "ada@example.org"),),
        policy=policy,
        urgent=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(database: Path, port: int) -> subprocess.Popen:
    worker = subprocess.Popen([sys.executable, __file__, str(database), str(port)], stdout=subprocess.PIPE, text=True)
    assert worker.stdout.readline() == "ready\n"
    return worker


def test_ten_kills_lose_nothing_and_repeat_nothing_that_must_not_be(tmp_path):
    from aiosmtpd.controller import Controller

    database = tmp_path / "coach.db"
    engine = open_engine(str(database))
    SQLModel.metadata.create_all(engine, tables=[NUDGE, DELIVERY, SLOT, SUSPENDED])
    with engine.begin() as connection:
        drafts = [draft(f"{policy}-{n}", policy) for n in range(MESSAGES) for policy in Policy]
        assert len(post(connection, drafts, utc_now())) == 2 * MESSAGES

    chance = random.Random(20260329)
    mailbox = Mailbox()
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        kills = 0
        while kills < KILLS and still_open(engine):
            with start(database, port) as worker:
                time.sleep(chance.uniform(0.02, LONGEST_LIFE_S))
                kills += worker.poll() is None
                worker.kill()
        with start(database, port) as worker:
            assert worker.wait(timeout=LIMIT_S) == 0
    finally:
        controller.stop()

    arrived = defaultdict(list)
    for subject, message_id in mailbox.letters:
        arrived[subject].append(message_id)
    with engine.connect() as connection:
        rows = connection.execute(
            select(NUDGE.c.period, NUDGE.c.policy, DELIVERY).join_from(NUDGE, DELIVERY)
        ).mappings()
        rows = {row["period"]: row for row in rows}
    engine.dispose()

    assert kills == KILLS
    assert sum(row["attempts"] > 1 for row in rows.values()) >= KILLS  # the kills hit something
    for period, row in rows.items():
        letters = arrived[period]
        assert set(letters) <= {row["message_id"]}, "a repeat carries the same Message-ID"
        if row["policy"] is Policy.RESEND:
            assert letters, "resend loses none"
            assert row["state"] is State.SENT
        else:
            assert len(letters) <= 1, "never twice repeats none"
            assert row["state"] in {State.SENT, State.UNKNOWN}
            assert letters or row["state"] is State.UNKNOWN, "what is marked sent has arrived"


if __name__ == "__main__":
    work(*sys.argv[1:])
