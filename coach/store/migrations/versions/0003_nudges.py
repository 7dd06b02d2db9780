"""What nudges need: kind, rank and answers, slots that limits grant, suspended addresses; wishes; languages"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from scheduler.columns import UtcDateTime

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KINDS = {"R1": ("check_in", 30), "R13": ("summary", 90), "R4": ("motivation", 50), "R8": ("motivation", 90)}
_NEVER_AGAIN = {"sqlite_autoincrement": True}  # SQLite forgets it when it makes the table anew
_OPEN = sa.text("not_before IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "nudge_preference",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("snoozed_until", UtcDateTime(), nullable=True),
        sa.Column("at", sa.Time(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_nudge_preference_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "rule", name=op.f("pk_nudge_preference")),
    )
    with op.batch_alter_table("person", table_kwargs=_NEVER_AGAIN) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(), nullable=False, server_default="en"))
    op.create_table(
        "slot",
        sa.Column("recipient_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("nudge_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["nudge_id"], ["nudge.id"], name="fk_slot_nudge", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("recipient_id", "name", name=op.f("pk_slot")),
    )
    op.create_index("ix_slot_recipient_id_taken_at", "slot", ["recipient_id", "taken_at"], unique=False)
    op.create_table(
        "suspended_address",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", name=op.f("pk_suspended_address")),
    )
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(16), nullable=False, server_default="motivation"))
        batch_op.add_column(sa.Column("answered_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("rank", sa.Integer(), nullable=False, server_default="90"))
    nudge = sa.table("nudge", sa.column("rule", sa.String), sa.column("kind", sa.String), sa.column("rank", sa.Integer))
    for rule, (kind, rank) in _KINDS.items():
        op.execute(nudge.update().where(nudge.c.rule == rule).values(kind=kind, rank=rank))
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("allowed_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("resent", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.drop_index("ix_delivery_open", sqlite_where=_OPEN, postgresql_where=_OPEN)
        batch_op.create_index(
            "ix_delivery_open", ["urgent", "not_before"], unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN
        )
        batch_op.create_index(
            "ix_delivery_open_address", ["address"], unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN
        )
    op.execute("UPDATE delivery SET urgent = (SELECT urgent FROM nudge WHERE nudge.id = delivery.nudge_id)")


def downgrade() -> None:
    with op.batch_alter_table("person", table_kwargs=_NEVER_AGAIN) as batch_op:
        batch_op.drop_column("language")
    op.drop_table("nudge_preference")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_open_address", sqlite_where=_OPEN, postgresql_where=_OPEN)
        batch_op.drop_index("ix_delivery_open", sqlite_where=_OPEN, postgresql_where=_OPEN)
        batch_op.create_index(
            "ix_delivery_open", ["not_before"], unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN
        )
        batch_op.drop_column("urgent")
        batch_op.drop_column("resent")
        batch_op.drop_column("allowed_at")
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.drop_column("rank")
        batch_op.drop_column("answered_at")
        batch_op.drop_column("kind")
    op.drop_table("suspended_address")
    op.drop_index("ix_slot_recipient_id_taken_at", "slot")
    op.drop_table("slot")
