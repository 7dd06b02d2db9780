"""`Dossier`: a person's record between two days, as a value, for whatever is made of it to take elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from coach.effort.model import Effort, Predicate
from coach.plan.model import Plan
from coach.safety.model import Answers, CheckIn, Excusal, Flare, Lock
from coach.weeks import day_of
from devices.recording import Totals

if TYPE_CHECKING:  # a judged week is only looked at; this room knows no store
    from coach.judgement import JudgedWeek

NAMESPACE = UUID("6f0c1c1e-5c0e-5d4b-9a53-0b1d6a2f7c11")
"""Of every id in a document. Never change it: whoever keeps an earlier export knows its resources by these ids."""


@dataclass(frozen=True, slots=True)
class Whom:
    """The person. `pseudonym` stands for them where their name does not."""

    pseudonym: UUID
    name: str
    zone: ZoneInfo
    known_since: datetime
    birth_year: int | None = None
    resting_heart_rate_bpm: int | None = None
    max_heart_rate_bpm: int | None = None
    emergency_number: str | None = None

    def id_of(self, kind: str, *parts: object) -> UUID:
        """The id of something of theirs: the same in every export."""
        return uuid5(self.pseudonym, "/".join(map(str, (kind, *parts))))


def pseudonym(person_id: int, known_since: datetime) -> UUID:
    """Of a person by what does not tell who they are: the microsecond in which they were set up."""
    return uuid5(NAMESPACE, f"{person_id}/{known_since.timestamp():.6f}")


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A plan, in force from `plan.starts_on` to the day before a later one starts (`until`; None: none does)."""

    number: int
    plan: Plan
    created_at: datetime
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """What no sensor knows, and the person said of an activity."""

    said_at: datetime
    exercise: str | None = None
    water_c: float | None = None
    borg: int | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """A session as it is stored. Times in `efforts` are seconds from `started_at`.

    Attributes:
        totals: the device's (`device`) and our own (`coach`), never mixed.
        sha256: of the file it came from; None where it was entered by hand.
        algorithm: the way of measuring that its efforts came from.
    """

    number: int
    sport: str
    started_at: datetime
    ended_at: datetime
    timezone: str
    received_at: datetime
    sub_sport: str | None = None
    exercise: str | None = None
    exercise_reason: str = ""
    sha256: str | None = None
    damage: str | None = None
    part: int = 0
    device: str | None = None
    records: int = 0
    lengths: int = 0
    active_lengths: int = 0
    pool_length_m: float | None = None
    exertion: float | None = None
    feeling: float | None = None
    notes: Sequence[str] = ()
    algorithm: int = 1
    totals: Mapping[str, Totals] = field(default_factory=dict)
    efforts: Mapping[Predicate, Effort] = field(default_factory=dict)
    label: Label | None = None

    @property
    def self_reported(self) -> bool:
        return self.sha256 is None

    def day(self, zone: ZoneInfo) -> date:
        return day_of(self.started_at, zone)

    def best(self, name: str) -> float | None:
        """The device's figure, ours where it gave none."""
        told = (getattr(self.totals.get(source), name, None) for source in ("device", "coach"))
        return next((value for value in told if value is not None), None)


def known(effort: Effort) -> bool:
    """Whether the recording could answer at all; where it could not, its note says so, and no minutes are not 0."""
    head, told, _ = (effort.note or "").partition(":")
    return bool(effort.spans) or not (told and head.endswith((" unavailable", " unknown")))


@dataclass(frozen=True, slots=True)
class Told:
    """A check-in with its number."""

    number: int
    check_in: CheckIn


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which nothing is asked, and who said so."""

    excusal: Excusal
    said_by: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """What was answered to the offer that followed a week."""

    week: str
    offer: str
    choice: str
    version: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Nudged:
    """A nudge on one channel, without the address it went to."""

    rule: str
    period: str
    state: str
    reason: str
    due_at: datetime
    sent_at: datetime | None
    channel: str
    title: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Writer:
    """What made a document: the program and its way of measuring."""

    program: str
    program_version: str
    algorithm: int
    disclaimer: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """All of a person between two local days, both included.

    Attributes:
        now: when the weeks were judged.
        versions: the plans in force on any of these days.
        weeks: judged whole, those that reach into the days from the plan's first day on; oldest first.
    """

    writer: Writer
    whom: Whom
    first_day: date
    last_day: date
    now: datetime
    versions: Sequence[PlanVersion] = ()
    weeks: Sequence["JudgedWeek"] = ()
    activities: Sequence[Activity] = ()
    check_ins: Sequence[Told] = ()
    answers: Sequence[Answers] = ()
    locks: Sequence[Lock] = ()
    flares: Sequence[Flare] = ()
    pauses: Sequence[Pause] = ()
    choices: Sequence[Choice] = ()
    nudges: Sequence[Nudged] = ()

    @property
    def today(self) -> date:
        return self.now.astimezone(self.whom.zone).date()

    @property
    def is_empty(self) -> bool:
        """Nothing was planned, done or told in these days."""
        told = (self.check_ins, self.answers, self.locks, self.flares, self.pauses, self.nudges)
        return not (self.versions or self.activities or any(told))

    def on_hold(self, version: PlanVersion) -> str | None:
        """Why nothing is asked of the person now under this version, or None where it is in force as it stands."""
        if version.plan.locked:
            return "no diagnosis is recorded"
        if any(each.holds(self.now) for each in self.locks):
            return "a warning sign, until somebody has cleared it"
        held = next((each.excusal for each in self.pauses if each.excusal.covers(self.today)), None)
        return None if held is None else f"paused: {held.kind}"
