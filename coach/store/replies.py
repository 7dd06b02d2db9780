"""Which links were answered: an answer that counts once is there once, however often its page is sent in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session

from coach.store.told import AnsweredLink
from scheduler.tables import NUDGE


def answered_at(session: Session, person_id: int, kind: str, subject: str) -> datetime | None:
    """When it was; None where it was not."""
    row = session.get(AnsweredLink, (person_id, kind, subject))
    return None if row is None else row.at


def note(session: Session, person_id: int, kind: str, subject: str, now: datetime) -> None:
    session.add(AnsweredLink(person_id=person_id, kind=kind, subject=subject, at=now))
    session.flush()


def note_nudge(session: Session, person_id: int, nudge_id: UUID, now: datetime) -> None:
    """That a person replied to a message of theirs; the first reply is the one that counts."""
    session.connection().execute(
        update(NUDGE)
        .where(NUDGE.c.id == nudge_id, NUDGE.c.recipient_id == str(person_id), NUDGE.c.answered_at.is_(None))
        .values(answered_at=now)
    )
