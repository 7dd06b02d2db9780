"""What a week of many persons asks of the service, and whether it is there in time.

    python tests/benchmarks/load.py --persons 1000
    python tests/benchmarks/load.py --persons 1000 --database postgresql --workers 2

All parts are real and in processes of their own: the service (`coach serve`; where several work, `coach run` beside
it), a mail server, and this one, from which watches bring what they recorded over HTTP. The service's clock is set from
here: it goes as fast as any other, and jumps over the hours in which nothing is measured. Everybody lives in one time
zone, so that all summaries are due in the same minute.

`the week`: some of them live seven days: five sessions each are uploaded in the evening, three of four mornings are
told of, and whatever the rules say goes out. The clock stops where a rule speaks. It gives what a person costs in
messages and bytes.

`the busiest hour`: everybody is there, it is Sunday evening, and uploads come at the rate of an hour in which a share
of all persons (`--busiest`) bring one each; sampled: for `--window` seconds of it, and at least `--uploads` of them, so
that of few persons more come than their share is.

`Monday`: the service starts at 08:00, and plans the summaries of all; at 08:30 they are due. Once all are planned, the
clock jumps there; where planning lasts longer than until then, letters are late. Meanwhile uploads come at the same
rate.

With `--strict` the exit code is 1 where a summary is over ten minutes late, or an upload waits for over a second.
"""

import argparse
import json
import os
import platform
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as local_time

import httpx2
from bringing import Brought, bring, bringing, recorded, tell
from corpus import show
from crowd import Crowd, populate
from letters import MONDAY, WEEK, ZONE
from mailing import MailServer, mail_server
from sqlalchemy import Engine, func, select
from stack import DATABASES, Clock, Database, Stack, running

from coach.nudges import RULES
from scheduler.clock import local_instant
from scheduler.outbox import State
from scheduler.tables import DELIVERY, NUDGE

_SESSIONS_A_WEEK = 5
_EVENING, _READY, _DUE = local_time(18), local_time(8), local_time(8, 30)
_AT_MOST = timedelta(hours=6)
_OUT_WITHIN_S, _WAITS_AT_MOST_S = 600.0, 1.0
_HASTE = 200  # of a week whose clock jumps
_SUMMARY = "R13"

Figures = dict[str, float]


@dataclass(frozen=True)
class Model:
    persons: int
    sample: int
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


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a week of many persons.")
    parser.add_argument(
        "--persons", type=int, default=1000, metavar="N", help="on Monday and in the busiest hour (1000)"
    )
    parser.add_argument("--sample", type=int, default=20, metavar="N", help="who live the week (20)")
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes of the service (1)")
    parser.add_argument("--busiest", type=float, default=0.15, help="share who upload in the busiest hour (0.15)")
    parser.add_argument("--window", type=float, default=60, metavar="S", help="of that hour (60)")
    parser.add_argument("--uploads", type=int, default=60, metavar="N", help="at least, in the window (60)")
    parser.add_argument("--json", action="store_true", help="figures as an object")
    parser.add_argument("--strict", action="store_true", help="fail past the aims")
    given = parser.parse_args()
    if min(given.persons, given.sample, given.workers, given.window, given.uploads) < 1 or not 0 < given.busiest <= 1:
        parser.error("--persons, --sample, --workers, --window and --uploads are 1 or more, --busiest a share")
    if given.database == "sqlite" and given.workers > 1:
        parser.error("SQLite bears one worker; several need --database postgresql")
    model = Model(given.persons, given.sample, given.workers, given.busiest, given.window, given.uploads)
    found = measured(model, given.database)
    if given.json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
    else:
        tell_all(found, given.database, model)
    sys.exit(past(found) if given.strict else None)


