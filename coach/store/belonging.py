"""Which rows are a person's. The tables themselves tell it, so that a new one cannot be forgotten."""

from typing import Final

from sqlalchemy import ColumnElement, Table, select

from coach.store.tables import Person

OUTLIVES: Final = frozenset({"access_log"})
"""It knows persons as numbers alone, and is kept when they are erased."""


def theirs(table: Table, person_id: int) -> ColumnElement[bool] | None:
    """What holds of a person's rows in a table; None for one whose rows are nobody's, or outlive them.

    Theirs are those that name them, as `person_id` or (as text) `recipient_id`, and those that refer to such rows.
    """
    if table.name in OUTLIVES:
        return None
    if table.name == Person.__tablename__:
        return table.c.id == person_id
    if "person_id" in table.c:
        return table.c.person_id == person_id
    if "recipient_id" in table.c:
        return table.c.recipient_id == str(person_id)
    for reference in sorted(table.foreign_keys, key=lambda each: each.target_fullname):
        if (above := theirs(reference.column.table, person_id)) is not None:
            return reference.parent.in_(select(reference.column).where(above))
    return None
