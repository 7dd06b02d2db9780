"""One person's rows, copied into another database."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Engine, Select, Table, insert, literal, select
from sqlmodel import SQLModel

import scheduler.tables
from coach.store.engine import reading
from coach.store.tables import Activity, Original, Person
from coach.store.told import PersonChannel

__all__ = ["copy_person"]

_BATCH = 500


def copy_person(source: Engine, target: Engine, person_id: int) -> None:
    """Everything that is theirs, but their channels; of recordings the figures, not the files."""
    with reading(source) as session, target.begin() as connection:
        for table in SQLModel.metadata.sorted_tables:
            wanted = _theirs(table, person_id)
            if wanted is None:
                continue
            rows = [dict(row) for row in session.connection().execute(wanted).mappings()]
            for start in range(0, len(rows), _BATCH):
                connection.execute(insert(table), rows[start : start + _BATCH])


def _theirs(table: Table, person_id: int) -> Select[Any] | None:
    """Their rows of a table; None for one that belongs to nobody, or is not to be copied."""
    activities = SQLModel.metadata.tables[str(Activity.__tablename__)]
    nudges = scheduler.tables.NUDGE
    wanted = select(table)
    if table.name in {PersonChannel.__tablename__, "access_token"}:
        return None  # secrets stay where they are
    if table.name == Original.__tablename__:
        wanted = select(*(each if each.name != "content" else literal(b"").label("content") for each in table.c))
    owned: Mapping[str, Callable[[Any], Any]] = {
        "person_id": lambda column: column == person_id,
        "recipient_id": lambda column: column == str(person_id),
        "activity_id": lambda column: column.in_(select(activities.c.id).where(activities.c.person_id == person_id)),
        "nudge_id": lambda column: column.in_(select(nudges.c.id).where(nudges.c.recipient_id == str(person_id))),
    }
    if table.name == Person.__tablename__:
        return wanted.where(table.c.id == person_id)
    theirs = next((is_theirs(table.c[name]) for name, is_theirs in owned.items() if name in table.c), None)
    return None if theirs is None else wanted.where(theirs)
