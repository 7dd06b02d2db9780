"""The tables: `nudge` says what is due to whom and why, `delivery` what became of it on each channel.

`slot` holds the places that limits grant, `suspended_address` what a channel refused for good, `task` what is deferred
on SQLite.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, Column, Connection, Enum, ForeignKey, Index, Table, UniqueConstraint, Uuid, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel

from scheduler.columns import UtcDateTime
from scheduler.ids import new_id
from scheduler.messages import Kind, Policy


class State(StrEnum):
    """Where a delivery is. The first two are open, the others final.

    pending -> leased -> sent, failed, expired, suppressed, cancelled or unknown; and from leased back to
    pending.
    """

    PENDING = "pending"  # waits for its time
    LEASED = "leased"  # a worker has it
    SENT = "sent"  # the channel took it
    FAILED = "failed"  # the channel refuses it for good, or we gave up
    EXPIRED = "expired"  # too late to be of use
    SUPPRESSED = "suppressed"  # still true, but not to be said now: the plan is locked, nothing is asked today
    CANCELLED = "cancelled"  # no longer true
    UNKNOWN = "unknown"  # may have gone out, and is not tried again


def _words(values: type[StrEnum]) -> Enum:
    """An enum kept as its values in plain text, so that a new one needs no migration."""
    return Enum(values, native_enum=False, length=16, values_callable=lambda enum: [word.value for word in enum])


class Nudge(SQLModel, table=True):
    """A message due to a recipient under a rule and a period: at most one of each.

    `recipient_id` is whatever coach calls a person, without a foreign key; `period` is the rule's own string.
    """

    __table_args__ = (UniqueConstraint("recipient_id", "rule", "period", name="uq_nudge_recipient_rule_period"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    recipient_id: str
    rule: str
    period: str
    reason: str  # why it is due, for whoever asks
    timezone: str  # IANA name; quiet hours are local
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # null: never too late
    policy: Policy = Field(sa_column=Column(_words(Policy), nullable=False))
    urgent: bool = False  # passes quiet hours, is not merged, takes no slot
    kind: Kind = Field(default=Kind.MOTIVATION, sa_column=Column(_words(Kind), nullable=False))
    rank: int = 0  # the smallest goes first
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when its recipient replied to it
    created_at: datetime = Field(sa_type=UtcDateTime)


class Delivery(SQLModel, table=True):
    """A nudge on its way to one address by one channel.

    `not_before` is where the sweep looks: the row is left alone until then, be it until it is due, until quiet hours
    end, or until the next try. It is null once the state is final. While a worker has the row, `held_until` keeps
    others off; it is in no index, for an entry that moves with each claim costs as much as the claim does.

    `intent_at` is set before a message is handed to its channel, and set back when the channel says that
    nothing went out. Where it stands, the message may have arrived.

    Deliveries that went out as one message have the same `message_id`, `title` and `text`.
    """

    __table_args__ = (
        UniqueConstraint("nudge_id", "channel", "address", name="uq_delivery_nudge_channel_address"),
        Index(
            "ix_delivery_open",
            "urgent",
            "not_before",
            sqlite_where=text("not_before IS NOT NULL"),
            postgresql_where=text("not_before IS NOT NULL"),
        ),
        Index(
            "ix_delivery_open_address",
            "address",
            sqlite_where=text("not_before IS NOT NULL"),
            postgresql_where=text("not_before IS NOT NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    nudge_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("nudge.id", name="fk_delivery_nudge", ondelete="CASCADE"), nullable=False)
    )
    channel: str
    address: str
    urgent: bool = False  # the nudge's, beside `not_before` for the index: urgent ones are taken first
    state: State = Field(default=State.PENDING, sa_column=Column(_words(State), nullable=False))
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    allowed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when quiet hours or a limit put it off
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when the lease runs out
    token: UUID | None = None  # the fence: only the worker that holds this lease may change the row
    attempts: int = 0
    resent: int = 0  # how often it was handed over again although it may have arrived
    intent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    message_id: str | None = None  # the same however often it is sent
    title: str | None = None
    text: str | None = None
    detail: str | None = None  # why it is in this state: the channel's answer, or what Prepare said


class Slot(SQLModel, table=True):
    """A place that a message took of those that a limit grants its recipient, such as `any/2026-11-05/1`.

    The key lets no second worker take the same place; a message that is sent again has its place already.
    """

    __table_args__ = (Index("ix_slot_recipient_id_taken_at", "recipient_id", "taken_at"),)

    recipient_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    nudge_id: UUID = Field(  # the first of the message
        sa_column=Column(Uuid, ForeignKey("nudge.id", name="fk_slot_nudge", ondelete="CASCADE"), nullable=False)
    )
    message_id: str
    taken_at: datetime = Field(sa_type=UtcDateTime)


class SuspendedAddress(SQLModel, table=True):
    """An address that its channel refused for good: nothing is sent there until somebody resumes it."""

    __tablename__ = "suspended_address"

    channel: str = Field(primary_key=True)
    address: str = Field(primary_key=True)
    since: datetime = Field(sa_type=UtcDateTime)
    reason: str  # the channel's


class DeferredTask(SQLModel, table=True):
    """A task that waits, or that a worker holds until `held_until`; one that is done is gone. Only SQLite has any.

    Of one key only one waits. `token` is the fence, as with deliveries.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index(
            "uq_task_key_waits",
            "key",
            unique=True,
            sqlite_where=text("held_until IS NULL"),
            postgresql_where=text("held_until IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    queue: str
    key: str | None = None
    arguments: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    run_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # null: at once
    deferred_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # null: by an older program
    attempts: int = 0
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    token: UUID | None = None


# The same for bulk statements, which the ORM runs 2 to 5 times slower.
NUDGE: Final[Table] = SQLModel.metadata.tables["nudge"]
DELIVERY: Final[Table] = SQLModel.metadata.tables["delivery"]
SLOT: Final[Table] = SQLModel.metadata.tables["slot"]
SUSPENDED: Final[Table] = SQLModel.metadata.tables["suspended_address"]
TASK: Final[Table] = SQLModel.metadata.tables["task"]

INSERT: Final[Mapping[str, Any]] = MappingProxyType({"sqlite": sqlite.insert, "postgresql": postgresql.insert})
"""Both say `ON CONFLICT`, each in words of its own."""


def connected(where: Connection | Session) -> Connection:
    return where.connection() if isinstance(where, Session) else where
