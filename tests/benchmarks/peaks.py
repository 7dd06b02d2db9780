"""The two hours of a week in which most is to be done: when most bring what they recorded, and Monday morning."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as local_time

import httpx2
from bringing import Brought, bring, bringing, recorded
from letters import MONDAY, WEEK
from mailing import MailServer
from sqlalchemy import Engine, select
from stack import Clock, Database, running
from watching import Figures, at, say, until, waiting

from scheduler.outbox import State
from scheduler.tables import DELIVERY, NUDGE

_EVENING, _READY, _DUE = local_time(18), local_time(8), local_time(8, 30)
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
        **_waits(brought),
        "CPU ms an upload": 1000 * (cpu - plan) / len(brought.waits_s),
        "and of the database": 1000 * server / len(brought.waits_s),
        "kB of an upload": sum(map(len, files)) / len(files) / 1000,
        "MB of a process": stack.most_bytes / 1e6,
    }


def monday(database: Database, mail: MailServer, clock: Clock, model: Model, upload_cpu_ms: float) -> Figures:
    persons, due = model.persons, at(MONDAY, _DUE)
    clock.set(at(MONDAY, _READY))
    files = recorded(at(MONDAY, _READY))
    with database.opened() as engine, running(database, mail.url, clock, workers=model.workers) as stack:
        letters, sent, ahead = mail.letters, mail.bytes, database.wal_bytes(engine)
        began, cpu, server = time.monotonic(), stack.cpu_s, database.cpu_s()

        def is_planned() -> bool:
            return stack.planned >= persons

        def is_due() -> bool:
            return is_planned() or clock() >= due

        until(is_due, stack, lambda: f"{stack.planned:,} of {persons:,} planned")
        planned = time.monotonic() - began
        if is_planned():
            clock.set(due - timedelta(seconds=1))
        with bringing(stack.address, persons, files, model.a_second) as brought:
            if not is_planned():
                until(is_planned, stack, lambda: f"{stack.planned:,} of {persons:,} planned")
                planned = time.monotonic() - began
            until(lambda: _all_out(engine, persons), stack, lambda: f"{waiting(engine, clock()):,} messages to go")
        cpu, server = stack.cpu_s - cpu, database.cpu_s() - server
        ahead = database.wal_bytes(engine) - ahead
        late = _lateness(engine, due)
        on_time = [each for each in late if each >= 0]  # others went along with what was due within the half hour
        plan_cpu_ms = 1000 * stack.plan_cpu_s / stack.planned
        rest = 1000 * (cpu - stack.plan_cpu_s) - upload_cpu_ms * len(brought.waits_s)
    say("", end=True)
    return {
        "s until all are planned": planned,
        "persons planned a second": persons / planned,
        "CPU ms a planned person": plan_cpu_ms,
        "letters a second": len(on_time) / (max(on_time) - min(on_time)),
        "share that went along before": 1 - len(on_time) / persons,
        "CPU ms a letter, with what goes out beside it": rest / persons,
        "and of the database, with its planning": 1000 * server / persons,
        "kB written ahead a person, with its planning": ahead / persons / 1000,
        "mails": mail.letters - letters,
        "kB a mail": (mail.bytes - sent) / (mail.letters - letters) / 1000,
        **_quantiles("s late", late),
        **_waits(brought),
        "MB of a process": stack.most_bytes / 1e6,
    }


def _all_out(engine: Engine, persons: int) -> bool:
    """A look at all of them takes a while: those that wait are few at the end."""
    return not waiting(engine, None) and len(_lateness(engine, at(MONDAY, _DUE))) >= persons


def _lateness(engine: Engine, due: datetime) -> Sequence[float]:
    sent = (
        select(DELIVERY.c.sent_at)
        .join(NUDGE, DELIVERY.c.nudge_id == NUDGE.c.id)
        .where(NUDGE.c.rule == _SUMMARY, NUDGE.c.period == str(WEEK), DELIVERY.c.state == State.SENT)
    )
    with engine.connect() as connection:
        return [(each - due).total_seconds() for each in connection.execute(sent).scalars()]


def _waits(brought: Brought) -> Figures:
    if brought.failed:
        sys.exit(f"{len(brought.failed)} uploads were not taken, the first: {brought.failed[0]}")
    return _quantiles("s an upload waits", brought.waits_s)


def _quantiles(name: str, figures: Sequence[float]) -> Figures:
    ordered = sorted(figures)
    return {f"{name}, {part}": ordered[int(share * (len(ordered) - 1))] for part, share in _SHARES.items()}


_SHARES = {"p50": 0.5, "p99": 0.99, "at most": 1.0}
