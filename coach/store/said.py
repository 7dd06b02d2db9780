"""What a person was told before, and what they made of it: the outbox as the rules look back on it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, func, select

from coach.store.asking import Asked, ask, moment, through
from scheduler.messages import Due, Kind
from scheduler.outbox import Draft
from scheduler.tables import DELIVERY, NUDGE, Delivery, Nudge, State

_REMEMBERED: Final = 30
"""So many earlier messages of a rule: more than any rule has wordings."""

_NEVER_SENT: Final = (State.FAILED, State.EXPIRED, State.SUPPRESSED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Said:
    """The texts of a rule, the latest first.

    Attributes:
        is_worded: the first of them is the nudge's own, which went out already or was about to.
    """

    texts: list[str]
    is_worded: bool


def unposted(session: Session, recipient_id: str, drafts: Sequence[Draft]) -> list[Draft]:
    """Those of a recipient that are not in the outbox yet."""
    if not drafts:
        return []
    rows = session.exec(
        select(Nudge.rule, Nudge.period).where(
            Nudge.recipient_id == recipient_id, col(Nudge.period).in_({each.period for each in drafts})
        )
    )
    known = set(rows)
    return [each for each in drafts if (each.rule, each.period) not in known]


def last_due(session: Session, recipient_id: str, rule: str) -> datetime | None:
    """When the last nudge of a rule was due, of those that went out, may have, or still can."""
    return session.exec(
        select(func.max(Nudge.due_at))
        .join(Delivery, col(Delivery.nudge_id) == Nudge.id)
        .where(Nudge.recipient_id == recipient_id, Nudge.rule == rule, col(Delivery.state).not_in(_NEVER_SENT))
    ).one()


_DUE_AT: Final = moment("due_at")
_OWN: Final = bindparam("own", type_=NUDGE.c.id.type)
_OF_RULE: Final = (NUDGE.c.recipient_id == bindparam("recipient")) & (NUDGE.c.rule == bindparam("rule"))
_AHEAD: Final = (NUDGE.c.due_at < _DUE_AT) | ((NUDGE.c.due_at == _DUE_AT) & (NUDGE.c.id < _OWN))
_GOING: Final = (DELIVERY.c.state == State.PENDING) | (DELIVERY.c.state == State.LEASED)  # a list takes longer to say
_TEXTS: Final = (
    sql_select(NUDGE.c.id, DELIVERY.c.text)
    .join_from(DELIVERY, NUDGE)
    .where(_OF_RULE, NUDGE.c.due_at <= _DUE_AT, DELIVERY.c.text.is_not(None))
    .order_by(NUDGE.c.due_at.desc(), NUDGE.c.id.desc())
    .limit(_REMEMBERED)
)
_WAITING: Final = (
    sql_select(func.count(func.distinct(NUDGE.c.id)))
    .join_from(DELIVERY, NUDGE)
    .where(_OF_RULE, _AHEAD, DELIVERY.c.text.is_(None), _GOING)
)


def _given(due: Due) -> dict[str, Any]:
    return {"recipient": due.recipient_id, "rule": due.rule, "due_at": due.due_at, "own": due.nudge_id}


def texts(asked: Asked, due: Due) -> Said:
    """What was said of its rule before."""
    given = _given(due)
    rows = [(number == given["own"], text) for number, text in ask(asked, _TEXTS, **given) if text]
    own = [text for is_own, text in rows if is_own]
    return Said(own[:1] + [text for is_own, text in rows if not is_own], is_worded=bool(own))


def waiting_before(asked: Asked, due: Due) -> int:
    """How many of its rule go out ahead of it, and have not been worded yet."""
    ((count,),) = ask(asked, _WAITING, **_given(due))
    waiting: int = count
    return waiting


def ordinal(asked: Asked, due: Due) -> int:
    """How many of its kind come before it; the same whenever it is asked."""
    before = (col(Nudge.due_at) < due.due_at) | ((col(Nudge.due_at) == due.due_at) & (col(Nudge.id) < due.nudge_id))
    wanted = select(func.count()).where(Nudge.recipient_id == due.recipient_id, Nudge.kind == due.kind, before)
    return through(asked).execute(wanted).scalar_one()


def ignored(asked: Asked, due: Due, channels: Collection[str], count: int) -> bool:
    """Whether the last `count` of its kind, sent on channels that can reply, had no reply until they expired."""
    wanted = (
        select(Nudge.answered_at)
        .join(Delivery, col(Delivery.nudge_id) == Nudge.id)
        .where(Nudge.recipient_id == due.recipient_id, Nudge.kind == Kind(due.kind), Nudge.id != due.nudge_id)
        .where(Delivery.state == State.SENT, col(Delivery.channel).in_(list(channels)))
        .where(col(Nudge.expires_at) <= due.due_at)
        .group_by(col(Nudge.id), col(Nudge.answered_at), col(Nudge.due_at))
        .order_by(col(Nudge.due_at).desc())
        .limit(count)
    )
    replies = through(asked).execute(wanted).scalars().all()
    return len(replies) == count and all(each is None for each in replies)
