"""Alembic's entry: runs the migrations on the connection that `coach.store.engine` hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from coach.store import contents, dropping  # of all tables
from scheduler.columns import UtcDateTime


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types in a new migration as what they are."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen.imports.add("from scheduler.columns import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    include_name=contents.is_ours,
    render_item=render_item,
)
with context.begin_transaction():
    dropping.drop(connection)
    context.run_migrations()
    dropping.create(connection)
