"""Who may sign in, where they have, and which of their forms have been kept: tables, and what is asked of them.

Apart from `coach.store.tables`, for only the pages need them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import JSON, Column, bindparam
from sqlmodel import Field, Session, SQLModel, col, delete, func, select, update

from coach.store.asking import SINCE
from coach.store.tables import NEVER_AGAIN, Person, reference
from scheduler.columns import UtcDateTime

# A page that was left open overnight may be sent again; who keeps it for longer sees what they have sent.
_SENT_IS_KEPT: Final = timedelta(days=2)


class Account(SQLModel, table=True):
    """Who signs in, by an e-mail address in lower case. A person's goes with the person."""

    __table_args__ = NEVER_AGAIN

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    name: str | None = None  # how persons know a clinician
    password_hash: str
    role: str = Field(default="person", sa_column_kwargs={"server_default": "person"})
    person_id: int | None = Field(default=None, sa_column=reference("person.id", nullable=True, unique=True))
    sealed_factor: str | None = None  # what the second factor's codes are made of, sealed; null: there is none
    factor_step: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # the last 30 s whose code was taken
    recovery: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))
    digest_zone: str | None = None  # where it is Monday to a clinician who wants a digest; null: they want none
    digest_language: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)


class SignIn(SQLModel, table=True):
    """A browser that is signed in. Its cookie is not kept here, only the SHA-256 of it."""

    __tablename__ = "sign_in"

    token_sha256: str = Field(primary_key=True)
    account_id: int = Field(sa_column=reference("account.id"))
    browser: str  # as people call it: Firefox, Android
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class FormSent(SQLModel, table=True):
    """A form that was kept, by the number that it was shown with, and its answer: a second click gets that too."""

    __tablename__ = "form_sent"

    account_id: int = Field(sa_column=reference("account.id", primary_key=True))
    once: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    leads_to: str
    lines: list[str] = Field(sa_column=Column(JSON, nullable=False))
    urgent: list[str] = Field(sa_column=Column(JSON, nullable=False))


def of_email(session: Session, email: str) -> Account | None:
    return session.exec(select(Account).where(Account.email == email)).first()


def of_person(session: Session, person_id: int) -> Account | None:
    return session.exec(select(Account).where(Account.person_id == person_id)).first()


def everybody(session: Session) -> Sequence[tuple[Account, Person | None]]:
    """Every account, oldest first, with its person."""
    rows = session.exec(
        select(Account, Person)
        .join(Person, col(Account.person_id) == col(Person.id), isouter=True)
        .order_by(col(Account.id))
    )
    return [(account, person) for account, person in rows]


def are_there(session: Session) -> bool:
    return session.exec(select(func.count()).select_from(Account)).one() > 0


_SIGNED_IN: Final = (
    select(SignIn, Account)
    .join(Account, col(SignIn.account_id) == col(Account.id))
    .where(col(SignIn.token_sha256) == bindparam("token"), col(SignIn.expires_at) > SINCE)
)


def signed_in(session: Session, token_sha256: str, now: datetime) -> tuple[SignIn, Account] | None:
    """Who holds a cookie, unless it is too old."""
    return session.exec(_SIGNED_IN, params={"token": token_sha256, "since": now}).first()


def sign_ins(session: Session, account_id: int, now: datetime) -> Sequence[SignIn]:
    """Where they are signed in, the last used first."""
    return session.exec(
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.expires_at > now)
        .order_by(col(SignIn.seen_at).desc())
    ).all()


def seen(session: Session, token_sha256: str, now: datetime, until: datetime) -> None:
    session.exec(update(SignIn).where(col(SignIn.token_sha256) == token_sha256).values(seen_at=now, expires_at=until))


def last_seen(session: Session) -> dict[int, datetime]:
    """When each account was last looked in with, by its number; without those who are signed in nowhere."""
    rows = session.exec(select(SignIn.account_id, func.max(SignIn.seen_at)).group_by(col(SignIn.account_id)))
    return dict(rows.all())


def sign_out(session: Session, token_sha256: str) -> None:
    session.exec(delete(SignIn).where(col(SignIn.token_sha256) == token_sha256))


def sign_out_everywhere(session: Session, account_id: int, *, but: str | None = None) -> None:
    """All browsers; with `but` all others."""
    session.exec(delete(SignIn).where(col(SignIn.account_id) == account_id, col(SignIn.token_sha256) != (but or "")))


def forget_expired(session: Session, now: datetime) -> None:
    session.exec(delete(SignIn).where(col(SignIn.expires_at) <= now))
    session.exec(delete(FormSent).where(col(FormSent.at) <= now - _SENT_IS_KEPT))


def sent(session: Session, account_id: int, once: str) -> FormSent | None:
    return session.get(FormSent, (account_id, once))
