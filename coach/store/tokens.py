"""Which programs may ask in a person's name: a table, and what is asked of it. Only a token's hash is kept."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, select, update

from coach.errors import NotFoundError
from coach.store.access import What, note
from coach.store.tables import NEVER_AGAIN, Person, reference
from scheduler.columns import UtcDateTime


class AccessToken(SQLModel, table=True):
    """What a program shows to be let in, by its SHA-256. It goes with its person."""

    __tablename__ = "access_token"
    __table_args__ = NEVER_AGAIN

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_column=reference("person.id"))
    name: str
    token_sha256: str = Field(unique=True)
    scopes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def of_person(session: Session, person_id: int) -> Sequence[AccessToken]:
    """Those that are not revoked, also where they have expired; oldest first."""
    return session.exec(
        select(AccessToken).where(AccessToken.person_id == person_id).order_by(col(AccessToken.id))
    ).all()


def good(session: Session, token_sha256: str, now: datetime) -> tuple[AccessToken, Person] | None:
    """Who comes with a token, unless it has expired."""
    return session.exec(
        select(AccessToken, Person)
        .join(Person, col(AccessToken.person_id) == col(Person.id))
        .where(AccessToken.token_sha256 == token_sha256, AccessToken.expires_at > now)
    ).first()


def used(session: Session, number: int, now: datetime) -> None:
    session.exec(update(AccessToken).where(col(AccessToken.id) == number).values(used_at=now))


def remove(session: Session, person_id: int, number: int, now: datetime) -> AccessToken:
    """
    Raises:
        NotFoundError: the person has no such token.
    """
    row = session.exec(select(AccessToken).where(AccessToken.person_id == person_id, AccessToken.id == number)).first()
    if row is None:
        raise NotFoundError(f"There is no token {number}. `coach tokens` lists them.")
    note(session, What.TOKEN_REMOVED, person_id, now)
    session.delete(row)
    return row
