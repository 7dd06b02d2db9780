"""Accounts, the browsers that are signed in, the forms that were kept; and the units that a person reads"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from scheduler.columns import UtcDateTime

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NEVER_AGAIN = {"sqlite_autoincrement": True}  # SQLite forgets it when it makes the table anew


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False, server_default="person"),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("sealed_factor", sa.String(), nullable=True),
        sa.Column("factor_step", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("recovery", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("person_id", name=op.f("uq_account_person_id")),
        **_NEVER_AGAIN,
    )
    op.create_table(
        "sign_in",
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_account_id"), "sign_in", ["account_id"], unique=False)
    op.create_table(
        "form_sent",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("once", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("leads_to", sa.String(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("urgent", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_form_sent_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "once", name=op.f("pk_form_sent")),
    )
    with op.batch_alter_table("person", table_kwargs=_NEVER_AGAIN) as batch_op:
        batch_op.add_column(sa.Column("units", sa.String(), nullable=False, server_default="metric"))


def downgrade() -> None:
    with op.batch_alter_table("person", table_kwargs=_NEVER_AGAIN) as batch_op:
        batch_op.drop_column("units")
    for table in ("form_sent", "sign_in", "account"):
        op.drop_table(table)
