"""A clinician looks at a person: only where they look after them, and the person's access log tells it."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from coach.errors import NotFoundError
from coach.store import care
from coach.store.accounts import Account
from coach.store.care import AccessLog
from coach.store.tables import Person


class What(StrEnum):
    """What was looked at or done; its words are `text.access` of the pages."""

    CASELOAD = "caseload"
    DIGEST = "digest"
    WEEK = "week"
    REPORT = "report"
    PLAN = "plan"
    NOTES = "notes"
    PLAN_CHANGED = "plan_changed"
    LOCK_CLEARED = "lock_cleared"
    NOTED = "noted"
    INVITED = "invited"
    ENDED = "ended"
    LINK_WRITTEN = "link_written"


def look(session: Session, account: Account, person_id: int, what: What, now: datetime) -> Person:
    """The person, and the look in their log.

    Raises:
        NotFoundError: the account does not look after them; as if there was nobody of that number.
    """
    person = session.get(Person, person_id)
    if person is None or account.id is None or care.lasting(session, person_id, account.id) is None:
        raise NotFoundError("You look after nobody of that number.")
    log(session, account, person_id, what, now)
    return person


def look_at_all(session: Session, account: Account, now: datetime) -> None:
    """A look at everybody whom the account looks after: once a person and day (UTC) in their logs, in one statement."""
    if account.id is not None and care.unseen_today(session, account.id, What.CASELOAD, now):
        care.log_unseen_today(session, account.id, account.name or account.email, What.CASELOAD, now)


def log(session: Session, account: Account, person_id: int, what: What, now: datetime) -> None:
    who = account.name or account.email
    session.add(AccessLog(person_id=person_id, account_id=account.id, who=who, what=what, at=now))