def measured(model: Model, kind: str) -> dict[str, Figures]:
    clock = Clock()
    found: dict[str, Figures] = {}
    with mail_server() as mail:
        with DATABASES[kind]() as database:
            found["the week"] = a_week(database, mail, clock, model)
        with DATABASES[kind]() as database:
            found["made"], crowd = made(database, model.persons)
            found["the busiest hour"] = busiest(database, mail, clock, model, crowd)
            found["Monday"] = monday(database, mail, clock, model, found["the busiest hour"]["CPU ms an upload"])
    return found


def made(database: Database, persons: int) -> tuple[Figures, Crowd]:
    began = time.monotonic()
    with database.opened() as engine:
        empty = database.bytes(engine)
        crowd = populate(engine, persons)
        grown = database.bytes(engine) - empty
    return {"s": time.monotonic() - began, "rows a person": crowd.rows, "kB a person": grown / persons / 1000}, crowd


# A week, of some.


def a_week(database: Database, mail: MailServer, clock: Clock, model: Model) -> Figures:
    with database.opened() as engine:
        populate(engine, model.sample)
        before, letters, sent = database.bytes(engine), mail.letters, mail.bytes
        clock.set(at(MONDAY, _READY))
        lot = random.Random(5)
        with (
            running(database, mail.url, clock, workers=model.workers, haste=_HASTE) as stack,
            httpx2.Client(base_url=stack.address, timeout=60) as client,
        ):
            for day in (MONDAY + timedelta(days=n) for n in range(7)):
                say(f"the week: {day:%A}")
                _lived(day, Stops(engine, stack, clock, model.sample), client, lot)
        say("", end=True)
        told = _told(engine)
        grown = database.bytes(engine) - before
    letters, sent = mail.letters - letters, mail.bytes - sent
    return {f"{rule} a person": count / model.sample for rule, count in told.items()} | {
        "nudges a person": sum(told.values()) / model.sample,
        "mails a person": letters / model.sample,
        "kB a mail": sent / letters / 1000,
        "kB that the database grows a person": grown / model.sample / 1000,
    }


@dataclass(frozen=True)
class Stops:
    engine: Engine
    stack: Stack
    clock: Clock
    persons: int

    def at(self, moment: datetime) -> None:
        """Everybody is looked at, and what is due goes out."""
        before = self.stack.planned
        self.clock.set(moment)
        self.until_told(before + self.persons)

    def until_told(self, planned: int) -> None:
        until(lambda: self.stack.planned >= planned, self.stack)
        until(lambda: waiting(self.engine, self.clock()) == 0, self.stack)


def _lived(day: date, stops: Stops, client: httpx2.Client, lot: random.Random) -> None:
    spoken = {each for rule in RULES.values() for each in rule.at}
    morning = local_time(8, 45)
    for clock in sorted({*spoken, morning, _EVENING}):
        stops.at(at(day, clock))
        planned = stops.stack.planned
        if clock == morning:
            chosen = [each for each in range(1, 1 + stops.persons) if lot.random() < 0.75]
            for person in chosen:
                tell(client, person, lot.choice((1, 2, 2, 3)))
        elif clock == _EVENING:
            files = recorded(at(day, clock))
            chosen = [each for each in range(1, 1 + stops.persons) if lot.random() < _SESSIONS_A_WEEK / 7]
            for person in chosen:
                bring(client, person, lot.choice(files))
            stops.until_told(planned + len(chosen))  # what came in is judged at once


def _told(engine: Engine) -> Mapping[str, int]:
    """Nudges that were sent, by rule."""
    sent = (
        select(NUDGE.c.rule, func.count())
        .join(DELIVERY, DELIVERY.c.nudge_id == NUDGE.c.id)
        .where(DELIVERY.c.state == State.SENT)
        .group_by(NUDGE.c.rule)
        .order_by(NUDGE.c.rule)
    )
    with engine.connect() as connection:
        return {rule: number for rule, number in connection.execute(sent)}  # noqa: C416 (a row is no pair to a type checker)


# The two peaks, of all.


