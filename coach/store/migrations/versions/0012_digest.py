"""Clinicians who want a digest on Mondays, and where it is Monday to them; looks are found by who, what and when"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("account", sa.Column("digest_zone", sa.String(), nullable=True))
    op.add_column("account", sa.Column("digest_language", sa.String(), nullable=True))
    op.create_index("ix_access_log_account_id_what_at", "access_log", ["account_id", "what", "at"])
    op.drop_index(op.f("ix_access_log_account_id"), table_name="access_log")


def downgrade() -> None:
    op.create_index(op.f("ix_access_log_account_id"), "access_log", ["account_id"])
    op.drop_index("ix_access_log_account_id_what_at", table_name="access_log")
    op.drop_column("account", "digest_language")
    op.drop_column("account", "digest_zone")
