"""Every code that the judgement can produce has words."""

import pytest

from coach.adherence import Band, Status
from coach.adherence.credit import INSIDE_WALKS, LOCKED, TOO_LONG
from coach.adherence.week import NOT_STARTED
from coach.effort import Reason
from coach.plan import Exercise, RestrictionCode, facts
from coach.summary import lines
from config.messages import catalogue

VIOLATIONS = [*RestrictionCode, TOO_LONG, LOCKED]
EXCLUSIONS = [*Reason, *VIOLATIONS, *(f"counted_as_{each}" for each in sorted(INSIDE_WALKS))]


@pytest.mark.parametrize("code", EXCLUSIONS)
def test_why_a_minute_did_not_count(code: str) -> None:
    words = lines.reason(code, catalogue())
    assert words
    assert "_" not in words
    assert "{" not in words


@pytest.mark.parametrize("code", VIOLATIONS)
def test_what_went_against_the_plan(code: str) -> None:
    words = catalogue().text(f"violation.{code}", minutes=12, day="Tuesday", exercise="walk")
    assert "12 min" in words
    assert words.startswith("Tuesday")
    assert "_" not in words


@pytest.mark.parametrize("status", Status)
def test_the_state_of_a_week(status: Status) -> None:
    assert catalogue().text(f"status.{status}", score="between 40 and 80 %").endswith(".")


@pytest.mark.parametrize("band", Band)
def test_the_band(band: Band) -> None:
    assert catalogue().text(f"band.{band}", score="72 %").startswith("72 %")


@pytest.mark.parametrize("why", [NOT_STARTED, "flare", "rest_advice", "illness", "hold", "locked"])
def test_why_a_day_was_not_asked_for(why: str) -> None:
    assert catalogue().text(f"excused.{why}")


@pytest.mark.parametrize("exercise", Exercise)
def test_each_exercise_for_one_and_for_many(exercise: Exercise) -> None:
    known = facts(exercise)
    assert known.count(1) == f"1 {known.one}"
    assert known.count(2) == f"2 {known.many}"
    assert known.count(0) == f"no {known.many}"
