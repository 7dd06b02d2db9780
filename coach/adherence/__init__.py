"""A week of efforts against the plan: `judge` gives a `WeekAdherence`, each minute traceable to its session."""

from coach.adherence.model import (
    Band,
    Credit,
    ItemAdherence,
    Performed,
    Session,
    Status,
    Violation,
    WeekAdherence,
)
from coach.adherence.week import Circumstances, judge, undone

__all__ = [
    "Band",
    "Circumstances",
    "Credit",
    "ItemAdherence",
    "Performed",
    "Session",
    "Status",
    "Violation",
    "WeekAdherence",
    "judge",
    "undone",
]
