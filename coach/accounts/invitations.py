"""Links that let somebody in: to make an account, or to set a new password. Signed, for a while, and good once.

None is kept: a link names what was there when it was written, and is void as soon as that has changed.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from itsdangerous import BadData, URLSafeSerializer
from sqlmodel import Session

from coach.accounts.second_factor import stamp_of
from coach.errors import CoachError
from coach.store import accounts, people
from coach.store.accounts import Account
from coach.store.tables import Person, key
from config.secrets import open_secrets
from config.settings import Settings

PATH: Final = "/join/"
LASTS: Final = timedelta(days=3)

_PURPOSE: Final = "account links"


class InvitationError(CoachError):
    """It is forged, too late, or was used."""


class Kind(StrEnum):
    FIRST = "first"
    """The first account there is, of somebody who is not set up yet."""
    JOIN = "join"
    """The account of a person who has none."""
    RESET = "reset"
    """A new password for an account; its second factor goes."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """`subject`: a person's id, or an account's; 0 for the first."""

    kind: Kind
    subject: int
    stamp: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Invitations:
    """Writes and reads them. Nobody without the key can do either."""

    _signer: URLSafeSerializer

    def token(self, invitation: Invitation) -> str:
        each = invitation
        return str(self._signer.dumps([each.kind, each.subject, each.stamp, int(each.expires_at.timestamp())]))

    def read(self, session: Session, token: str, now: datetime) -> Invitation:
        """
        Raises:
            InvitationError: it is none, or none any more.
        """
        try:
            kind, subject, stamp, expires = self._signer.loads(token)
            invitation = Invitation(Kind(kind), subject, stamp, datetime.fromtimestamp(expires, UTC))
        except (BadData, ValueError, TypeError):
            raise InvitationError("forged") from None
        if now >= invitation.expires_at or _stamp(session, invitation.kind, invitation.subject) != stamp:
            raise InvitationError("over")
        return invitation


def open_invitations(settings: Settings) -> Invitations:
    """
    Raises:
        SecretsError: the key that they are signed with cannot be had.
    """
    return Invitations(open_secrets(settings).signer(_PURPOSE))


def first(session: Session, now: datetime) -> Invitation | None:
    """The one that opens an installation: for the only person there is, or for somebody who is not set up yet. None
    where somebody has an account already, or where nobody can tell whose the first should be.
    """
    if accounts.are_there(session):
        return None
    match people.everybody(session):
        case []:
            return _written(session, Kind.FIRST, 0, now)
        case [person]:
            return for_person(session, person, now)
        case _:
            return None


def for_person(session: Session, person: Person, now: datetime) -> Invitation:
    """To make their account, or, where they have one, to set a new password."""
    account = accounts.of_person(session, key(person))
    if account is None:
        return _written(session, Kind.JOIN, key(person), now)
    return for_account(session, account, now)


def for_account(session: Session, account: Account, now: datetime) -> Invitation:
    """To set a new password."""
    return _written(session, Kind.RESET, key(account), now)


def _written(session: Session, kind: Kind, subject: int, now: datetime) -> Invitation:
    stamp = _stamp(session, kind, subject)
    assert stamp is not None  # noqa: S101  (whoever asks has looked)
    return Invitation(kind, subject, stamp, now + LASTS)


def _stamp(session: Session, kind: Kind, subject: int) -> str | None:
    """What must still be so when the link is opened; None where nothing of it is there any more."""
    match kind:
        case Kind.FIRST:
            return None if accounts.are_there(session) else "nobody"
        case Kind.JOIN:
            person = session.get(Person, subject)
            return None if person is None or accounts.of_person(session, subject) else "no account"
        case Kind.RESET:
            account = session.get(Account, subject)
            return None if account is None else stamp_of(account)
