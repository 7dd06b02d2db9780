"""Who looked at a person, and who changed something of theirs, or of the whole: a table, and what is asked of it.

It holds no content: not what was changed, nor into what. It outlives whoever is erased, as numbers.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Select, insert, literal
from sqlalchemy import select as sql_select
from sqlmodel import Field, Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from coach.store.accounts import Account
from coach.store.acting import ACTOR, COMMAND_LINE, Actor, By
from coach.store.care import Care
from coach.store.tables import key
from scheduler.columns import UtcDateTime


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
    ASKED = "asked"
    LINK_WRITTEN = "link_written"
    ACCOUNT_MADE = "account_made"
    ROLE_GIVEN = "role_given"
    ADDRESS_CHANGED = "address_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  (a name)
    SECOND_STEP_ON = "second_step_on"
    SECOND_STEP_OFF = "second_step_off"
    CODES_RENEWED = "codes_renewed"
    SIGNED_OUT = "signed_out"
    TOKEN_MADE = "token_made"  # noqa: S105  (a name)
    TOKEN_REMOVED = "token_removed"  # noqa: S105  (a name)
    CHANNEL_ADDED = "channel_added"
    CHANNEL_REMOVED = "channel_removed"
    DETAILS_CHANGED = "details_changed"
    LABELLED = "labelled"
    DELETED = "deleted"
    EXPORTED = "exported"
    ERASED = "erased"
    BACKED_UP = "backed_up"
    RESTORED = "restored"
    LET_GO = "let_go"
    SECRETS_ROTATED = "secrets_rotated"


class AccessLog(SQLModel, table=True):
    """A look that somebody had at a person, or a change.

    Attributes:
        person_id: whose; a number alone, for they may be erased. None: nobody's in particular.
        account_id: whose account did it; None where it was none, or is gone.
        by: in which part, a `By`.
        who: as they were called then; empty where it was the person themselves, or no account.
        what: a `What`.
        of_account_id: of which account, where it is about one; a number alone.
    """

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_account_id_what_at", "account_id", "what", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, index=True)
    account_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("account.id", ondelete="SET NULL"), nullable=True)
    )
    by: str = Field(default=By.CLINICIAN, sa_column_kwargs={"server_default": By.CLINICIAN})
    who: str
    what: str
    of_account_id: int | None = None
    at: datetime = Field(sa_type=UtcDateTime)


def note(session: Session, what: What, person_id: int | None, now: datetime, *, of_account: int | None = None) -> None:
    """That whoever works with this session does this; kept with it, or not at all."""
    actor: Actor = session.info.get(ACTOR, COMMAND_LINE)
    account = None if actor.account_id is None else session.get(Account, actor.account_id)
    row = AccessLog(person_id=person_id, by=actor.by, who="", what=what, of_account_id=of_account, at=now)
    if account is not None:
        is_own = key(account) == of_account or (person_id is not None and account.person_id == person_id)
        row.account_id = account.id
        row.by = By.PERSON if is_own else By(account.role)
        row.who = "" if row.by == By.PERSON else account.name or account.email
    session.add(row)


def looks(session: Session, person_id: int, *, limit: int, before: int | None = None) -> Sequence[AccessLog]:
    """Who looked at a person or changed something, the latest first; `before` a line."""
    wanted = _latest(limit).where(AccessLog.person_id == person_id)
    return session.exec(wanted if before is None else wanted.where(col(AccessLog.id) < before)).all()


def everything(session: Session, *, limit: int, since: datetime | None, person_id: int | None) -> Sequence[AccessLog]:
    """Of everybody and everything, or of one person, the latest first."""
    wanted = _latest(limit)
    if person_id is not None:
        wanted = wanted.where(AccessLog.person_id == person_id)
    return session.exec(wanted if since is None else wanted.where(AccessLog.at >= since)).all()


def _latest(limit: int) -> SelectOfScalar[AccessLog]:
    return select(AccessLog).order_by(col(AccessLog.id).desc()).limit(limit)


def unseen_today(session: Session, account_id: int, what: str, now: datetime) -> bool:
    """Whether the account looks after somebody in whose log of the day (UTC) nothing of it stands."""
    return session.connection().execute(_unseen(account_id, what, now).limit(1)).first() is not None


def note_unseen_today(session: Session, account_id: int, who: str, what: str, now: datetime) -> None:
    """Write it into the logs in which it does not stand."""
    rows = _unseen(account_id, what, now).add_columns(
        literal(account_id), literal(who), literal(what), literal(now, UtcDateTime())
    )
    session.execute(insert(AccessLog).from_select(["person_id", "account_id", "who", "what", "at"], rows))


def _unseen(account_id: int, what: str, now: datetime) -> Select[Any]:
    """Who was seen today is looked up once, not for each: in a long log that would be as often as it has lines."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    seen = sql_select(AccessLog.person_id).where(  # type: ignore[call-overload]
        col(AccessLog.account_id) == account_id,
        col(AccessLog.what) == what,
        col(AccessLog.at) >= midnight,
        col(AccessLog.person_id).is_not(None),
    )
    unseen: Select[Any] = sql_select(Care.person_id).where(  # type: ignore[call-overload]
        col(Care.account_id) == account_id, col(Care.ended_at).is_(None), col(Care.person_id).not_in(seen)
    )
    return unseen
