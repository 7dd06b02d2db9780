"""People, plans and what they did, as tables. `coach.store.told` and scheduler have more; one Alembic history has all.

An activity's per-second data has no table: the original file is the store, and is decoded when looked at.
"""

from datetime import date, datetime
from typing import Any, Final, Protocol

from sqlalchemy import JSON, Column, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from scheduler.columns import UtcDateTime


def reference(
    target: str, *, primary_key: bool = False, nullable: bool = False, unique: bool | None = None, indexed: bool = False
) -> Any:
    """A foreign key whose rows go with what they belong to. `indexed`: an index of the table's own begins with it."""
    index = not (primary_key or unique or indexed)
    return Column(
        ForeignKey(target, ondelete="CASCADE"), primary_key=primary_key, nullable=nullable, index=index, unique=unique
    )


# A person, an activity and a channel are known by their ids where no foreign key leads: in nudges. SQLite would give
# the id of one that is gone to the next that comes, and with it messages that were another's.
NEVER_AGAIN: Final = {"sqlite_autoincrement": True}


class _Numbered(Protocol):
    @property
    def id(self) -> int | None: ...


def key(row: _Numbered) -> int:
    """The id of a row that is in the database; only a row that is not there yet has none."""
    if row.id is None:
        raise ValueError(f"{type(row).__name__} is not in the database yet")
    return row.id


class Person(SQLModel, table=True):
    """Whom a plan is for. `timezone` is an IANA name."""

    __table_args__ = NEVER_AGAIN

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    email: str | None = None
    timezone: str
    birth_year: int | None = None
    resting_heart_rate_bpm: int | None = None
    max_heart_rate_bpm: int | None = None  # as measured; null: 220 less the age
    emergency_number: str = "112"
    language: str = Field(default="en", sa_column_kwargs={"server_default": "en"})  # of messages and letters
    units: str = Field(default="metric", sa_column_kwargs={"server_default": "metric"})  # or imperial
    created_at: datetime = Field(sa_type=UtcDateTime)


class PlanVersion(SQLModel, table=True):
    """A plan as it was from a day on. Never edited: a change is a new version."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("person_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_column=reference("person.id"))
    version: int
    starts_on: date
    document: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=UtcDateTime)


class Original(SQLModel, table=True):
    """A file as it came, zlib-compressed, once a person and content. One without content was deleted, or, where it has
    its size still, let go: it is known by its hash, and does not come again.
    """

    __table_args__ = (UniqueConstraint("person_id", "sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_column=reference("person.id"))
    sha256: str
    size: int
    damage: str | None = None  # what could not be read of it
    received_at: datetime = Field(sa_type=UtcDateTime)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Activity(SQLModel, table=True):
    """A session of a person. `timezone` is the zone it was judged in; `exercise` is null for sports of no plan.

    One without an original was entered by hand: a self-report.
    """

    __table_args__ = (Index("ix_activity_person_id_started_at", "person_id", "started_at"), NEVER_AGAIN)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_column=reference("person.id", indexed=True))
    original_id: int | None = Field(default=None, sa_column=reference("original.id", nullable=True))
    part: int = 0  # which recording of the original, from 0
    sport: str
    sub_sport: str | None = None
    exercise: str | None = None
    exercise_reason: str
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime = Field(sa_type=UtcDateTime)
    timezone: str
    manufacturer: str | None = None
    product: str | None = None
    records: int
    lengths: int
    active_lengths: int
    pool_length_m: float | None = None
    exertion: float | None = None  # Borg CR10, as the person told the device
    feeling: float | None = None  # 0 very weak to 100 very strong, likewise
    notes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    algorithm: int = Field(default=1, sa_column_kwargs={"server_default": "1"})  # `coach.effort.ALGORITHM` at the time
    received_at: datetime = Field(sa_type=UtcDateTime)


class ActivityTotals(SQLModel, table=True):
    """A session in one line, as the device says (`device`) and as we work it out (`coach`). Null is not known."""

    __tablename__ = "activity_totals"

    activity_id: int = Field(sa_column=reference("activity.id", primary_key=True))
    source: str = Field(primary_key=True)
    elapsed_s: float | None = None
    timer_s: float | None = None
    moving_s: float | None = None
    distance_m: float | None = None
    ascent_m: float | None = None
    avg_heart_rate_bpm: float | None = None
    max_heart_rate_bpm: float | None = None
    avg_cadence_rpm: float | None = None
    avg_power_w: float | None = None


class ActivityEffort(SQLModel, table=True):
    """Where one predicate holds in an activity: `[[from, to], ...]` in seconds, and why elsewhere it does not."""

    __tablename__ = "activity_effort"

    activity_id: int = Field(sa_column=reference("activity.id", primary_key=True))
    predicate: str = Field(primary_key=True)
    spans: list[list[float]] = Field(sa_column=Column(JSON, nullable=False))
    excluded: list[list[Any]] = Field(sa_column=Column(JSON, nullable=False))
    note: str | None = None


class Contact(SQLModel, table=True):
    """When a source was last heard, also if it brought nothing: an import, a sync, an upload."""

    person_id: int = Field(sa_column=reference("person.id", primary_key=True))
    source: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class ActivityLabel(SQLModel, table=True):
    """What no sensor knows, and the person said of an activity; it outranks what was recorded."""

    __tablename__ = "activity_label"

    activity_id: int = Field(sa_column=reference("activity.id", primary_key=True))
    exercise: str | None = None
    water_c: float | None = None
    borg: int | None = None  # effort, 6-20
    said_at: datetime = Field(sa_type=UtcDateTime)
