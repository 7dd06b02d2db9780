"""The two tables: `nudge` says what is due to whom and why, `delivery` what became of it on each channel."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Column, Enum, ForeignKey, Index, Table, UniqueConstraint, Uuid, text
from sqlmodel import Field, SQLModel

from scheduler.columns import UtcDateTime
from scheduler.messages import Policy


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

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    recipient_id: str
    rule: str
    period: str
    reason: str  # why it is due, for whoever asks
    timezone: str  # IANA name; quiet hours are local
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # null: never too late
    policy: Policy = Field(sa_column=Column(_words(Policy), nullable=False))
    urgent: bool = False  # passes quiet hours
    created_at: datetime = Field(sa_type=UtcDateTime)


class Delivery(SQLModel, table=True):
    """A nudge on its way to one address by one channel.

    `not_before` is all that the sweep looks at: the row is left alone until then, be it until it is due,
    until quiet hours end, until the next try, or until a lease runs out. It is null once the state is final.

    `intent_at` is set before a message is handed to its channel, and set back when the channel says that
    nothing went out. Where it stands, the message may have arrived.
    """

    __table_args__ = (
        UniqueConstraint("nudge_id", "channel", "address", name="uq_delivery_nudge_channel_address"),
        Index(
            "ix_delivery_open",
            "not_before",
            sqlite_where=text("not_before IS NOT NULL"),
            postgresql_where=text("not_before IS NOT NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    nudge_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("nudge.id", name="fk_delivery_nudge", ondelete="CASCADE"), nullable=False)
    )
    channel: str
    address: str
    state: State = Field(default=State.PENDING, sa_column=Column(_words(State), nullable=False))
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    token: UUID | None = None  # the fence: only the worker that holds this lease may change the row
    attempts: int = 0
    intent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    message_id: str | None = None  # the same however often it is sent
    title: str | None = None
    text: str | None = None
    detail: str | None = None  # why it is in this state: the channel's answer, or what Prepare said


# The same two for bulk statements, which the ORM runs 2 to 5 times slower.
NUDGE: Final[Table] = SQLModel.metadata.tables["nudge"]
DELIVERY: Final[Table] = SQLModel.metadata.tables["delivery"]
