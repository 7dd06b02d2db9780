"""What the tests of delivery under faults start and kill: a worker that sweeps, and a mail server.

postman.py work DATABASE PORT [--merge] [--limit N] [--clock FILE] [--patience MS] [--lease S]
postman.py serve PORT LOG [--busy SHARE]
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import time
from datetime import datetime, timedelta
from datetime import time as local_time
from email import message_from_bytes
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.exc import OperationalError

from scheduler.channels.registry import CHANNELS, ChannelSettings
from scheduler.clock import QuietHours, utc_now
from scheduler.delivery import deliver_due
from scheduler.messages import Kind, Message
from scheduler.slots import Limit, Per
from scheduler.tables import DELIVERY
from scheduler.turns import begin_to_write

# Parts of a second, so that a worker need not wait long for what another left; a send takes some 20 ms.
LEASE_S: Final = 0.4
NOON: Final = local_time(12)
TOGETHER: Final = timedelta(seconds=0.2)


def open_engine(path: str, patience_ms: int = 5000) -> Engine:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _set_up(connection, record):
        connection.isolation_level = None
        for pragma in (f"busy_timeout={patience_ms}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "begin", begin_to_write)
    return engine


def work(given: argparse.Namespace) -> None:
    """Sweep until nothing is open."""
    engine = open_engine(given.database, given.patience)
    channel = CHANNELS["email"](
        ChannelSettings(mail_from="coach@example.org", smtp_url=f"smtp://127.0.0.1:{given.port}?starttls=false")
    )
    limits = [Limit("any", frozenset(Kind), Per.DAY, given.limit, "no room")] if given.limit else []

    def clock() -> datetime:
        offset = float(given.clock.read_text() or 0) if given.clock else 0.0
        return utc_now() + timedelta(seconds=offset)

    while _still_open(engine):
        with contextlib.suppress(OperationalError):  # the ticker logs it, and ticks again
            asyncio.run(
                deliver_due(
                    engine,
                    clock=clock,
                    prepare={"R1": lambda due, now: Message("Your coach", due.period)},
                    channels={"email": channel},
                    quiet=QuietHours(NOON, NOON),
                    domain="example.org",
                    limits=limits,
                    merge=_merged if given.merge else None,
                    together=TOGETHER,
                    lease=timedelta(seconds=given.lease),
                    batch=20,
                )
            )
        time.sleep(0.02)


def _merged(parts) -> Message:
    return Message("Your coach", "\n".join(message.text for _, message in parts))


def _still_open(engine: Engine) -> bool:
    while True:
        with contextlib.suppress(OperationalError), engine.connect() as connection:
            open_ones = select(DELIVERY.c.id).where(DELIVERY.c.not_before.is_not(None)).limit(1)
            return connection.scalar(open_ones) is not None


class Mailbox:
    """Writes down each letter that it takes; takes its time before and after, and is busy now and then."""

    def __init__(self, log: Path, busy: float) -> None:
        self._log = log.open("a", encoding="utf-8")
        self._busy = busy
        self._chance = random.Random(20260329)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        await asyncio.sleep(0.01)
        if self._chance.random() < self._busy:
            return "451 4.3.0 busy"
        letter = message_from_bytes(envelope.content)
        text = letter.get_payload(decode=True).decode()
        line = {"to": letter["To"], "id": letter["Message-ID"], "says": text.split(), "at": time.time()}
        self._log.write(json.dumps(line) + "\n")
        self._log.flush()
        await asyncio.sleep(0.01)
        return "250 OK"


def serve(given: argparse.Namespace) -> None:
    from aiosmtpd.controller import Controller

    Controller(Mailbox(given.log, given.busy), hostname="127.0.0.1", port=int(given.port)).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()  # until the test goes away


def fork(given: argparse.Namespace) -> None:
    del given
    import scheduler.channels.email  # noqa: F401 (so that no child need)

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            main(line.split())
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    what = parser.add_subparsers(required=True)
    worker = what.add_parser("work")
    worker.set_defaults(run=work)
    worker.add_argument("database")
    worker.add_argument("port")
    worker.add_argument("--merge", action="store_true")
    worker.add_argument("--limit", type=int, default=0)
    worker.add_argument("--clock", type=Path)
    worker.add_argument("--patience", type=int, default=5000)
    worker.add_argument("--lease", type=float, default=LEASE_S)
    server = what.add_parser("serve")
    server.set_defaults(run=serve)
    server.add_argument("port")
    server.add_argument("log", type=Path)
    server.add_argument("--busy", type=float, default=0.0)
    what.add_parser("fork").set_defaults(run=fork)
    given = parser.parse_args(arguments)
    given.run(given)


if __name__ == "__main__":
    main()
