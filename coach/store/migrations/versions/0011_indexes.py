"""What a person did and told is found by who and when"""

from collections.abc import Sequence

from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_activity_person_id_started_at", "activity", ["person_id", "started_at"])
    op.drop_index(op.f("ix_activity_person_id"), table_name="activity")
    op.drop_index(op.f("ix_activity_started_at"), table_name="activity")
    op.create_index("ix_check_in_person_id_at", "check_in", ["person_id", "at"])
    op.drop_index(op.f("ix_check_in_person_id"), table_name="check_in")
    op.create_index("ix_check_in_activity_id_person_id", "check_in", ["activity_id", "person_id"])


def downgrade() -> None:
    op.drop_index("ix_check_in_activity_id_person_id", table_name="check_in")
    op.create_index(op.f("ix_check_in_person_id"), "check_in", ["person_id"])
    op.drop_index("ix_check_in_person_id_at", table_name="check_in")
    op.create_index(op.f("ix_activity_started_at"), "activity", ["started_at"])
    op.create_index(op.f("ix_activity_person_id"), "activity", ["person_id"])
    op.drop_index("ix_activity_person_id_started_at", table_name="activity")
