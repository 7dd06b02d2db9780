"""The values of a plan. Made by `library.example_plan` or by a clinician; never edited in place."""

from collections.abc import Mapping
from datetime import date, time
from enum import IntEnum, StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_serializer, model_validator


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
    STROKE_AVOID = "stroke_avoid"


class Stroke(StrEnum):
    """How a length was swum, by its FIT name (`freestyle` is front crawl)."""

    FREESTYLE = "freestyle"
    BACKSTROKE = "backstroke"
    BREASTSTROKE = "breaststroke"
    BUTTERFLY = "butterfly"


class Level(StrEnum):
    """How hard, in the three steps of the clinical rules, section 3. In order: a later one is harder."""

    LIGHT = "light"
    MODERATE = "moderate"
    VIGOROUS = "vigorous"


class HeatScreen(StrEnum):
    """Whether the questions before hot water (33 °C and more) have been asked, and what came of them."""

    NOT_ASKED = "not_asked"
    CLEAR = "clear"
    ASK_CLINICIAN = "ask_clinician"


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


class Slot(Value):
    """When a session is planned: a weekday, and a local time where one was agreed. Written `thu` or `mon 17:30`."""

    day: Weekday
    at: time | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, written: Any) -> Any:
        if not isinstance(written, str):
            return written
        day, _, at = written.strip().partition(" ")
        try:
            return {"day": Weekday[day.upper()], "at": time.fromisoformat(at.strip()) if at else None}
        except (KeyError, ValueError):
            raise ValueError(f"'{written}' is not a planned day; write mon, tue ... sun, or mon 17:30") from None

    @model_serializer
    def _as_text(self) -> str:
        return str(self)

    def __str__(self) -> str:
        day = self.day.name.lower()
        return day if self.at is None else f"{day} {self.at:%H:%M}"


class Traits(Value):
    """What of the person, as their clinician found it, bears on the plan.

    Attributes:
        load_intolerant: the spine does not bear load: water becomes the base.
        shoulder_injury: caution in the water: strokes and distance are limited.
        swimmer: False: nothing that needs swimming is asked.
        beta_blocker: the heart rate says nothing of effort; only Borg does.
        heat_screen: hot water waits until it is clear.
    """

    load_intolerant: bool = False
    shoulder_injury: bool = False
    swimmer: bool = True
    beta_blocker: bool = False
    heat_screen: HeatScreen = HeatScreen.NOT_ASKED


class Prescription(Value):
    """One item of a plan.

    Attributes:
        dose: what is asked now; ceiling: where progression ends.
        nested_in: the item whose sessions this one happens inside (a fast minute then counts for both).
        from_step: the plan's step at which the item comes in (steps count accepted steps, not weeks).
        may_split: recordings of one local day are one session.
        max_minutes: the longest session; None means `max(1.5 m, m + 10)`.
        max_distance_m: the farthest session; None means no limit.
        max_intensity: the hardest level that the plan has in mind; None means no limit.
        by_effort: fast is what felt at least moderate (Borg), whatever the cadence.
        planned: the weekdays agreed on, or None where the person chooses.
        rest_days: days without the item that are asked for between two of its sessions.
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
    max_distance_m: Annotated[int, Field(ge=1)] | None = None
    max_intensity: Level | None = None
    by_effort: bool = False
    planned: (
        tuple[Annotated[Slot, Field(description="a day such as thu, or a day and time such as mon 17:30")], ...] | None
    ) = None
    rest_days: Annotated[int, Field(ge=0, le=6)] = 0
    note: str | None = None
    source: tuple[str, ...] = ()

    @property
    def agreed(self) -> str:
        """The planned days and times in words, `mon 17:30, thu`; empty where the person chooses."""
        return ", ".join(str(slot) for slot in self.planned or ())

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
    """Something the plan leaves out, in the words the person reads. `strokes` are those that stroke_avoid means."""

    code: RestrictionCode
    reason: str
    strokes: tuple[Stroke, ...] = ()


class Diagnosis(Value):
    """A plan stays locked until somebody has made one (section 1)."""

    made_by: Annotated[str, Field(min_length=1)]
    made_on: date


class Plan(Value):
    """What a clinician asked of a person, from `starts_on` until the next version starts.

    Attributes:
        pain_limit_during: 0-10, the pain that a session may bring; pain_free_only: no more than before the session.
        substitution: credit for a session of the first exercise where it stands in for the second, 0-1.
        diagnosis: None locks the plan.
        easy: an easy week, after which the dose before returns.
        is_example: of the library, and no clinician has made it theirs.
        set_by: who did; None for an example.
    """

    condition: str
    starts_on: date
    diagnosis: Diagnosis | None
    relief: Relief
    flexion_tolerated: bool | None
    traits: Traits = Traits()
    pain_limit_during: Annotated[int, Field(ge=0, le=5)]
    pain_free_only: bool = False
    prescriptions: tuple[Prescription, ...]
    restrictions: tuple[Restriction, ...] = ()
    substitution: Mapping[Exercise, Mapping[Exercise, Annotated[float, Field(ge=0, le=1)]]] = {}
    step: Annotated[int, Field(ge=1)] = 1
    easy: bool = False
    is_example: bool = True
    set_by: Annotated[str, Field(min_length=1)] | None = None
    sources: Mapping[str, str] = {}

    @property
    def locked(self) -> bool:
        return self.diagnosis is None

    @property
    def items(self) -> tuple[Prescription, ...]:
        """The prescriptions that have come in by the plan's step; hot water only once its questions are clear."""
        step, waits = self.step, None if self.traits.heat_screen is HeatScreen.CLEAR else Exercise.HOT_POOL_EXERCISE
        return tuple([each for each in self.prescriptions if each.from_step <= step and each.exercise is not waits])

    def item(self, exercise: Exercise) -> Prescription | None:
        return next((each for each in self.items if each.exercise is exercise), None)

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
