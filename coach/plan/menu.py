"""The menu of a condition: for each exercise, where it starts, where progression ends, whether it is on."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from coach.plan.model import Dose, Exercise, Level, Prescription, Role, Value
from config.sources import Source

Text = Annotated[str, Field(min_length=1)]


class Offer(StrEnum):
    """Whether a dose is there to be used, to be chosen, or off: in the menu until a clinician picks it."""

    USUAL = "usual"
    OPTIONAL = "optional"
    OFF = "off"


class MenuDose(Value):
    """What an exercise starts with and where progression ends; the other keys as in `Prescription`."""

    start: Dose
    ceiling: Dose
    offered: Offer = Offer.USUAL
    from_step: Annotated[int, Field(ge=1)] = 1
    nested_in: Exercise | None = None
    may_split: bool = False
    no_substitute: bool = False
    max_minutes: Annotated[int, Field(ge=1, le=240)] | None = None
    max_distance_m: Annotated[int, Field(ge=1)] | None = None
    max_intensity: Level | None = None
    by_effort: bool = False
    rest_days: Annotated[int, Field(ge=0, le=6)] = 0
    note: Text | None = None
    source: Source

    @model_validator(mode="after")
    def _ceiling_is_above(self) -> Self:
        if self.ceiling.minutes < self.start.minutes or self.ceiling.sessions < self.start.sessions:
            raise ValueError("the ceiling is below the start; it has at least its sessions and its minutes")
        return self

    def prescribed(self, exercise: Exercise, role: Role) -> Prescription:
        """The dose as an item of a plan, at its start."""
        return Prescription(
            exercise=exercise,
            role=role,
            dose=self.start,
            **self.model_dump(exclude={"start", "offered"}),
        )
