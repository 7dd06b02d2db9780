"""Who has looked for work, when, and how far: where several sweep one database, each time one of them does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import JSON, Column, Engine
from sqlmodel import Field, Session, SQLModel, select

from scheduler.columns import UtcDateTime
from scheduler.tables import INSERT


class Sweep(SQLModel, table=True):
    """A look for work that comes again and again. `state`: what the next one goes on from."""

    __tablename__ = "sweep"

    name: str = Field(primary_key=True)
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # null: there was none yet
    state: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


@contextmanager
def mine(engine: Engine, name: str, now: datetime, every: timedelta) -> Iterator[tuple[Session, Sweep] | None]:
    """A look, with the transaction that its work is deferred in; None where another makes it now, or has just made it.

    What is set of the sweep is kept with that work, or neither. Whoever is killed leaves the look to the next.
    """
    with Session(engine) as session, session.begin():
        session.execute(INSERT[engine.dialect.name](Sweep).values(name=name, state={}).on_conflict_do_nothing())
        sweep = session.exec(select(Sweep).where(Sweep.name == name).with_for_update(skip_locked=True)).first()
        if sweep is None or _is_fresh(sweep, now, every):
            yield None
            return
        sweep.at = now
        yield session, sweep


# As far as the clocks of two machines may differ: whose is ahead looks, and no more is looked at than by one.
_SKEW: Final = timedelta(minutes=5)

# Two that look once a minute look, together, no more often than that; yet neither waits for a minute to be quite full.
_SLACK: Final = 0.75


def _is_fresh(sweep: Sweep, now: datetime, every: timedelta) -> bool:
    return sweep.at is not None and now - _SLACK * every < sweep.at <= now + _SKEW
