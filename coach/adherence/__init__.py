"""A week of efforts against the plan: `judge` gives a `WeekAdherence`, each minute traceable to its session."""

from coach.adherence.model import (
    Band,
    Because,
    Credit,
    ItemAdherence,
    Session,
    Status,
    Violation,
    WeekAdherence,
)
from coach.adherence.recordings import Performed
from coach.adherence.week import LOCKED_DAY, Circumstances, judge, undone

__all__ = [
    "LOCKED_DAY",
    "Band",
    "Because",
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
