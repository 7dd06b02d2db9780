"""One person's rows, copied into another database."""

from typing import Any

from sqlalchemy import Engine, Select, Table, insert, literal, select
from sqlmodel import SQLModel

from coach.store.accounts import Account, FormSent, SignIn
from coach.store.belonging import theirs
from coach.store.care import Care, CareInvitation, CareNote
from coach.store.engine import reading
from coach.store.tables import Original
from coach.store.tokens import AccessToken
from coach.store.told import PersonChannel
from coach.store.worded import WordedLetter

__all__ = ["copy_person"]

_BATCH = 100
_STAY = {
    each.__tablename__
    for each in (PersonChannel, Account, SignIn, FormSent, AccessToken, Care, CareInvitation, CareNote, WordedLetter)
}
"""Secrets stay where they are, and what is somebody else's, too; what is worked out is worked out anew."""


def copy_person(source: Engine, target: Engine, person_id: int) -> None:
    """Everything that is theirs, but their channels and accounts; of recordings the figures, not the files."""
    with reading(source) as session, target.begin() as connection:
        for table in SQLModel.metadata.sorted_tables:
            wanted = _wanted(table, person_id)
            if wanted is None:
                continue
            rows = session.connection().execute(wanted, execution_options={"yield_per": _BATCH}).mappings()
            for some in rows.partitions():
                connection.execute(insert(table), [dict(row) for row in some])


def _wanted(table: Table, person_id: int) -> Select[Any] | None:
    """Their rows of a table; None for one that belongs to nobody, or is not to be copied."""
    whose = theirs(table, person_id)
    if whose is None or table.name in _STAY:
        return None
    if table.name == Original.__tablename__:
        return select(*(each if each.name != "content" else literal(b"").label("content") for each in table.c)).where(
            whose
        )
    return select(table).where(whose)
