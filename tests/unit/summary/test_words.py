"""Every code that the judgement can produce has words."""

import pytest

from coach.adherence import Band, Status
from coach.adherence.ledger import Went
from coach.adherence.share import Beyond
from coach.adherence.violations.hot_water import PASSIVE
from coach.adherence.week import NOT_STARTED
from coach.effort import Reason
from coach.plan import Exercise, RestrictionCode, facts
from coach.plan.felt import INSIDE_WALKS
from coach.plan.violations import ViolationCode
from coach.summary import lines
from config.messages import catalogue

TAKING_NOTHING = {ViolationCode.PAIN_OVER_LIMIT, ViolationCode.SPACING}
EXCLUSIONS = [
    *Reason,
    *(code for code in ViolationCode if code not in TAKING_NOTHING),
    *(PASSIVE, NOT_STARTED),
    *(f"counted_as_{each}" for each in sorted(INSIDE_WALKS)),
]


def test_every_restriction_is_a_violation_where_it_is_not_kept() -> None:
    assert {each.value for each in RestrictionCode} <= {each.value for each in ViolationCode}


@pytest.mark.parametrize("code", EXCLUSIONS)
def test_why_a_minute_did_not_count(code: str) -> None:
    words = lines.reason(code, catalogue())
    assert words
    assert "_" not in words
    assert "{" not in words


@pytest.mark.parametrize("code", [*Went, *Beyond])
def test_where_a_minute_went_that_nothing_speaks_against(code: str) -> None:
    assert "_" not in catalogue().text(f"entry.{code}", exercise="walk", factor="0.8")


@pytest.mark.parametrize("code", ViolationCode)
def test_what_went_against_the_plan(code: str) -> None:
    words = catalogue().text(f"violation.{code}", minutes=12, day="Tuesday", exercise="walk")
    assert ("12 min" in words) is (code not in TAKING_NOTHING)
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
