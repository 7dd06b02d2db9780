"""The shapes key by key: `coach.shapes` makes them, and the API's document is made of them.

So that there is one source: a key that one of the two lacks is an error of types.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import WithJsonSchema
from typing_extensions import TypedDict  # of pydantic's on 3.11

from coach.adherence import Band, Status
from coach.effort.model import Predicate
from coach.ingest.files import Outcome
from coach.plan.model import Exercise, Level, Relief, RestrictionCode, Role, Stroke
from coach.plan.violations import Severity
from coach.progression.decision import DecisionKind, ReasonCode
from coach.safety.model import Colour, Phase, SignLevel
from scheduler.tables import State

Instant = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time", "description": "ISO 8601, UTC"})]
Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
Week = Annotated[str, WithJsonSchema({"type": "string", "examples": ["2026-W45"]})]


class Label(TypedDict):
    exercise: str | None
    borg: int | None
    water_c: float | None


class Activity(TypedDict):
    id: int | None
    sport: str
    sub_sport: str | None
    exercise: str | None
    started_at: Instant | None
    timezone: str
    duration_s: float | None
    timer_s: float | None
    moving_s: float | None
    distance_m: float | None
    ascent_m: float | None
    records: int
    lengths: int
    active_lengths: int
    pool_length_m: float | None
    avg_heart_rate: float | None
    max_heart_rate: float | None
    avg_cadence_spm: float | None
    avg_cadence_rpm: float | None
    avg_power_w: float | None
    device: str | None
    exertion: float | None
    feeling: float | None
    exercise_reason: str
    self_reported: bool
    label: Label | None
    notes: list[str]


class ActivityInFull(Activity):
    overlaps: list[int]
    minutes: dict[Predicate, float | None]


class Ingested(TypedDict):
    path: str
    sha256: str | None
    outcome: Outcome
    reason: str | None
    activities: list[Activity]


class Diagnosis(TypedDict):
    made_by: str
    made_on: Day


class PlanItem(TypedDict):
    activity: Exercise
    role: Role
    planned_sessions: int
    planned_minutes: int
    ceiling_sessions: int
    ceiling_minutes: int
    from_step: int
    nested_in: Exercise | None
    may_split: bool
    no_substitute: bool
    limit_minutes: float
    max_distance_m: int | None
    max_intensity: Level | None
    by_effort: bool
    planned: list[str] | None
    rest_days: int
    note: str | None
    source: list[str]


class Restriction(TypedDict):
    code: RestrictionCode
    reason: str
    strokes: list[Stroke]


class Plan(TypedDict):
    version: int
    starts_on: Day
    condition: str
    locked: bool
    diagnosis: Diagnosis | None
    relief: Relief
    flexion_tolerated: bool | None
    traits: dict[str, Any]
    pain_limit_during: int
    pain_free_only: bool
    step: int
    easy: bool
    is_example: bool
    set_by: str | None
    items: list[PlanItem]
    restrictions: list[Restriction]
    sources: dict[str, str]


class Lock(TypedDict):
    raised_at: Instant | None
    signs: list[str]


class PlanInFull(Plan):
    in_force: bool
    lock: Lock | None


class Difference(TypedDict):
    key: str
    before: str | None
    after: str | None


class PlanVersion(TypedDict):
    version: int
    starts_on: Day
    set_at: Instant | None
    set_by: str | None
    step: int
    easy: bool
    changes: list[Difference]


class Reason(TypedDict):
    code: ReasonCode
    inputs: Mapping[str, int | float | str | None]


class Decision(TypedDict):
    kind: DecisionKind | None
    reasons: list[Reason]


Excluded = TypedDict("Excluded", {"minutes": float | None, "from": Instant, "to": Instant, "reason": str})


class Credit(TypedDict):
    activity_id: int
    activity_ids: list[int]
    activity: Exercise
    eligible_minutes: float | None
    credited_minutes: float | None
    factor: float
    excluded: list[Excluded]
    notes: list[str]


class WeekItem(TypedDict):
    activity: Exercise
    role: Role
    planned_sessions: int
    planned_minutes: int
    planned: list[str] | None
    frequency: float | None
    dose: float | None
    score: float | None
    over_dose: float | None
    sessions: list[Credit]


class Violation(TypedDict):
    code: str
    severity: Severity
    minutes: float | None
    activity_id: int
    activity: Exercise


class Unplanned(TypedDict):
    activity_ids: list[int]
    activity: Exercise


class JudgedWeek(TypedDict):
    week: Week
    status: Status
    plan_version: int | None
    score: float | None
    score_low: float | None
    score_high: float | None
    band: Band | None
    items: list[WeekItem]
    violations: list[Violation]
    unplanned: list[Unplanned]
    excused: dict[Day, str]
    decision: Decision


class CheckIn(TypedDict):
    id: int
    at: Instant | None
    phase: Phase
    pain: int | None
    extent: str | None
    numbness: bool
    weakness: bool
    shoulder: int | None
    activity_id: int | None


class Sign(TypedDict):
    code: str
    level: SignLevel
    question: str


class Verdict(TypedDict):
    colour: Colour
    reasons: list[str]


class SessionVerdict(TypedDict):
    activity_ids: list[int]
    verdict: Verdict | None


class Noted(CheckIn):
    phase_said: bool
    told: list[str]
    locked: bool
    questions: list[Sign]
    questions_offered: bool
    flare_offered: bool
    sessions: list[SessionVerdict]


class Nudge(TypedDict):
    rule: str
    period: str
    state: State
    reason: str
    due_at: Instant | None
    expires_at: Instant | None
    channel: str
    sent_at: Instant | None
    message_id: str | None
    title: str | None
    text: str | None
