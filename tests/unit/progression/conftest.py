"""Plans and judged weeks, made from a few words."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from coach.adherence import Session, Status, Violation, WeekAdherence
from coach.plan import Diagnosis, Dose, Exercise, Plan, Prescription, Relief, Role
from coach.plan.violations import Severity
from coach.safety import Colour, Verdict
from coach.weeks import IsoWeek

WEEK = IsoWeek(2026, 45)
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


class Make:
    """Values of progression, each thing told as briefly as it can be."""

    def item(self, exercise: str, dose: tuple[int, int], ceiling: tuple[int, int], **more: Any) -> Prescription:
        start, end = (Dose(sessions=sessions, minutes=minutes) for sessions, minutes in (dose, ceiling))
        role = Role(more.pop("role", "base"))
        return Prescription(exercise=Exercise(exercise), role=role, dose=start, ceiling=end, **more)

    def plan(self, *items: Prescription, **more: Any) -> Plan:
        given = {
            "condition": "general_sciatica",
            "starts_on": WEEK.monday,
            "diagnosis": Diagnosis(made_by="Dr. Lee", made_on=date(2026, 10, 20)),
            "relief": Relief.UNKNOWN,
            "flexion_tolerated": None,
            "pain_limit_during": 3,
            "prescriptions": items,
        }
        return Plan(**{**given, **more})

    def verdict(self, told: str) -> Verdict:
        """`red`, or `red weakness` with its reasons."""
        colour, *reasons = told.split()
        return Verdict(Colour(colour), tuple(reasons) or ("said",), NOON)

    def week(
        self, *verdicts: str, score: float | None = 90.0, status: Status = Status.COMPLETE, major: tuple[str, ...] = ()
    ) -> WeekAdherence:
        sessions = tuple(
            Session((number,), Exercise.LEVEL_WALK, WEEK.monday, NOON, NOON, (), (), verdict=self.verdict(told))
            for number, told in enumerate(verdicts, start=1)
        )
        return WeekAdherence(
            WEEK,
            status,
            score=score,
            sessions=sessions,
            violations=tuple(Violation(code, Severity.MAJOR, 12.0, 1, Exercise.LEVEL_WALK) for code in major),
        )


@pytest.fixture(scope="session")
def make() -> Make:
    return Make()
