"""The values of a plan. Made by `library.example_plan` or by a clinician; never edited in place."""

from collections.abc import Mapping
from datetime import date
from enum import IntEnum, StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Exercise(StrEnum):
    """What a plan can prescribe (the T of FITT)."""

    LEVEL_WALK = "level_walk"
    FAST_WALK = "fast_walk"
    UPHILL_WALK = "uphill_walk"
    EXERCISE_BIKE = "exercise_bike"
    OUTDOOR_RIDE = "outdoor_ride"
    SWIM = "swim"
    POOL_WALK = "pool_walk"
    DEEP_WATER_WALK = "deep_water_walk"
    DEEP_WATER_RUN = "deep_water_run"
    HOT_POOL_EXERCISE = "hot_pool_exercise"


class Role(StrEnum):
    """How much an item weighs: base and primary by their minutes, optional nothing."""

    BASE = "base"
    PRIMARY = "primary"
    OPTIONAL = "optional"


class Relief(StrEnum):
    """Directional preference: the posture that eases the symptoms, as the clinician found it."""

    EXTENSION = "extension"
    FLEXION = "flexion"
    NEUTRAL = "neutral"
    NONE = "none"
    UNKNOWN = "unknown"


class RestrictionCode(StrEnum):
    """What a plan can leave out. One member a violation code of the judgement."""

    UPHILL_AVOID = "uphill_avoid"


class Weekday(IntEnum):
    MON = 0
    TUE = 1
    WED = 2
    THU = 3
    FRI = 4
    SAT = 5
    SUN = 6


class Value(BaseModel):
    """Frozen, and strict about names: an unknown key is an error, not a silence.

    Validators are built when one is first used: a command that needs some does not pay for all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Dose(Value):
    """n sessions of m minutes a week."""

    sessions: Annotated[int, Field(ge=1, le=14)]
    minutes: Annotated[int, Field(ge=1, le=240)]

    @property
    def total_minutes(self) -> int:
        return self.sessions * self.minutes


class Prescription(Value):
    """One item of a plan.

    Attributes:
        dose: what is asked now; ceiling: where progression ends.
        nested_in: the item whose sessions this one happens inside (a fast minute then counts for both).
        from_step: the plan's step at which the item comes in (steps count accepted steps, not weeks).
        may_split: recordings of one local day are one session.
        max_minutes: the longest session; None means `max(1.5 m, m + 10)`.
        planned_days: the weekdays agreed on, or None where the person chooses.
    """

    exercise: Exercise
    role: Role
    dose: Dose
    ceiling: Dose
    nested_in: Exercise | None = None
    from_step: Annotated[int, Field(ge=1)] = 1
    may_split: bool = False
    no_substitute: bool = False
    max_minutes: Annotated[int, Field(ge=1)] | None = None
    planned_days: tuple[Weekday, ...] | None = None
    note: str | None = None
    source: tuple[str, ...] = ()

    @property
    def limit_minutes(self) -> float:
        """The longest session the plan has in mind, in minutes (clinical rules, section 8: too_long)."""
        return self.max_minutes or max(1.5 * self.dose.minutes, self.dose.minutes + 10)

    @model_validator(mode="after")
    def _ceiling_is_above(self) -> Self:
        if self.ceiling.minutes < self.dose.minutes or self.ceiling.sessions < self.dose.sessions:
            raise ValueError(f"the ceiling of {self.exercise} is below its dose")
        return self


class Restriction(Value):
    """Something the plan leaves out, in the words the person reads."""

    code: RestrictionCode
    reason: str


class Diagnosis(Value):
    """A plan stays locked until somebody has made one (section 1)."""

    made_by: Annotated[str, Field(min_length=1)]
    made_on: date


class Plan(Value):
    """What a clinician asked of a person, from `starts_on` until the next version starts.

    Attributes:
        substitution: credit for a session of the first exercise where it stands in for the second, 0-1.
        diagnosis: None locks the plan.
    """

    condition: str
    starts_on: date
    diagnosis: Diagnosis | None
    relief: Relief
    flexion_tolerated: bool | None
    pain_limit_during: Annotated[int, Field(ge=0, le=5)]
    prescriptions: tuple[Prescription, ...]
    restrictions: tuple[Restriction, ...] = ()
    substitution: Mapping[Exercise, Mapping[Exercise, Annotated[float, Field(ge=0, le=1)]]] = {}
    step: Annotated[int, Field(ge=1)] = 1
    is_example: bool = True
    sources: Mapping[str, str] = {}

    @property
    def locked(self) -> bool:
        return self.diagnosis is None

    @property
    def items(self) -> tuple[Prescription, ...]:
        """The prescriptions that have come in by the plan's step."""
        return tuple(item for item in self.prescriptions if item.from_step <= self.step)

    def item(self, exercise: Exercise) -> Prescription | None:
        return next((item for item in self.items if item.exercise is exercise), None)

    def restricts(self, code: RestrictionCode) -> Restriction | None:
        return {each.code: each for each in self.restrictions}.get(code)

    def credit(self, done: Exercise, asked: Exercise) -> float | None:
        """The factor for a session of `done` that stands in for `asked`; None where that is not allowed."""
        return self.substitution.get(done, {}).get(asked)

    @model_validator(mode="after")
    def _items_fit_together(self) -> Self:
        exercises = [item.exercise for item in self.prescriptions]
        if len(set(exercises)) != len(exercises):
            raise ValueError("an exercise is prescribed twice")
        for item in self.prescriptions:
            if item.nested_in is not None and item.nested_in not in exercises:
                raise ValueError(f"{item.exercise} is nested in {item.nested_in}, which the plan does not prescribe")
        return self
