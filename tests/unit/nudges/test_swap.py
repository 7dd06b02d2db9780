"""R12: something else may stand in for what was sore."""

from datetime import timedelta
from typing import Any

import pytest

AMBER = (3, 5, 3, 3)
GREEN = (2, 3, 2, 2)
PLAN = (("level_walk", 5, 20), ("pool_walk", 1, 20, "optional"), ("exercise_bike", 1, 20, "primary"))


def sore(life: Any, *plan: Any, feels: Any = AMBER) -> Any:
    return life.ask(*(plan or PLAN)).did("level_walk", 20, 0, feels=feels).did("level_walk", 20, 2, feels=feels)


def test_in_the_evening_after_the_second(life: Any) -> None:
    sore(life)
    assert not life.proposals("R12", life.at(3, "18:59"))
    [proposal] = life.proposals("R12", life.at(3, "19:00"))
    assert (proposal.period, proposal.due_at) == ("2026-W45", life.at(3, "19:00"))
    assert proposal.expires_at == proposal.due_at + timedelta(hours=48)
    assert not life.proposals("R12", life.at(4, "19:00"))  # 48 hours on, it is old


def test_once_is_not_twice_and_a_morning_that_is_open_is_not_settled(life: Any) -> None:
    life.ask(*PLAN).did("level_walk", 20, 2, feels=AMBER)
    assert not life.proposals("R12", life.at(3, "19:00"))
    life.did("level_walk", 20, 3, "09:00", feels=AMBER[:3])
    assert not life.proposals("R12", life.at(3, "19:00"))


def test_over_a_weekend_too(life: Any) -> None:
    life.ask(*PLAN).did("level_walk", 20, -2, feels=AMBER).did("level_walk", 20, 1, feels=AMBER)
    assert life.proposals("R12", life.at(2, "19:00"))
    life.performed.clear()
    life.ask(*PLAN).did("level_walk", 20, -6, feels=AMBER).did("level_walk", 20, 2, feels=AMBER)
    assert not life.proposals("R12", life.at(3, "19:00"))


@pytest.mark.parametrize(
    ("plan", "instead"),
    [
        (PLAN, "bike session"),
        ((PLAN[0], PLAN[1]), "pool walk"),
        ((PLAN[0],), None),
        ((("level_walk", 5, 20, "base", {"no_substitute": True}), PLAN[1]), None),
        ((PLAN[0], ("fast_walk", 2, 5, "primary", {"nested_in": "level_walk"})), None),
    ],
)
def test_what_the_plan_has_and_allows(life: Any, plan: Any, instead: str | None) -> None:
    sore(life, *plan)
    found = life.proposals("R12", life.at(3, "19:00"))
    assert bool(found) is (instead is not None)
    if instead is not None:
        texts = life.said("R12", "2026-W45", life.at(3, "19:00"))
        assert all("walks" in text for text in texts)
        assert all(instead in text or "pool walk" in text for text in texts)


def test_settled_sessions_are_no_reason(life: Any) -> None:
    sore(life, feels=GREEN)
    assert life.reason("R12", "2026-W45", life.at(3, "19:00")) == "it has settled, or nothing may stand in for it"
