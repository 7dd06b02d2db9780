"""What a clinician asks of a person: the values of a plan. The library that plans come from is `coach.plan.library`."""

from coach.plan.exercises import facts
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
    "facts",
    "thresholds",
]
