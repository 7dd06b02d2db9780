"""Work for later, and who has looked for some"""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from scheduler.columns import UtcDateTime

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_PROCRASTINATE = Path(__file__).parents[1] / "procrastinate.sql"
_AND_AWAY = """
DO $$
DECLARE made record;
BEGIN
    FOR made IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE proname LIKE 'procrastinate\\_%' AND pronamespace = current_schema()::regnamespace
    LOOP
        EXECUTE 'DROP FUNCTION ' || made.name || ' CASCADE';
    END LOOP;
END $$;
DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers;
DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_status, procrastinate_job_event_type;
"""


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("run_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.Column("token", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(
        "uq_task_key_waits",
        "task",
        ["key"],
        unique=True,
        sqlite_where=sa.text("held_until IS NULL"),
        postgresql_where=sa.text("held_until IS NULL"),
    )
    op.create_table(
        "sweep",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sweep")),
    )
    _run(_PROCRASTINATE.read_text(encoding="utf-8"))


def downgrade() -> None:
    _run(_AND_AWAY)
    op.drop_table("sweep")
    op.drop_table("task")


def _run(statements: str) -> None:
    """Many at once, on PostgreSQL: past SQLAlchemy, which would look for parameters in them."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.connection.driver_connection.execute(statements)  # type: ignore[union-attr]
