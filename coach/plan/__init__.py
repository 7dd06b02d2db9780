"""What a clinician asks of a person: the values of a plan, and the library that they come from."""

from coach.plan.condition import Condition
from coach.plan.exercises import facts
from coach.plan.library import condition, conditions, example_plan
from coach.plan.model import (
    Diagnosis,
    Dose,
    Exercise,
    Plan,
    Prescription,
    Relief,
    Restriction,
    RestrictionCode,
    Role,
    Weekday,
)
from coach.plan.thresholds import thresholds

__all__ = [
    "Condition",
    "Diagnosis",
    "Dose",
    "Exercise",
    "Plan",
    "Prescription",
    "Relief",
    "Restriction",
    "RestrictionCode",
    "Role",
    "Weekday",
    "condition",
    "conditions",
    "example_plan",
    "facts",
    "thresholds",
]
