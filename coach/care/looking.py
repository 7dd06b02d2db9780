"""A clinician looks at a person: only where they look after them, and the person's access log tells it."""

from datetime import datetime

from sqlmodel import Session

from coach.errors import NotFoundError
from coach.store import access, care
from coach.store.access import AccessLog, What
from coach.store.accounts import Account
from coach.store.acting import By
from coach.store.tables import Person


def look(session: Session, account: Account, person_id: int, what: What, now: datetime) -> Person:
    """The person, and the look in their log.

    Raises:
        NotFoundError: the account does not look after them; as if there was nobody of that number.
    """
    person = looked_after(session, account, person_id)
    log(session, account, person_id, what, now)
    return person


def looked_after(session: Session, account: Account, person_id: int) -> Person:
    """The person, for what is written into their log where it is done.

    Raises:
        NotFoundError: as `look`.
    """
    person = session.get(Person, person_id)
    if person is None or account.id is None or care.lasting(session, person_id, account.id) is None:
        raise NotFoundError("You look after nobody of that number.")
    return person


def look_at_all(session: Session, account: Account, now: datetime) -> None:
    """A look at everybody whom the account looks after: once a person and day (UTC) in their logs, in one statement."""
    if account.id is not None and access.unseen_today(session, account.id, What.CASELOAD, now):
        access.note_unseen_today(session, account.id, account.name or account.email, What.CASELOAD, now)


def log(session: Session, account: Account, person_id: int, what: What, now: datetime) -> None:
    """That this account did, whoever works with the session."""
    who, by = account.name or account.email, By(account.role)
    session.add(AccessLog(person_id=person_id, account_id=account.id, by=by, who=who, what=what, at=now))
