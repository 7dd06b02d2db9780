"""What a person says and chooses, as tables: pain, warning signs, flares, excusals, steps, wishes, links.

Apart from `coach.store.tables`, for an import needs none of them, and to load each takes a command 4 ms.
"""

from datetime import date, datetime, time

from sqlalchemy import JSON, Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from coach.store.tables import NEVER_AGAIN, reference
from scheduler.columns import UtcDateTime


class CheckInRow(SQLModel, table=True):
    """What a person told of pain: `coach.safety.CheckIn`."""

    __tablename__ = "check_in"
    __table_args__ = (
        Index("ix_check_in_person_id_at", "person_id", "at"),
        Index("ix_check_in_activity_id_person_id", "activity_id", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_column=reference("person.id", indexed=True))
    at: datetime = Field(sa_type=UtcDateTime)
    phase: str
    pain: int | None = None
    extent: int | None = None
    numbness: bool = False
    weakness: bool = False
    shoulder: int | None = None
    activity_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("activity.id", ondelete="SET NULL"), nullable=True)
    )
    created_at: datetime = Field(sa_type=UtcDateTime)


class SignAnswers(SQLModel, table=True):
    """The warning-sign questions, answered once; `yes` holds the codes of those answered yes."""

    __tablename__ = "sign_answers"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_column=reference("person.id"))
    at: datetime = Field(sa_type=UtcDateTime)
    yes: list[str] = Field(sa_column=Column(JSON, nullable=False))


class PlanLock(SQLModel, table=True):
    """A plan that a warning sign has stopped: `coach.safety.Lock`."""

    __tablename__ = "plan_lock"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_column=reference("person.id"))
    raised_at: datetime = Field(sa_type=UtcDateTime)
    signs: list[str] = Field(sa_column=Column(JSON, nullable=False))
    cleared_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cleared_by: str | None = None
    cleared_on: date | None = None


class FlareRow(SQLModel, table=True):
    """A flare as the person said it: `coach.safety.Flare`."""

    __tablename__ = "flare"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_column=reference("person.id"))
    began_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ExcusalRow(SQLModel, table=True):
    """Days on which nothing is asked: `coach.safety.Excusal`."""

    __tablename__ = "excusal"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_column=reference("person.id"))
    kind: str
    first_day: date
    last_day: date | None = None
    said_by: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)


class StepChoice(SQLModel, table=True):
    """What a person answered when the plan's next step was offered after a week, once a week."""

    __tablename__ = "step_choice"

    person_id: int = Field(sa_column=reference("person.id", primary_key=True))
    week: str = Field(primary_key=True)  # the week that was decided, 2026-W45
    offer: str  # up, easy, back, restart
    choice: str  # accept, stay, ask
    version: int | None = None  # the plan that it made
    at: datetime = Field(sa_type=UtcDateTime)


class NudgePreference(SQLModel, table=True):
    """What a person wants of one rule of nudging: `coach.nudges.wishes.Wish`. No row: as the rule has it."""

    __tablename__ = "nudge_preference"

    person_id: int = Field(sa_column=reference("person.id", primary_key=True))
    rule: str = Field(primary_key=True)
    off: bool = False
    snoozed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    at: time | None = None  # local


class AnsweredLink(SQLModel, table=True):
    """A kind of answer and its subject, which a person has given by a link. The key lets no second one in."""

    __tablename__ = "answered_link"

    person_id: int = Field(sa_column=reference("person.id", primary_key=True))
    kind: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


class PersonChannel(SQLModel, table=True):
    """A way to reach a person that they added. Its URL holds secrets, and is sealed; the label is harmless."""

    __tablename__ = "person_channel"
    __table_args__ = (UniqueConstraint("person_id", "number"), NEVER_AGAIN)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_column=reference("person.id"))
    number: int  # what the person calls it by, from 1
    channel: str
    sealed_url: str
    label: str
    created_at: datetime = Field(sa_type=UtcDateTime)
