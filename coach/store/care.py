"""Who looks after whom, by whose invitation, and what they noted: tables."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field, Session, SQLModel, col, select

from coach.store.accounts import Account
from coach.store.tables import NEVER_AGAIN, Person, reference
from scheduler.columns import UtcDateTime


def _account() -> Column[int]:
    """Whoever it was; what they did stays when they go."""
    return Column(ForeignKey("account.id", ondelete="SET NULL"), nullable=True, index=True)


class Care(SQLModel, table=True):
    """A clinician's account looks after a person, since the person invited them and until either ends it."""

    __table_args__ = NEVER_AGAIN

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_column=reference("person.id"))
    account_id: int = Field(sa_column=reference("account.id"))
    since: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CareInvitation(SQLModel, table=True):
    """A person asks a clinician, by the address that they may sign in with; nobody else can use it, and nobody twice.
    Only the SHA-256 of its token is kept.
    """

    __tablename__ = "care_invitation"
    __table_args__ = NEVER_AGAIN

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_column=reference("person.id"))
    email: str
    token_sha256: str = Field(unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CareNote(SQLModel, table=True):
    """What a clinician noted of a person; clinicians who look after them read it, and so may the person."""

    __tablename__ = "care_note"
    __table_args__ = NEVER_AGAIN

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_column=reference("person.id"))
    account_id: int | None = Field(default=None, sa_column=_account())
    who: str
    at: datetime = Field(sa_type=UtcDateTime)
    text: str


def lasting(session: Session, person_id: int, account_id: int) -> Care | None:
    """That the account looks after the person now."""
    return session.exec(
        select(Care).where(Care.person_id == person_id, Care.account_id == account_id, col(Care.ended_at).is_(None))
    ).first()


def clinicians(session: Session, person_id: int) -> Sequence[tuple[Care, Account]]:
    """Who looks after a person now, the first to come first."""
    rows = session.exec(
        select(Care, Account)
        .join(Account, col(Care.account_id) == col(Account.id))
        .where(Care.person_id == person_id, col(Care.ended_at).is_(None))
        .order_by(col(Care.id))
    )
    return [(care, account) for care, account in rows]


def persons(session: Session, account_id: int) -> Sequence[Person]:
    """Whom an account looks after now, by name."""
    return session.exec(
        select(Person)
        .join(Care, col(Care.person_id) == col(Person.id))
        .where(Care.account_id == account_id, col(Care.ended_at).is_(None))
        .order_by(col(Person.name))
    ).all()


def invitation(session: Session, token_sha256: str) -> CareInvitation | None:
    return session.exec(select(CareInvitation).where(CareInvitation.token_sha256 == token_sha256)).first()


def invitations(session: Session, person_id: int, now: datetime) -> Sequence[CareInvitation]:
    """Those that wait to be used."""
    return session.exec(
        select(CareInvitation)
        .where(
            CareInvitation.person_id == person_id,
            col(CareInvitation.used_at).is_(None),
            CareInvitation.expires_at > now,
        )
        .order_by(col(CareInvitation.id))
    ).all()


def notes(session: Session, person_id: int) -> Sequence[CareNote]:
    """The latest first."""
    return session.exec(select(CareNote).where(CareNote.person_id == person_id).order_by(col(CareNote.id).desc())).all()
