"""The minute in which everybody's summary is due, of so many that to plan and word them all would take an hour: that is
done of some, through the program's own doors, and the others have copies of it, addressed to them.
"""

import sys
from datetime import time as local_time
from datetime import timedelta
from typing import Any

from bringing import bringing, recorded
from crowd import populate
from letters import MONDAY, a_person
from mailing import MailServer
from peaks import Model, all_out, lateness, quantiles, waits
from pydantic import SecretStr
from sqlalchemy import Engine, insert, select
from sqlmodel import SQLModel
from stack import Clock, Database, running
from watching import Figures, at, say, until, waiting

from coach import ahead, messenger
from coach.store.engine import reading
from config.settings import Settings
from scheduler.ids import new_id

SAMPLE = 200
_FOUR, _EIGHT, _DUE = local_time(4), local_time(8), local_time(8, 30)
_AT_A_TIME = 1_000
_NUDGE, _DELIVERY, _LETTER = (SQLModel.metadata.tables[name] for name in ("nudge", "delivery", "worded_letter"))


def rush(database: Database, mail: MailServer, clock: Clock, model: Model) -> Figures:
    """All is planned and worded when the service starts, and the planner has looked at everybody at 08:00. Uploads come
    as in the busiest hour.
    """
    persons, due = model.persons, at(MONDAY, _DUE)
    with database.opened() as engine:
        populate(engine, persons)
        letters = planned_and_worded(engine, min(persons, SAMPLE))
        copied(engine, min(persons, SAMPLE), persons)
        clock.set(due - timedelta(seconds=30))
        with running(database, mail.url, clock, workers=model.workers, looked=True) as stack:
            cpu, sent, taken = stack.cpu_s, mail.bytes, mail.cpu_s
            with bringing(stack.address, persons, recorded(at(MONDAY, _EIGHT)), model.a_second) as brought:
                until(lambda: all_out(engine, persons), stack, lambda: f"{waiting(engine, clock()):,} messages to go")
            cpu, taken, late = stack.cpu_s - cpu, mail.cpu_s - taken, lateness(engine, due)
    say("", end=True)
    return {
        "nudges of a person": letters,
        "letters a second": persons / max(late),
        "CPU ms a letter, with uploads": 1000 * cpu / persons,
        "and of the mail server": 1000 * taken / persons,
        "kB a mail": (mail.bytes - sent) / persons / 1000,
        **quantiles("s late", late),
        "uploads": len(brought.waits_s),
        **waits(brought),
        "MB of the process": stack.most_bytes / 1e6,
    }


def planned_and_worded(engine: Engine, persons: int) -> float:
    """At four and at eight, as the service does it. Gives how many nudges each has."""
    numbers = range(1, persons + 1)
    for clock in (_FOUR, _EIGHT):
        now = at(MONDAY, clock)
        messenger.plan_each(engine, Settings(smtp_url=SecretStr("smtp://localhost"), database_url=None), numbers, now)
        messenger.word_each(engine, None, numbers, lambda now=now: now)
    with reading(engine) as session:
        assert not ahead.lacking(session, now)
        return len(session.connection().execute(select(_LETTER.c.nudge_id)).all()) / persons


def copied(engine: Engine, lived: int, persons: int) -> None:
    """What is due to the first ones, due to all others."""
    with engine.connect() as connection:
        due = _NUDGE.c.due_at == at(MONDAY, _DUE)
        nudges = [dict(each) for each in connection.execute(select(_NUDGE).where(due)).mappings()]
        deliveries, letters = (
            {each["nudge_id"]: dict(each) for each in connection.execute(select(table)).mappings()}
            for table in (_DELIVERY, _LETTER)
        )
    for start in range(lived + 1, persons + 1, _AT_A_TIME):
        rows: dict[str, list[dict[str, Any]]] = {"nudge": [], "delivery": [], "letter": []}
        for person in range(start, min(start + _AT_A_TIME, persons + 1)):
            for nudge in nudges:
                if int(nudge["recipient_id"]) != 1 + (person - 1) % lived:
                    continue
                own = {"nudge_id": new_id()}
                address = {"address": a_person(person)["email"]}
                rows["nudge"].append(nudge | {"id": own["nudge_id"], "recipient_id": str(person)})
                rows["delivery"].append(deliveries[nudge["id"]] | own | address | {"id": new_id()})
                rows["letter"].append(letters[nudge["id"]] | own | {"person_id": person})
        with engine.begin() as connection:
            for table, each in zip((_NUDGE, _DELIVERY, _LETTER), rows.values(), strict=True):
                connection.execute(insert(table), each)
        sys.stderr.write(f"\rwhat is due to {min(start + _AT_A_TIME - 1, persons):,} of {persons:,} is there")
    sys.stderr.write("\n")
