"""R6: a session went against what the plan leaves out."""

from datetime import timedelta
from typing import Any

from coach.plan.model import Restriction, RestrictionCode

HILLS = {"restrictions": (Restriction(code=RestrictionCode.UPHILL_AVOID, reason="bending forward"),)}


def test_a_major_one_is_told_with_the_sync_and_a_minor_one_is_not(life: Any) -> None:
    life.ask(("level_walk", 5, 30), **HILLS).did("level_walk", 30, 2, uphill=4)
    now = life.at(2, "18:31")
    assert not life.proposals("R6", now)
    life.did("level_walk", 30, 3, uphill=8)
    now = life.at(3, "18:31")
    [proposal] = life.proposals("R6", now)
    assert (proposal.period, proposal.due_at) == ("2026-W45/uphill_avoid", now)
    assert proposal.expires_at == life.at(3, "18:30") + timedelta(hours=24)
    assert "8 min of that walk was uphill" in life.said("R6", proposal.period, now)[0]
    assert [each.period for each in life.proposals("R1", now)] == ["2"]  # beside it


def test_one_a_week_and_code(life: Any) -> None:
    life.ask(("level_walk", 5, 20), **HILLS)
    life.did("level_walk", 60, 2, uphill=12).did("level_walk", 20, 2, "20:00", uphill=12)
    periods = [each.period for each in life.proposals("R6", life.at(2, "20:30"))]
    assert set(periods) == {"2026-W45/uphill_avoid", "2026-W45/too_long"}


def test_not_after_a_day_and_not_of_pain(life: Any) -> None:
    life.did("level_walk", 60, 2)
    assert life.proposals("R6", life.at(3, "18:59"))
    assert not life.proposals("R6", life.at(3, "19:00"))
    life.performed.clear()
    life.did("level_walk", 20, 2, feels=(3, 8, 6, 6))
    assert not life.proposals("R6", life.at(3, "12:00"))  # R5's


def test_once_the_session_is_another_there_is_nothing_to_say(life: Any) -> None:
    assert life.reason("R6", "2026-W45/too_long", life.at(3, "12:00")) == "it did not go against the plan after all"
