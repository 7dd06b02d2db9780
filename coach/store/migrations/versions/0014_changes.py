"""Who changed something, beside who looked: kept, as numbers, when its person is erased; and since when tasks wait"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from scheduler.columns import UtcDateTime

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("access_log") as batch:
        batch.add_column(sa.Column("by", sa.String(), nullable=False, server_default="clinician"))
        batch.add_column(sa.Column("of_account_id", sa.Integer(), nullable=True))
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        batch.drop_constraint("fk_access_log_person_id", type_="foreignkey")
    op.execute("UPDATE access_log SET by = 'administrator' WHERE what = 'link_written'")
    op.add_column("task", sa.Column("deferred_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("task", "deferred_at")
    op.execute("DELETE FROM access_log WHERE person_id IS NULL OR person_id NOT IN (SELECT id FROM person)")
    with op.batch_alter_table("access_log") as batch:
        batch.create_foreign_key("fk_access_log_person_id", "person", ["person_id"], ["id"], ondelete="CASCADE")
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("of_account_id")
        batch.drop_column("by")
