"""Letters that were worded before they are due"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from scheduler.columns import UtcDateTime

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLE = "worded_letter"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("nudge_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("as_of", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["nudge_id"], ["nudge.id"], name=op.f("fk_worded_letter_nudge_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_worded_letter_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("nudge_id", name=op.f("pk_worded_letter")),
    )
    op.create_index(op.f("ix_worded_letter_person_id"), _TABLE, ["person_id"])
    op.create_index(op.f("ix_worded_letter_as_of"), _TABLE, ["as_of"])
    op.create_index(op.f("ix_contact_at"), "contact", ["at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_contact_at"), "contact")
    op.drop_table(_TABLE)
