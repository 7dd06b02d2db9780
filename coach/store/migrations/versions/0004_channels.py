"""Ways to reach a person that they added, each with its sealed URL"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from scheduler.columns import UtcDateTime

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "person_channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("sealed_url", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_channel_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_channel")),
        sa.UniqueConstraint("person_id", "number", name=op.f("uq_person_channel_person_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_person_channel_person_id"), "person_channel", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_person_channel_person_id"), "person_channel")
    op.drop_table("person_channel")
