"""One Alembic history for coach's and scheduler's tables."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel, select

import coach.store.accounts
import coach.store.care
import coach.store.kept
import coach.store.tokens
import coach.store.told
import scheduler.tables
from coach.errors import DatabaseError
from coach.store.contents import is_ours
from coach.store.engine import HEAD, alembic_config, open_database, open_passing, opening, schema_version, writing
from coach.store.tables import Person, PlanVersion

TABLES = {
    *("person", "plan_version", "original", "activity", "activity_totals", "activity_effort", "contact"),
    *("activity_label", "check_in", "sign_answers", "plan_lock", "flare", "excusal", "step_choice"),
    *("answered_link", "account", "sign_in", "form_sent", "kept_week", "access_token"),
    *("care", "care_invitation", "access_log", "care_note"),
    *("nudge", "delivery", "slot", "suspended_address", "nudge_preference", "person_channel"),
    *("task", "sweep", "worded_letter"),
}


@pytest.fixture
def url(empty_url: str) -> str:
    return empty_url


def test_the_tables_are_those_of_both_packages():
    assert set(SQLModel.metadata.tables) == TABLES
    assert {coach.store.tables.Person.__tablename__, scheduler.tables.Nudge.__tablename__} <= TABLES


def test_head_is_the_newest_migration():
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [HEAD]


def test_every_table_has_a_migration(engine: Engine):
    with engine.connect() as connection:
        there = {name for name in inspect(connection).get_table_names() if is_ours(name, "table", {})}
        assert there == TABLES | {"alembic_version"}
        opts = {"compare_type": True, "render_as_batch": True, "include_name": is_ours}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_later_migration_can_name_every_constraint(engine: Engine):
    with engine.connect() as connection:
        seen = inspect(connection)
        for table in TABLES:
            for constraint in (*seen.get_foreign_keys(table), *seen.get_unique_constraints(table)):
                assert constraint["name"], f"{table}: {constraint}"


def test_a_later_migration_can_change_a_constraint(engine: Engine):
    from alembic.operations import Operations

    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("person") as batch:
            batch.drop_constraint("uq_person_name", type_="unique")
    with engine.connect() as connection:
        assert inspect(connection).get_unique_constraints("person") == []


def test_down_and_up_again(engine: Engine, backend: str):
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
        if backend == "postgresql":
            for left in ("proname FROM pg_proc WHERE proname", "typname FROM pg_type WHERE typname"):
                found = connection.execute(text(f"SELECT {left} LIKE 'procrastinate\\_%'"))
                assert found.scalars().all() == []
    assert schema_version(engine) is None
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    assert schema_version(engine) == HEAD


@pytest.mark.postgresql
def test_procrastinates_schema_is_that_of_the_program_that_uses_it(engine: Engine):
    """A newer one that brings another needs a migration of ours."""
    from procrastinate.schema import SchemaManager

    ours = (Path(coach.store.__file__).parent / "migrations" / "procrastinate.sql").read_text(encoding="utf-8")
    assert ours.endswith(SchemaManager.get_schema())
    with engine.connect() as connection:
        made = connection.execute(text("SELECT DISTINCT proname FROM pg_proc WHERE proname LIKE 'procrastinate\\_%'"))
        assert set(made.scalars()) == set(re.findall(r"CREATE FUNCTION (\w+)", ours))


def test_opening_again_changes_nothing(url: str, engine: Engine):
    with writing(engine, None) as session:
        session.add(Person(name="Ada", timezone="UTC", created_at=datetime(2026, 1, 1, tzinfo=UTC)))
    open_database(url).dispose()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT name FROM person")) == "Ada"


def test_a_newer_programs_database_is_left_alone(url: str, engine: Engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match=r"version 9999.*newer program"):
        open_database(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_a_migration_that_fails_leaves_nothing(url: str, monkeypatch):
    """Killed or failed half-way, a first start begins anew."""
    from alembic.operations import Operations

    create, seen = Operations.create_table, []

    def fail_at_the_third(self, name, *args, **kwargs):
        seen.append(name)
        if len(seen) == 3:
            raise OSError("no space left")
        return create(self, name, *args, **kwargs)

    monkeypatch.setattr(Operations, "create_table", fail_at_the_third)
    with pytest.raises(DatabaseError, match="no space left"):
        open_database(url)
    monkeypatch.undo()
    engine = open_database(url)
    assert schema_version(engine) == HEAD
    engine.dispose()


def test_first_starts_at_the_same_moment_share_one_database(url: str, backend: str):
    program = f"from coach.store.engine import open_database; print(open_database({url!r}).dialect.name)"
    starts = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    ends = [start.communicate(timeout=60) for start in starts]
    assert [(start.returncode, *end) for start, end in zip(starts, ends, strict=True)] == [(0, f"{backend}\n", "")] * 4


def test_a_lease_stays_one_up_and_down(url: str):
    """Until 0008 it was the time before which nobody looks at the row again."""
    config = alembic_config()
    numbers = {
        state: f"00000000-0000-0000-0000-00000000000{number}" for number, state in enumerate(("leased", "pending"))
    }
    with opening(url) as engine, engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        columns = "id, recipient_id, rule, period, reason, timezone, due_at, policy, urgent, kind, rank, created_at"
        values = (
            f"'{numbers['leased']}', 'p', 'R', '1', '', 'UTC', '2026-01-01', 'resend', false, 'urge', 1, '2026-01-01'"
        )
        connection.exec_driver_sql(f"INSERT INTO nudge ({columns}) VALUES ({values})")  # noqa: S608
        columns = "id, nudge_id, channel, address, urgent, state, not_before, attempts, resent"
        for state, number in numbers.items():
            values = f"'{number}', '{numbers['leased']}', 'c', '{state}', false, '{state}', '2026-01-01', 1, 0"
            connection.exec_driver_sql(f"INSERT INTO delivery ({columns}) VALUES ({values})")  # noqa: S608

        def which(column: str, day: str) -> list[str]:
            """Of which deliveries a moment is that day."""
            asked = f"SELECT state FROM delivery WHERE {column} = '{day}' ORDER BY state"  # noqa: S608
            return list(connection.execute(text(asked)).scalars())

        command.upgrade(config, "0008")
        assert which("not_before", "2026-01-01") == ["leased", "pending"]
        assert which("held_until", "2026-01-01") == ["leased"]
        connection.exec_driver_sql("UPDATE delivery SET held_until = '2027-01-01' WHERE state = 'leased'")
        command.downgrade(config, "0007")
        assert which("not_before", "2027-01-01") == ["leased"]
        assert which("not_before", "2026-01-01") == ["pending"]
    engine.dispose()


def test_a_database_of_the_first_version_keeps_what_it_holds(url: str, backend: str):
    config = alembic_config()
    plan = '{"prescriptions": [{"planned_days": [0, 3]}, {"planned_days": null}]}'
    with opening(url) as engine, engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in (
            "INSERT INTO person VALUES (1, 'Ada', NULL, 'UTC', NULL, NULL, '112', '2026-01-01')",
            f"INSERT INTO plan_version VALUES (1, 1, 1, '2026-01-01', '{plan}', '2026-01-01')",  # noqa: S608
            "INSERT INTO original VALUES (1, 1, 'ab', 1, NULL, '2026-01-01', '0')",
            (
                "INSERT INTO activity VALUES (7, 1, 1, 0, 'walk', NULL, NULL, '', '2026-01-01', '2026-01-01', '',"
                " NULL, NULL, 0, 0, 0, NULL, NULL, NULL, '[]', '2026-01-01')"
            ),
            "INSERT INTO activity_effort VALUES (7, 'moving', '[]', '[]', NULL)",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    upgraded = open_database(url)
    with upgraded.connect() as connection:
        assert connection.scalar(text("SELECT activity_id FROM activity_effort")) == 7
        assert connection.scalar(text("SELECT algorithm FROM activity")) == 1
        document = connection.scalar(select(PlanVersion.document))
        assert [each["planned"] for each in document["prescriptions"]] == [["mon", "thu"], None]
        if backend == "sqlite":
            made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'activity'"))
            assert "AUTOINCREMENT" in made
    upgraded.dispose()


@pytest.mark.sqlite
def test_a_passing_database_is_made_as_migrations_make_one(tmp_path):
    made = text("SELECT type, name FROM sqlite_master WHERE tbl_name != 'alembic_version' ORDER BY type, name")
    migrated, passing = open_database(f"sqlite:///{tmp_path / 'migrated.db'}"), open_passing(tmp_path / "passing.db")
    with migrated.connect() as one, passing.connect() as other:
        assert other.execute(made).all() == one.execute(made).all()
        assert any(kind == "trigger" for kind, _ in other.execute(made))