def busiest(database: Database, mail: MailServer, clock: Clock, model: Model, crowd: Crowd) -> Figures:
    sunday = MONDAY - timedelta(days=1)
    clock.set(at(sunday, _EVENING))
    files = recorded(at(sunday, _EVENING))
    with running(database, mail.url, clock, workers=model.workers) as stack:
        with httpx2.Client(base_url=stack.address, timeout=60) as client:
            bring(client, 1, files[0])  # whatever is loaded for the first is loaded
        cpu, plan, server = stack.cpu_s, stack.plan_cpu_s, database.cpu_s()
        with bringing(stack.address, crowd.persons, files, model.a_second) as brought:
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
            until(lambda: _all_out(engine, persons), stack, lambda: f"{waiting(engine, clock()):,} letters to go")
        cpu, server = stack.cpu_s - cpu, database.cpu_s() - server
        late = _lateness(engine, due)
        plan_cpu_ms = 1000 * stack.plan_cpu_s / stack.planned
        rest = 1000 * (cpu - stack.plan_cpu_s) - upload_cpu_ms * len(brought.waits_s)
    say("", end=True)
    return {
        "s until all are planned": planned,
        "persons planned a second": persons / planned,
        "CPU ms a planned person": plan_cpu_ms,
        "letters a second": persons / (max(late) - min(late)),
        "CPU ms a letter": rest / persons,
        "and of the database, with its planning": 1000 * server / persons,
        **_quantiles("s late", late),
        **_waits(brought),
        "MB of a process": stack.most_bytes / 1e6,
    }


def _all_out(engine: Engine, persons: int) -> bool:
    """A look at all of them takes a while: those that wait are few at the end."""
    return not waiting(engine, None) and len(_lateness(engine, at(MONDAY, _DUE))) >= persons


def waiting(engine: Engine, now: datetime | None) -> int:
    """Deliveries that are open, by `now` where it is given."""
    is_open = DELIVERY.c.not_before.is_not(None) if now is None else DELIVERY.c.not_before <= now
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).where(is_open)).scalar_one())


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


# How.


def at(day: date, clock: local_time) -> datetime:
    return local_instant(day, clock, ZONE)


def until(is_so: Callable[[], bool], stack: Stack, tells: Callable[[], str] | None = None) -> None:
    """Looks more seldom where a look takes longer."""
    deadline = time.monotonic() + _AT_MOST.total_seconds()
    while True:
        begun = time.monotonic()
        if is_so():
            return
        assert begun < deadline, "it does not come to an end"
        stack.look()
        if tells is not None:
            say(tells())
        time.sleep(max(0.05, 10 * (time.monotonic() - begun)))


_said_at = 0.0


def say(text: str, *, end: bool = False) -> None:
    """Where it is, once a second."""
    global _said_at  # noqa: PLW0603
    if end or time.monotonic() > _said_at + 1:
        _said_at = time.monotonic()
        sys.stderr.write(f"\r{text:<60}" + ("\n" if end else ""))
        sys.stderr.flush()


def tell_all(found: Mapping[str, Figures], kind: str, model: Model) -> None:
    sys.stdout.write(f"{model.persons:,} persons, {kind}, {model.workers} of the service; ")
    sys.stdout.write(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n\n")
    for part, figures in found.items():
        show((part, ""), [(name, f"{figure:,.{_places(figure)}f}") for name, figure in figures.items()])


def _places(figure: float) -> int:
    return 0 if figure >= 100 else 1 if figure >= 10 else 3


def past(found: Mapping[str, Figures]) -> str | None:
    aims = {
        ("Monday", "s late, at most"): _OUT_WITHIN_S,
        ("Monday", "s an upload waits, at most"): _WAITS_AT_MOST_S,
        ("the busiest hour", "s an upload waits, at most"): _WAITS_AT_MOST_S,
    }
    over = [
        f"{part}, {name}: {found[part][name]:.3g}, past {aim:g}"
        for (part, name), aim in aims.items()
        if found[part][name] > aim
    ]
    return "; ".join(over) or None


if __name__ == "__main__":
    main()
