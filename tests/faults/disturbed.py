"""A clinic's processes on one database, each there to be killed, and the people who bring sessions to it."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any, Final, Self

import httpx2
import lives
from lives import Event
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from coach.accounts.tokens import Scope, issue
from coach.enrolment.details import Details
from coach.enrolment.persons import enrol
from coach.enrolment.plans import agree
from coach.store.engine import open_database, reading, writing
from coach.store.kept import KeptWeek
from coach.store.tables import key
from config.settings import Settings
from scheduler.tables import DELIVERY

PROGRAM: Final = Path(__file__).with_name("clinic.py")
PATIENCE_S: Final = 120.0
LETTER_S: Final = 2.0
HELD_S: Final = 3.0
MINUTE: Final = timedelta(minutes=1)
SERVER: Final = "PostgreSQL"
CLIENT: Final = "who brings files"
PROCESSES: Final[Mapping[str, Mapping[str, list[str]]]] = {
    "sqlite": {"the service": ["serve", "--port", "{port}"]},
    "postgresql": {
        "pages": ["serve", "--no-scheduler", "--port", "{port}"],
        "the scheduler": ["run"],
        "a worker": ["worker"],
        "another worker": ["worker"],
    },
}
TASKS: Final = {"sqlite": "task", "postgresql": "procrastinate_jobs"}


class Mailbox:
    """Takes its time, and knows each letter by its Message-ID. `coming`: since it was cleared, one came or comes."""

    def __init__(self) -> None:
        self.came = Counter[str]()
        self.coming = threading.Event()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.coming.set()
        await asyncio.sleep(0.02)
        self.came[message_from_bytes(envelope.content)["Message-ID"]] += 1
        await asyncio.sleep(0.02)
        return "250 OK"


@dataclass(frozen=True)
class Kill:
    """Who, and how long after everybody has begun with what there is at a moment; or after the first letter of it has
    begun to come, if one does.
    """

    at: datetime
    whom: str
    after_s: float
    waits_for_letter: bool


@dataclass
class Clinic:
    """Its processes run as long as the block does, and start anew at once whenever one is killed."""

    folder: Path
    url: str
    port: int
    mail_port: int
    mailbox: Mailbox
    server: Any = None  # of PostgreSQL, where it is to be killed
    running: dict[str, int] = field(default_factory=dict)
    tokens: dict[int, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.move_to(lives.begins())
        self.engine = open_database(self.url)
        self.kind = self.engine.dialect.name
        self._asking = threading.Lock()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
        self._forks = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(PROGRAM), str(self.clock)],
            env=kept | {"OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        for name in self.running:
            self.kill(name)
        self._forks.kill()
        self._forks.communicate()
        self.engine.dispose()

    @property
    def clock(self) -> Path:
        return self.folder / "clock"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def move_to(self, moment: datetime) -> None:
        beside = self.folder / "clock.new"
        beside.write_text(moment.isoformat(), encoding="utf-8")
        beside.replace(self.clock)

    def people(self, number: int) -> None:
        start = lives.MONDAY
        for who in range(number):
            details = Details(
                name=f"Person {who}",
                email=f"p{who}@example.org",
                timezone=str(lives.ZONE),
                condition="disc_herniation",
                diagnosed_by="Dr Bo",
                diagnosed_on=start - timedelta(days=30),
                relief="extension",
                flexion_tolerated=False,
                birth_year=1970,
                start=start,
            )
            with writing(self.engine, None) as session:
                person = enrol(session, details, lives.begins(), str(lives.ZONE))
                agree(session, person, details, Settings(home=self.home).plans, lives.begins())
                issued = issue(session, key(person), "watch", tuple(Scope), 90, lives.begins())
                self.tokens[key(person) - 1] = issued.token

    def start(self) -> None:
        for name in PROCESSES[self.kind]:
            self.run(name)

    def wait_for_pages(self) -> None:
        def answer() -> bool:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
            return False

        _until(answer)

    def run(self, name: str) -> None:
        words = [word.format(port=self.port) for word in PROCESSES[self.kind][name]]
        mail = f"smtp://127.0.0.1:{self.mail_port}?starttls=false"
        settings = {"HOME": str(self.home), "DATABASE_URL": self.url, "SMTP_URL": mail, "SECRET_KEY": "k" * 32}
        self.running[name] = self._fork(words, settings)

    def _fork(self, words: list[str], settings: Mapping[str, str]) -> int:
        environment = {f"COACH_{name}": value for name, value in settings.items()}
        line = {"environment": environment, "words": words, "said": str(self.log)}
        with self._asking:  # whoever brings something does so on a thread of their own
            self._forks.stdin.write(json.dumps(line) + "\n")
            self._forks.stdin.flush()
            return int(self._forks.stdout.readline())

    def kill(self, whom: str) -> None:
        """Whoever it was is there again in a moment; but for a client, who is started anew by whoever waits for it."""
        if whom == SERVER:
            self.server.kill()
            self.server.start()
            return
        number = self.running.get(whom)
        if number is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
            _until(lambda: not _is_alive(number))

    def kill_and_start(self, whom: str) -> None:
        self.kill(whom)
        if whom in PROCESSES[self.kind]:
            self.run(whom)

    def stop(self) -> None:
        """Told to, each ends well."""
        for number in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGTERM)
            _until(lambda number=number: not _is_alive(number))
        codes = {name: Path(f"{self.log}.{self.running[name]}").read_text() for name in PROCESSES[self.kind]}
        assert set(codes.values()) == {"0"}, codes
        with self.engine.connect() as connection:
            assert self.tasks(connection) == 0

    def bring(self, event: Event) -> None:
        """As a person does: the same again until it is there."""
        folder = self.folder / f"watch-{event.who}"
        folder.mkdir(exist_ok=True)
        for name, data in event.files.items():
            (folder / name).write_bytes(data)
        there = f"http://127.0.0.1:{self.port}"
        settings = {"HOME": str(self.folder / f"edge-{event.who}"), "SERVER_TOKEN": self.tokens[event.who]}
        while event.files and not self._pushed(["sync", "--to", there, "--from", str(folder)], settings):
            pass
        for at, pain in event.check_ins:
            said = {"at": at.isoformat(), "pain": pain}
            _until(lambda said=said: self._told(event.who, said))

    def _pushed(self, words: list[str], settings: Mapping[str, str]) -> bool:
        number = self.running[CLIENT] = self._fork(words, settings)
        _until(lambda: not _is_alive(number))
        ended = Path(f"{self.log}.{number}")
        return ended.exists() and ended.read_text(encoding="utf-8") == "0"

    def _told(self, who: int, said: Mapping[str, Any]) -> bool:
        headers = {"authorization": f"Bearer {self.tokens[who]}"}
        try:
            where = f"http://127.0.0.1:{self.port}/api/v1/check-ins"
            answer = httpx2.post(where, json=said, headers=headers, timeout=PATIENCE_S, trust_env=False)
        except httpx2.HTTPError:
            return False
        assert answer.status_code in {200, 201, 503}, answer.text
        return answer.status_code in {200, 201}

    def live(self, events: Iterable[Event], kills: Iterable[Kill]) -> None:
        """By a clock that stands still until all is done that there is to do at a moment, and then goes on to the
        next at which something is.
        """
        brought = {each.at: each for each in events}
        killed: dict[datetime, list[Kill]] = {}
        for each in kills:
            killed.setdefault(each.at, []).append(each)
        moments = sorted({*brought, *lives.looks(), lives.ends()})
        now = lives.begins()
        with ThreadPoolExecutor(1) as hands:
            while moments:
                now = min(moments[0], self._next(now) or moments[0])
                moments = [each for each in moments if each > now]
                self.mailbox.coming.clear()
                self.move_to(now)
                errand = hands.submit(self.bring, brought[now]) if now in brought else None
                for each in killed.get(now, ()):
                    if each.waits_for_letter:
                        self.mailbox.coming.wait(LETTER_S)
                    time.sleep(each.after_s)
                    self.kill_and_start(each.whom)
                if errand is not None:
                    errand.result(PATIENCE_S)
                _until(lambda now=now: self._is_calm(now))
                self._wait_for_letters()
        _until(self._weeks_are_kept)

    def _next(self, now: datetime) -> datetime | None:
        """When something falls due, or when what a process held that was killed is anybody's again; in whole minutes,
        for who looks each minute does so no sooner.
        """
        with self.engine.connect() as connection:
            rows = connection.execute(
                select(DELIVERY.c.not_before, DELIVERY.c.held_until).where(DELIVERY.c.not_before.is_not(None))
            )
            moments = [max(filter(None, row)) for row in rows]
        soonest = min((each for each in moments if each > now), default=None)
        return soonest and now + -((now - soonest) // MINUTE) * MINUTE

    def _is_calm(self, now: datetime) -> bool:
        """Somebody has looked since the clock moved, and nothing waits that could be done."""
        with contextlib.suppress(OperationalError), self.engine.connect() as connection:
            if self.kind == "sqlite":
                planned = self.home / "planned"
                has_looked = planned.exists() and datetime.fromisoformat(planned.read_text(encoding="utf-8")) >= now
            else:
                looked = connection.execute(text("SELECT at FROM sweep WHERE name = 'plan'")).scalar()
                has_looked = looked is not None and looked >= now
            open_ones = connection.execute(
                select(DELIVERY.c.id).where(
                    DELIVERY.c.not_before <= now, DELIVERY.c.held_until.is_(None) | (DELIVERY.c.held_until <= now)
                )
            ).first()
            return has_looked and open_ones is None and self.tasks(connection) == 0
        return False

    def _wait_for_letters(self) -> None:
        """What is still held after that is held by nobody who lives."""
        held, until = (
            select(DELIVERY.c.id).where(DELIVERY.c.held_until.is_not(None)).limit(1),
            time.monotonic() + HELD_S,
        )
        while time.monotonic() < until:
            with self.engine.connect() as connection:
                if connection.execute(held).first() is None:
                    return
            time.sleep(0.02)

    def tasks(self, connection: Any) -> int:
        return connection.execute(text(f"SELECT count(*) FROM {TASKS[self.kind]}")).scalar()  # noqa: S608

    def _weeks_are_kept(self) -> bool:
        with reading(self.engine) as session:
            kept = session.exec(select(KeptWeek.person_id).where(KeptWeek.monday == lives.MONDAY)).all()
        return len(kept) == len(self.tokens)


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def _until(holds: Any) -> None:
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until, "it never came to hold"
        time.sleep(0.01)
