"""A migration is safe to run beside the program before it: whatever that reads and writes is still there and let in.

So what takes something away comes in two steps: a version that no longer uses it, and a later one that takes it away.
The migration of the second says `second_step_of: str = "0014"`, the newest migration of the version that let go of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Integer, String, inspect, text

from coach.store.contents import is_ours
from coach.store.engine import alembic_config, opening

FIRST = "0014"
"""Nobody runs what was before it."""


@dataclass(frozen=True)
class Seen:
    """What a program can rely on of a table; `strict`: what it refuses."""

    columns: Mapping[str, str]
    optional: frozenset[str]
    strict: frozenset[Any]


def seen(connection: Connection) -> dict[str, Seen]:
    found, looked = {}, inspect(connection)
    for table in looked.get_table_names():
        if not is_ours(table, "table", {}):
            continue
        columns = looked.get_columns(table)
        uniques = [each["column_names"] for each in looked.get_unique_constraints(table)]
        uniques += [each["column_names"] for each in looked.get_indexes(table) if each["unique"]]
        strict: set[Any] = {("unique", *each) for each in uniques}
        strict |= {
            ("refers", *each["constrained_columns"], each["referred_table"]) for each in looked.get_foreign_keys(table)
        }
        strict |= {("check", each["sqltext"]) for each in looked.get_check_constraints(table)}
        strict |= {("filled", each["name"]) for each in columns if not each["nullable"]}
        optional = {each["name"] for each in columns if each["nullable"] or each["default"] is not None}
        found[table] = Seen(
            {each["name"]: str(each["type"]) for each in columns}, frozenset(optional), frozenset(strict)
        )
    return found


def missed(before: Mapping[str, Seen], after: Mapping[str, Seen]) -> Iterator[str]:
    """What the program before would miss or be refused."""
    for table, old in before.items():
        if table not in after:
            yield f"{table} is gone"
            continue
        new = after[table]
        for name, kind in old.columns.items():
            if new.columns.get(name) != kind:
                yield f"{table}.{name} was {kind} and is {new.columns.get(name, 'gone')}"
        for name in new.columns.keys() - old.columns.keys() - new.optional:
            yield f"{table}.{name} is new, and must be filled: give it a server_default, or let it be null"
        for rule in new.strict - old.strict:
            if not (rule[0] == "filled" and rule[1] not in old.columns):
                yield f"{table} is stricter than before: {rule}"


def steps() -> list[tuple[str, str, str | None]]:
    """Each migration from the first on: from where, to where, and whose second step it is."""
    every = reversed(list(ScriptDirectory.from_config(alembic_config()).walk_revisions()))
    return [
        (str(each.down_revision), each.revision, getattr(each.module, "second_step_of", None))
        for each in every
        if each.revision >= FIRST
    ]


def test_each_migration_takes_nothing_from_the_program_before_it(empty_url):
    config = alembic_config()
    with opening(empty_url) as engine, engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, steps()[0][0])
        for _, revision, second_step_of in steps():
            before = seen(connection)
            command.upgrade(config, revision)
            if second_step_of is None:
                problems = list(missed(before, seen(connection)))
                assert not problems, f"{revision}: take it away in a second step ({__file__} says how): {problems}"
    engine.dispose()


def test_a_second_step_comes_later_than_the_first():
    numbers = [revision for _, revision, _ in steps()]
    for before, revision, second_step_of in steps():
        assert second_step_of is None or (second_step_of in numbers and second_step_of < before < revision)


BAD = {
    "a table goes": lambda do: do.drop_table("care_note"),
    "a table is renamed": lambda do: do.rename_table("care_note", "remark"),
    "a column goes": lambda do: _altered(do, lambda batch: batch.drop_column("who")),
    "a column is renamed": lambda do: _altered(do, lambda batch: batch.alter_column("who", new_column_name="by")),
    "a column is of another type": lambda do: _altered(do, lambda batch: batch.alter_column("who", type_=String(9))),
    "a new one must be filled": lambda do: _altered(
        do, lambda batch: batch.add_column(Column("mood", Integer, nullable=False))
    ),
    "an old one must be filled": lambda do: _altered(
        do, lambda batch: batch.alter_column("account_id", nullable=False, existing_type=Integer())
    ),
    "it must be unique": lambda do: do.create_index("ix_one", "care_note", ["who"], unique=True),
    "it must refer": lambda do: _altered(
        do, lambda batch: batch.create_foreign_key("fk_who", "account", ["who"], ["email"])
    ),
    "by SQL": lambda do: do.execute("ALTER TABLE care_note RENAME COLUMN who TO whoever"),
}
GOOD = {
    "a table comes": lambda do: do.create_table("mood", Column("id", Integer, primary_key=True)),
    "a column may be null": lambda do: do.add_column("care_note", Column("mood", Integer, nullable=True)),
    "a column has a default": lambda do: do.add_column(
        "care_note", Column("mood", Integer, nullable=False, server_default="1")
    ),
    "an index": lambda do: do.create_index("ix_more", "care_note", ["at"]),
    "less is asked": lambda do: _altered(
        do, lambda batch: batch.alter_column("who", nullable=True, existing_type=String())
    ),
}


def _altered(do: Operations, how: Any) -> None:
    with do.batch_alter_table("care_note") as batch:
        how(batch)


@pytest.mark.parametrize("what", [*BAD, *GOOD])
def test_what_takes_something_away_is_seen(engine, what):
    with engine.connect() as connection:
        before = seen(connection)
        (BAD | GOOD)[what](Operations(MigrationContext.configure(connection)))
        assert bool(list(missed(before, seen(connection)))) is (what in BAD)
        connection.rollback()


@pytest.mark.parametrize("step", ["0013"])
def test_what_the_program_before_writes_is_let_in(empty_url, step):
    """Its own statements, as they stood in it."""
    config = alembic_config()
    with opening(empty_url) as engine, engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, step)
        connection.execute(
            text(
                "INSERT INTO person (id, name, timezone, emergency_number, language, units, created_at)"
                " VALUES (1, 'Ada', 'UTC', '112', 'en', 'metric', '2026-01-01')"
            )
        )
        command.upgrade(config, "head")
        connection.execute(
            text(
                "INSERT INTO access_log (person_id, account_id, who, what, at)"
                " VALUES (1, NULL, 'Dr Bo', 'week', '2026-01-01')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO task (name, queue, key, arguments, run_at, attempts)"
                " VALUES ('plan', 'plan', '1', '{}', NULL, 0)"
            )
        )
        found = connection.execute(text("SELECT person_id, who, what FROM access_log WHERE person_id = 1")).all()
        assert [tuple(row) for row in found] == [(1, "Dr Bo", "week")]
    engine.dispose()
