"""A person invites a clinician, and ends it."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from coach.accounts.entrance import tidy
from coach.accounts.role import Role
from coach.care.looking import log
from coach.errors import CoachError, ConflictError, NotFoundError
from coach.store import care
from coach.store.access import What, note
from coach.store.accounts import Account
from coach.store.care import Care, CareInvitation
from coach.store.tables import Person, key

LASTS: Final = timedelta(days=14)
PATH: Final = "/care/"


class InvitationOverError(CoachError):
    """It was used, or taken back, or is too old, or there never was such a one."""


class OtherAddressError(CoachError):
    """It was written for another address: whoever forwarded it let nobody in."""


def invite(session: Session, person: Person, email: str, now: datetime) -> str:
    """Write an invitation for a clinician with that address; gives its token, which is nowhere else.

    Raises:
        ConflictError: they look after the person already.
    """
    address = tidy(email)
    if any(account.email == address for _, account in care.clinicians(session, key(person))):
        raise ConflictError(f"{address} looks after {person.name} already.")
    token = secrets.token_urlsafe(32)
    note(session, What.ASKED, key(person), now)
    session.add(
        CareInvitation(
            person_id=key(person),
            email=address,
            token_sha256=sha256(token),
            created_at=now,
            expires_at=now + LASTS,
        )
    )
    return token


def opened(session: Session, token: str, now: datetime) -> tuple[CareInvitation, Person]:
    """An invitation that can still be used, and whose it is.

    Raises:
        InvitationOverError: it cannot.
    """
    found = care.invitation(session, sha256(token))
    if found is None or found.used_at is not None or found.expires_at <= now:
        raise InvitationOverError
    return found, session.get_one(Person, found.person_id)


def accept(session: Session, token: str, account: Account, now: datetime) -> Person:
    """The account looks after the person from now on; the invitation is used up.

    Raises:
        InvitationOverError: it cannot be used.
        OtherAddressError: it is for another address than the account's.
    """
    found, person = opened(session, token, now)
    if found.email != account.email:
        raise OtherAddressError
    found.used_at = now
    if account.role == Role.PERSON:
        account.role = Role.CLINICIAN
        note(session, What.ROLE_GIVEN, account.person_id, now, of_account=account.id)
    if care.lasting(session, key(person), key(account)) is None:
        session.add(Care(person_id=key(person), account_id=key(account), since=now))
        log(session, account, key(person), What.INVITED, now)
    session.add_all((found, account))
    return person


def take_back(session: Session, person_id: int, invitation_id: int) -> None:
    """
    Raises:
        NotFoundError: the person has written no such invitation.
    """
    found = session.get(CareInvitation, invitation_id)
    if found is None or found.person_id != person_id:
        raise NotFoundError("There is no such invitation.")
    session.delete(found)


def end(session: Session, person_id: int, account_id: int, now: datetime) -> None:
    """The account looks after the person no more, from this moment on.

    Raises:
        NotFoundError: it does not.
    """
    found = care.lasting(session, person_id, account_id)
    if found is None:
        raise NotFoundError("They do not look after them.")
    found.ended_at = now
    session.add(found)
    log(session, session.get_one(Account, account_id), person_id, What.ENDED, now)


def sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
