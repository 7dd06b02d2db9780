"""The two hours of a week in which most is to be done: when most bring what they recorded, and Monday morning."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as local_time
from typing import Any, NamedTuple

import httpx2
from bringing import Brought, bring, bringing, recorded
from letters import MONDAY, WEEK
from mailing import MailServer
from sqlalchemy import Engine, Select, func, select
from stack import Clock, Database, Stack, running
from watching import Figures, at, say, until, waiting

from coach import ahead
from coach.store.engine import reading
from scheduler.outbox import State
from scheduler.tables import DELIVERY, NUDGE

_EVENING, _FOUR, _EIGHT, _DUE = local_time(18), local_time(4), local_time(8), local_time(8, 30)
_SUMMARY = "R13"


@dataclass(frozen=True)
class Model:
    persons: int
    workers: int
    busiest: float
    window_s: float
    uploads: int

    @property
    def modelled(self) -> float:
        """Uploads a second in the busiest hour."""
        return self.persons * self.busiest / 3600

    @property
    def a_second(self) -> float:
        """Those that come here."""
        return max(self.modelled, self.uploads / self.window_s)


def busiest(database: Database, mail: MailServer, clock: Clock, model: Model) -> Figures:
    sunday = MONDAY - timedelta(days=1)
    clock.set(at(sunday, _EVENING))
    files = recorded(at(sunday, _EVENING))
    with running(database, mail.url, clock, workers=model.workers) as stack:
        with httpx2.Client(base_url=stack.address, timeout=60) as client:
            bring(client, 1, files[0])  # whatever is loaded for the first is loaded
        cpu, plan, server = stack.cpu_s, stack.plan_cpu_s, database.cpu_s()
        with bringing(stack.address, model.persons, files, model.a_second) as brought:
            until_s = time.monotonic() + model.window_s
            until(lambda: time.monotonic() > until_s, stack, lambda: f"{len(brought.waits_s)} uploads")
        cpu, plan, server = stack.cpu_s - cpu, stack.plan_cpu_s - plan, database.cpu_s() - server
    return {
        "modelled uploads a second": model.modelled,
        "uploads a second": len(brought.waits_s) / model.window_s,
        **waits(brought),
        "CPU ms an upload": 1000 * (cpu - plan) / len(brought.waits_s),
        "and of the database": 1000 * server / len(brought.waits_s),
        "kB of an upload": sum(map(len, files)) / len(files) / 1000,
        "MB of a process": stack.most_bytes / 1e6,
    }


def monday(database: Database, mail: MailServer, clock: Clock, model: Model, upload_cpu_ms: float) -> Figures:
    persons, due = model.persons, at(MONDAY, _DUE)
    clock.set(at(MONDAY, _FOUR))
    with database.opened() as engine, running(database, mail.url, clock, workers=model.workers) as stack:
        spent = Spent(stack, database, engine)
        until(lambda: stack.planned >= persons, stack, lambda: f"{stack.planned:,} of {persons:,} planned")
        planned_s = spent.s
        _worded(engine, clock, stack)
        worded_s, night = spent.s, spent.until_now()
        clock.set(max(clock(), at(MONDAY, _EIGHT)))  # what there is to say besides
        until(lambda: stack.planned >= 2 * persons, stack, lambda: f"{stack.planned - persons:,} looked at again")
        _worded(engine, clock, stack)
        clock.set(max(clock(), due - timedelta(seconds=1)))
        spent, letters, sent = Spent(stack, database, engine), mail.letters, mail.bytes
        with bringing(stack.address, persons, recorded(at(MONDAY, _EIGHT)), model.a_second) as brought:
            until(lambda: all_out(engine, persons), stack, lambda: f"{waiting(engine, clock()):,} messages to go")
        morning = spent.until_now()
        late = lateness(engine, due)
        on_time = [each for each in late if each >= 0]  # others went along with what was due within the half hour
    say("", end=True)
    return {
        "s until all are planned": planned_s,
        "s until all are worded": worded_s,
        "CPU ms to plan for a person": 1000 * stack.plan_cpu_s / stack.planned,
        "CPU ms to word a letter": 1000 * night.rest_cpu_s / persons,
        "and of the database, both": 1000 * night.server_cpu_s / persons,
        "kB written ahead, both": night.written_bytes / persons / 1000,
        "letters a second": len(on_time) / (max(on_time) - min(on_time)),
        "share that went along before": 1 - len(on_time) / persons,
        "CPU ms to send a letter": (1000 * morning.rest_cpu_s - upload_cpu_ms * len(brought.waits_s)) / persons,
        "and of the database": 1000 * morning.server_cpu_s / persons,
        "mails": mail.letters - letters,
        "kB a mail": (mail.bytes - sent) / (mail.letters - letters) / 1000,
        **quantiles("s late", late),
        **waits(brought),
        "MB of a process": stack.most_bytes / 1e6,
    }


class Cost(NamedTuple):
    """`rest_cpu_s`: of the service, but what planning takes."""

    rest_cpu_s: float
    server_cpu_s: float
    written_bytes: int


class Spent:
    """Since it was made."""

    def __init__(self, stack: Stack, database: Database, engine: Engine) -> None:
        self._of = stack, database, engine
        self._began, self._before = time.monotonic(), self._now()

    def _now(self) -> Cost:
        stack, database, engine = self._of
        return Cost(stack.cpu_s - stack.plan_cpu_s, database.cpu_s(), database.wal_bytes(engine))

    @property
    def s(self) -> float:
        return time.monotonic() - self._began

    def until_now(self) -> Cost:
        return Cost(*(now - before for now, before in zip(self._now(), self._before, strict=True)))


def _worded(engine: Engine, clock: Clock, stack: Stack) -> None:
    """Waits until nothing is left to word."""

    def left() -> int:
        with reading(engine) as session:
            return len(ahead.lacking(session, clock()))

    until(lambda: not left(), stack, lambda: f"of {left():,} something is to be worded")


def all_out(engine: Engine, persons: int) -> bool:
    """Counted by the database: whoever brings something meanwhile is in this process, and would wait for us."""
    with engine.connect() as connection:
        return not waiting(engine, None) and connection.execute(_sent(func.count())).scalar_one() >= persons


def lateness(engine: Engine, due: datetime) -> Sequence[float]:
    with engine.connect() as connection:
        return [(each - due).total_seconds() for each in connection.execute(_sent(DELIVERY.c.sent_at)).scalars()]


def _sent(what: Any) -> Select[Any]:
    """Of the summaries that have gone out."""
    summaries = select(what).select_from(DELIVERY).join(NUDGE, DELIVERY.c.nudge_id == NUDGE.c.id)
    return summaries.where(NUDGE.c.rule == _SUMMARY, NUDGE.c.period == str(WEEK), DELIVERY.c.state == State.SENT)


def waits(brought: Brought) -> Figures:
    if brought.failed:
        sys.exit(f"{len(brought.failed)} uploads were not taken, the first: {brought.failed[0]}")
    return quantiles("s an upload waits", brought.waits_s)


def quantiles(name: str, figures: Sequence[float]) -> Figures:
    ordered = sorted(figures)
    return {f"{name}, {part}": ordered[int(share * (len(ordered) - 1))] for part, share in _SHARES.items()}


_SHARES = {"p50": 0.5, "p99": 0.99, "at most": 1.0}
