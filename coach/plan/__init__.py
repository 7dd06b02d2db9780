"""What a clinician asks of a person: the values of a plan. The library that plans come from is `coach.plan.library`."""

from coach.plan.exercises import facts
from coach.plan.model import (
    Diagnosis,
    Dose,
    Exercise,
    HeatScreen,
    Level,
    Plan,
    Prescription,
    Relief,
    Restriction,
    RestrictionCode,
    Role,
    Slot,
    Stroke,
    Traits,
    Weekday,
)
from coach.plan.thresholds import thresholds

__all__ = [
    "Diagnosis",
    "Dose",
    "Exercise",
    "HeatScreen",
    "Level",
    "Plan",
    "Prescription",
    "Relief",
    "Restriction",
    "RestrictionCode",
    "Role",
    "Slot",
    "Stroke",
    "Traits",
    "Weekday",
    "facts",
    "thresholds",
]
