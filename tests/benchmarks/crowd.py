"""Many persons with histories, made in minutes: one life is lived through the ordinary doors, the others are copies of
its last weeks, written by the database itself, with what is missing and what is told by lot.

Nobody's sessions, answers and lines of past weeks are quite another's. What is not copied are the recordings
themselves: a copy's sessions refer to those of the first.
"""

import hashlib
import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as local_time
from typing import Any

from letters import MONDAY, NOW, ZONE, a_person, answers, lived
from pydantic import SecretStr
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Table,
    func,
    insert,
    literal,
    literal_column,
    select,
)
from sqlmodel import SQLModel

from coach.accounts.tokens import Scope
from coach.judged import keep_weeks
from coach.messenger import plan_for
from coach.store import dropping
from coach.store.engine import backend_of
from config.settings import Settings
from scheduler.clock import local_instant
from scheduler.ids import new_id
from scheduler.tables import State

WEEKS = 4
"""Of sessions and answers; of the weeks before, as of these, a line is kept."""

_SINCE = local_instant(MONDAY - timedelta(weeks=WEEKS), local_time(0), ZONE)
_AT_A_TIME = 2_000
_APART = 1_000
"""A person's rows are numbered from so many times their own number: more than anybody has."""

_TABLES = SQLModel.metadata.tables
_ACTIVITY, _TOTALS, _EFFORT, _CHECK_IN = (
    _TABLES[name] for name in ("activity", "activity_totals", "activity_effort", "check_in")
)


@dataclass(frozen=True)
class Crowd:
    """Persons 1 to `persons`; rows that each has, and the bytes of a recording."""

    persons: int
    rows: float
    recording_bytes: float


def populate(engine: Engine, persons: int) -> Crowd:
    lived(engine)
    lot = random.Random(7)
    with engine.begin() as connection:
        first = connection.execute(select(_ACTIVITY)).mappings().all()
        told = [said | {"activity_id": each["id"]} for each in first for said in answers(dict(each), lot)]
        connection.execute(insert(_CHECK_IN), told)
        connection.execute(insert(_TABLES["access_token"]), [a_token(1)])
    keep_weeks(engine, NOW)
    _said(engine)
    with engine.begin() as connection:
        dropping.drop(connection)  # what each row drops is not there yet
    try:
        for start in range(2, persons + 1, _AT_A_TIME):
            until = min(start + _AT_A_TIME, persons + 1)
            with engine.begin() as connection:
                _copy(connection, range(start, until), lot)
            sys.stderr.write(f"\r{until - 1:,} of {persons:,} persons made")
        sys.stderr.write("\n")
    finally:
        with engine.begin() as connection:
            dropping.create(connection)
            for name, last in (("person", persons), ("activity", _APART * (persons + 1))):
                backend_of(connection).number_from(connection, _TABLES[name], last)
    with engine.connect() as connection:
        rows = sum(connection.execute(select(func.count()).select_from(_TABLES[name])).scalar_one() for name in _OWN)
        size = connection.execute(select(func.avg(func.length(_TABLES["original"].c.content)))).scalar_one()
    return Crowd(persons, rows / persons, float(size))


_OWN = (
    *("nudge", "delivery"),
    *("person", "plan_version", "contact", "access_token", "kept_week"),
    *("activity", "activity_totals", "activity_effort", "check_in"),
)


def _said(engine: Engine) -> None:
    """What there was to say to the first by Sunday evening has gone out: nobody is told of the week before last."""
    settings = Settings(smtp_url=SecretStr("smtp://localhost"), database_url=None)
    plan_for(engine, settings, 1, NOW - timedelta(hours=14))
    with engine.begin() as connection:
        connection.execute(_TABLES["delivery"].update().values(state=State.SENT, not_before=None, text="It was said."))


def token(person: int) -> str:
    """What a program of theirs shows."""
    return f"coach_{person:043d}"


def a_token(person: int) -> Mapping[str, Any]:
    return {
        "person_id": person,
        "name": "a watch",
        "token_sha256": hashlib.sha256(token(person).encode()).hexdigest(),
        "scopes": [Scope.UPLOAD, Scope.CHECK_IN],
        "created_at": NOW - timedelta(days=30),
        "expires_at": NOW + timedelta(days=60),
    }


