"""Signing in and out. A browser holds a random token; here only its hash is kept, so that a copy of the database opens
nothing.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from coach.accounts.browsers import browser_of
from coach.accounts.passwords import is_right
from coach.accounts.role import Role
from coach.enrolment.details import is_address
from coach.store import accounts
from coach.store.accounts import Account, SignIn
from coach.store.tables import key

LASTS: Final = timedelta(days=30)
"""A browser stays signed in for so long after it was last used."""

_LONGEST_ADDRESS: Final = 254  # RFC 5321

# Not every look is worth a write.
_NOTED_EVERY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that is signed in, and as whom. `csrf` is what its forms bear (a token that only they can know)."""

    account_id: int
    person_id: int | None
    role: Role
    token_sha256: str = field(repr=False)
    csrf: str = field(repr=False)
    is_to_be_noted: bool = False


def known(session: Session, email: str, password: str) -> Account | None:
    """The account of these, or None; it takes the same time to find that there is none such."""
    account = accounts.of_email(session, tidy(email))
    right = is_right(password, account.password_hash if account else None)
    return account if right else None


def tidy(email: str) -> str:
    """An address as accounts go by: people do not mind blanks and capitals."""
    return email.strip().casefold()


def is_fit(email: str) -> bool:
    """Whether an account can go by it."""
    return is_address(email) and len(email) <= _LONGEST_ADDRESS


def enter(session: Session, account: Account, user_agent: str, now: datetime) -> str:
    """Sign a browser in; gives its token, which is nowhere else."""
    accounts.forget_expired(session, now)
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_sha256=_sha256(token),
            account_id=key(account),
            browser=browser_of(user_agent),
            created_at=now,
            seen_at=now,
            expires_at=now + LASTS,
        )
    )
    return token


def recognised(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Who holds a token; None where it is nobody's, or too old."""
    found = accounts.signed_in(session, _sha256(token), now)
    if found is None:
        return None
    sign_in, account = found
    return SignedIn(
        account_id=key(account),
        person_id=account.person_id,
        role=Role(account.role),
        token_sha256=sign_in.token_sha256,
        csrf=_sha256(f"forms of {token}"),
        is_to_be_noted=now - sign_in.seen_at >= _NOTED_EVERY,
    )


def note(session: Session, who: SignedIn, now: datetime) -> None:
    """It was used: it lasts on."""
    accounts.seen(session, who.token_sha256, now, now + LASTS)


def change_password(session: Session, account: Account, password_hash: str, *, but: str | None = None) -> None:
    """A new one. Browsers that came in with the one before are signed out, `but` excepted; so are tickets and links
    that were written before it, for they bear its stamp.
    """
    account.password_hash = password_hash
    session.add(account)
    accounts.sign_out_everywhere(session, key(account), but=but)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
