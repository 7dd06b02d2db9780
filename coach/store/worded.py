"""Letters that were worded before they are due, until they go out.

One holds only as long as nothing changes that it may speak of: then the database itself drops it, whoever writes
(`coach.store.dropping`). So a letter is worded in three steps. A row is reserved, and from then on every change drops
it; what there is to say is read and put into words; and these are kept in the row, if it is still there.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, Select, bindparam, delete, exists, insert, update
from sqlalchemy import select as sql_select
from sqlmodel import Field, Session, SQLModel, col

from coach.store.asking import Asked, ask, moment
from coach.store.tables import reference
from scheduler.columns import UtcDateTime
from scheduler.ids import new_id
from scheduler.messages import Due
from scheduler.tables import DELIVERY, NUDGE, State


class WordedLetter(SQLModel, table=True):
    """What a nudge will say.

    Attributes:
        as_of: the moment as of which it is worded.
        made_by: the program, and what its links are signed with.
        token: of who reserved the row.
        content: the message; empty where it is not worded yet, or is not to be kept.
    """

    __tablename__ = "worded_letter"

    nudge_id: UUID = Field(sa_column=reference("nudge.id", primary_key=True))
    person_id: int = Field(sa_column=reference("person.id"))
    as_of: datetime = Field(sa_type=UtcDateTime, index=True)
    made_by: str
    token: UUID
    content: bytes = Field(sa_type=LargeBinary, repr=False)


_WORDED: Final = SQLModel.metadata.tables["worded_letter"]
_DUE: Final = [NUDGE.c[name] for name in Due._fields]
_WAITS: Final = exists().where(DELIVERY.c.nudge_id == NUDGE.c.id, DELIVERY.c.state == State.PENDING)
_BEGUN: Final = exists().where(col(WordedLetter.nudge_id) == NUDGE.c.id)
_CONTENT: Final = sql_select(col(WordedLetter.content)).where(
    col(WordedLetter.nudge_id) == bindparam("nudge", type_=NUDGE.c.id.type),
    col(WordedLetter.made_by) == bindparam("made_by"),
    col(WordedLetter.as_of).between(moment("since"), moment("until")),
)


def lacking(session: Session, rules: Collection[str], now: datetime, until: datetime) -> Sequence[int]:
    """The persons to whom something of these rules is due, after `now` and by `until`, that nobody has begun to
    word.
    """
    whose = sql_select(NUDGE.c.recipient_id).where(_coming(rules, now, until)).distinct()
    return sorted(int(each) for each in session.connection().scalars(whose))


def reserve(
    session: Session, person_ids: Collection[int], rules: Collection[str], now: datetime, until: datetime, made_by: str
) -> dict[UUID, Due]:
    """What of it is due to these, by tokens, from now on to be dropped by whatever changes.

    Nobody else may be writing anything of theirs (`coach.store.engine.hold`).
    """
    theirs = sql_select(*_DUE).where(NUDGE.c.recipient_id.in_(map(str, person_ids)), _coming(rules, now, until))
    dues = {new_id(): Due(*row) for row in session.connection().execute(theirs)}
    rows = [
        {
            "nudge_id": due.nudge_id,
            "person_id": int(due.recipient_id),
            "as_of": due.due_at,
            "made_by": made_by,
            "token": token,
            "content": b"",
        }
        for token, due in dues.items()
    ]
    if rows:
        session.execute(insert(WordedLetter), rows)
    return dues


_KEEP: Final = (
    update(_WORDED)
    .where(_WORDED.c.nudge_id == bindparam("nudge"), _WORDED.c.token == bindparam("own"))
    .values(content=bindparam("words"))
)


def keep(session: Session, contents: Mapping[tuple[UUID, UUID], bytes]) -> int:
    """Keep these, by nudge and token, where nothing has changed since; gives how many that were."""
    rows = [{"nudge": nudge, "own": token, "words": words} for (nudge, token), words in contents.items()]
    return session.connection().execute(_KEEP, rows).rowcount if rows else 0


def of(asked: Asked, due: Due, made_by: str, since: datetime, until: datetime) -> bytes | None:
    """What is kept of a nudge as of a moment within these; None: nothing."""
    given: dict[str, Any] = {"nudge": due.nudge_id, "made_by": made_by, "since": since, "until": until}
    return next((content for (content,) in ask(asked, _CONTENT, **given) if content), None)


def any_of(session: Session, before: datetime) -> bool:
    """Whether anything was worded as of an earlier moment."""
    return session.connection().scalar(_old(before, 1)) is not None


def let_go(session: Session, before: datetime, at_most: int) -> None:
    """Delete what was, at most so many."""
    session.execute(delete(WordedLetter).where(col(WordedLetter.nudge_id).in_(_old(before, at_most))))


def _old(before: datetime, at_most: int) -> Select[UUID]:
    return sql_select(col(WordedLetter.nudge_id)).where(col(WordedLetter.as_of) < before).limit(at_most)


def _coming(rules: Collection[str], now: datetime, until: datetime) -> ColumnElement[bool]:
    soon = (NUDGE.c.due_at > now) & (NUDGE.c.due_at <= until)
    return soon & NUDGE.c.rule.in_(sorted(rules)) & _WAITS & ~_BEGUN
