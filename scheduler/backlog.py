"""How deliveries fare, rule by rule, and how long the oldest waits: of everybody together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from scheduler.tables import DELIVERY, NUDGE, State, connected


@dataclass(slots=True)
class OfRule:
    """Deliveries under one rule.

    Attributes:
        states: how many are in each state.
        late: how many of those that were sent were late.
        worst: by how much the latest was, from when it might go.
    """

    rule: str
    states: Counter[State] = field(default_factory=Counter)
    late: int = 0
    worst: timedelta = timedelta()


def by_rule(where: Connection | Session, since: datetime, late_after: timedelta) -> Sequence[OfRule]:
    """Of nudges due since a moment; one that quiet hours or a limit put off is late from then on."""
    columns = (NUDGE.c.rule, DELIVERY.c.state, DELIVERY.c.sent_at, DELIVERY.c.allowed_at, NUDGE.c.due_at)
    rows = connected(where).execute(select(*columns).join_from(DELIVERY, NUDGE).where(NUDGE.c.due_at >= since))
    found: dict[str, OfRule] = {}
    for row in rows:
        of = found.setdefault(row.rule, OfRule(row.rule))
        of.states[row.state] += 1
        if row.state is State.SENT:
            by = row.sent_at - (row.allowed_at or row.due_at)
            of.late += by > late_after
            of.worst = max(of.worst, by)
    return [found[rule] for rule in sorted(found)]


def oldest_wait(where: Connection | Session, now: datetime) -> timedelta:
    """How long that delivery waits which might have gone the longest ago; nothing where none does."""
    statement = select(func.min(DELIVERY.c.not_before)).where(
        DELIVERY.c.not_before.is_not(None), DELIVERY.c.not_before <= now
    )
    oldest = connected(where).execute(statement).scalar_one()
    return timedelta() if oldest is None else now - oldest
