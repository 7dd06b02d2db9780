"""Leases: how long a worker holds a delivery, apart from when its time comes"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from scheduler.columns import UtcDateTime

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OPEN = sa.text("not_before IS NOT NULL")
_INDEXES = {"ix_delivery_open": ["urgent", "not_before"], "ix_delivery_open_address": ["address"]}


def upgrade() -> None:
    op.add_column("delivery", sa.Column("held_until", UtcDateTime(), nullable=True))
    op.execute("UPDATE delivery SET held_until = not_before WHERE state = 'leased'")


def downgrade() -> None:
    op.execute("UPDATE delivery SET not_before = held_until WHERE state = 'leased'")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        for name in _INDEXES:
            batch_op.drop_index(name, sqlite_where=_OPEN, postgresql_where=_OPEN)
        batch_op.drop_column("held_until")
        for name, columns in _INDEXES.items():
            batch_op.create_index(name, columns, unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN)
