"""A week of some, lived day by day: what is recorded comes in, mornings are told of, and whatever there is to say goes
out. The clock stops where a rule speaks.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as local_time

import httpx2
from bringing import bring, recorded, tell
from crowd import populate
from letters import MONDAY
from mailing import MailServer
from sqlalchemy import Engine, func, select
from stack import Clock, Database, Stack, running
from watching import Figures, at, say, until, waiting

from coach.nudges import RULES
from scheduler.outbox import State
from scheduler.tables import DELIVERY, NUDGE

_SESSIONS_A_WEEK = 5
_BEGINS, _ANSWERS, _UPLOADS = local_time(7, 45), local_time(8, 45), local_time(18)
_HASTE = 200  # what the service does now and then it does as often as the clock jumps


def a_week(database: Database, mail: MailServer, clock: Clock, persons: int, workers: int) -> Figures:
    with database.opened() as engine:
        populate(engine, persons)
        before, letters, sent = database.bytes(engine), mail.letters, mail.bytes
        clock.set(at(MONDAY, _BEGINS))
        lot = random.Random(5)
        with (
            running(database, mail.url, clock, workers=workers, haste=_HASTE) as stack,
            httpx2.Client(base_url=stack.address, timeout=60) as client,
        ):
            for day in (MONDAY + timedelta(days=n) for n in range(7)):
                say(f"the week: {day:%A}")
                _lived(day, Stops(engine, stack, clock, persons), client, lot)
        say("", end=True)
        told = _told(engine)
        grown = database.bytes(engine) - before
    letters, sent = mail.letters - letters, mail.bytes - sent
    return {f"{rule} a person": count / persons for rule, count in told.items()} | {
        "nudges a person": sum(told.values()) / persons,
        "mails a person": letters / persons,
        "kB a mail": sent / letters / 1000,
        "kB that the database grows a person": grown / persons / 1000,
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
    for clock in sorted({*spoken, _ANSWERS, _UPLOADS}):
        stops.at(at(day, clock))
        planned = stops.stack.planned
        if clock == _ANSWERS:
            chosen = [each for each in range(1, 1 + stops.persons) if lot.random() < 0.75]
            for person in chosen:
                tell(client, person, lot.choice((1, 2, 2, 3)))
        elif clock == _UPLOADS:
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
        .where(DELIVERY.c.state == State.SENT, DELIVERY.c.sent_at.is_not(None))  # not what the past is made of
        .group_by(NUDGE.c.rule)
        .order_by(NUDGE.c.rule)
    )
    with engine.connect() as connection:
        return {rule: number for rule, number in connection.execute(sent)}  # noqa: C416 (a row is no pair to a type checker)