def _copy(connection: Connection, numbers: range, lot: random.Random) -> None:
    plans, lines, nudges, deliveries = (
        [
            dict(row)
            for row in connection.execute(select(_TABLES[name]).where(_TABLES[name].c[whose] == whom)).mappings()
        ]
        for name, whose, whom in (
            ("plan_version", "person_id", 1),
            ("kept_week", "person_id", 1),
            ("nudge", "recipient_id", "1"),
            ("delivery", "address", a_person(1)["email"]),
        )
    )
    ids = {(n, each["id"]): new_id() for n in numbers for each in nudges}
    for name, rows in {
        "person": [{"id": n, **a_person(n)} for n in numbers],
        "plan_version": [each | {"id": n * _APART + each["id"], "person_id": n} for n in numbers for each in plans],
        "contact": [{"person_id": n, "source": "sync", "at": _heard(n)} for n in numbers],
        "access_token": [a_token(n) for n in numbers],
        "kept_week": [_by_lot(each | {"person_id": n}, lot) for n in numbers for each in lines],
        "nudge": [_to(n, each) | {"id": ids[n, each["id"]]} for n in numbers for each in nudges],
        "delivery": [
            each | {"id": new_id(), "nudge_id": ids[n, each["nudge_id"]], "address": a_person(n)["email"]}
            for n in numbers
            for each in deliveries
        ],
    }.items():
        connection.execute(insert(_TABLES[name]), rows)
    every = select(literal(numbers.start).label("n")).cte("every", recursive=True)
    every = every.union_all(select(every.c.n + 1).where(every.c.n < numbers.stop - 1))
    done, copied = every.join(_ACTIVITY, _is_done(every.c.n)), _ACTIVITY.c.id + every.c.n * _APART
    _insert(connection, _ACTIVITY, {"id": copied, "person_id": every.c.n}, done)
    for table in (_TOTALS, _EFFORT):
        _insert(connection, table, {"activity_id": copied}, done.join(table))
    told = done.join(_CHECK_IN, _CHECK_IN.c.activity_id == _ACTIVITY.c.id)
    pain = _CHECK_IN.c.pain + _lot(every.c.n) % literal_column("2")
    _insert(connection, _CHECK_IN, {"person_id": every.c.n, "activity_id": copied, "pain": pain}, told, without="id")


def _heard(number: int) -> datetime:
    """No two at the same moment, for by it the planner knows who is new."""
    return NOW - timedelta(hours=18) + timedelta(microseconds=number)


def _to(number: int, nudge: dict[str, Any]) -> dict[str, Any]:
    """One of a session has its number as period."""
    period = nudge["period"]
    own = str(int(period) + number * _APART) if period.isdigit() else period
    return nudge | {"recipient_id": str(number), "period": own}


def _by_lot(line: dict[str, Any], lot: random.Random) -> dict[str, Any]:
    share = lot.uniform(0.5, 1)
    score = None if line["score"] is None else line["score"] * share
    pain = sum(lot.choice((1, 2, 2, 3, 4)) for _ in range(line["mornings"]))
    return line | {"score": score, "done_minutes": line["done_minutes"] * share, "pain_total": pain}


def _lot(n: ColumnElement[int]) -> ColumnElement[int]:
    """Of a person and a session: small, and much the same on every database."""
    return (n * literal_column("7919") + _ACTIVITY.c.id * literal_column("1047")) % literal_column("1009")


def _is_done(n: ColumnElement[int]) -> ColumnElement[bool]:
    """Of the first person's sessions of the last weeks those that are also another's: three of four."""
    recent = (_ACTIVITY.c.person_id == 1) & (_ACTIVITY.c.started_at >= _SINCE)
    return recent & (_lot(n) % literal_column("4") != literal_column("0"))


def _insert(
    connection: Connection,
    table: Table,
    changed: Mapping[str, ColumnElement[Any]],
    of: FromClause,
    without: str | None = None,
) -> None:
    names = [each.name for each in table.columns if each.name != without]
    columns = [changed.get(name, table.c[name]) for name in names]
    connection.execute(insert(table).from_select(names, select(*columns).select_from(of)))
