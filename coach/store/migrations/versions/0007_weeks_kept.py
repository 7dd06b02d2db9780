"""What closed weeks came to, kept"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from scheduler.columns import UtcDateTime

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "kept_week",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("band", sa.String(), nullable=True),
        sa.Column("mornings", sa.Integer(), nullable=False),
        sa.Column("pain_total", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("asked_minutes", sa.Integer(), nullable=False),
        sa.Column("done_minutes", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kept_week_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "monday", name=op.f("pk_kept_week")),
    )


def downgrade() -> None:
    op.drop_table("kept_week")
