"""R1: a new session that serves the plan has come in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from coach.nudges import NoLongerTrue
from coach.plan import Traits
from coach.weeks import IsoWeek
from config.messages import languages


def test_a_session_that_serves_the_plan_is_answered_at_once(life: Any) -> None:
    life.did("level_walk", 22, 1)
    now = life.at(1, "18:25")
    [proposal] = life.proposals("R1", now)
    assert proposal.period == "1"
    assert proposal.due_at == now
    assert proposal.reason == "a new walk came in"


@pytest.mark.parametrize(("hours", "spoken"), [(0.0, True), (11.9, True), (12.0, False), (30.0, False), (-0.1, False)])
def test_a_session_is_fresh_for_twelve_hours_after_its_end(life: Any, hours: float, spoken: bool) -> None:
    life.did("level_walk", 20, 1, "08:00")
    assert bool(life.proposals("R1", life.at(1, "08:20") + timedelta(hours=hours))) is spoken


@pytest.mark.parametrize(
    ("walked", "synced", "until"),
    [
        ((1, "08:00"), (1, "08:25"), (2, "10:00")),
        ((1, "18:00"), (1, "18:25"), (2, "10:00")),
        ((1, "22:00"), (2, "03:59"), (2, "10:00")),  # the next day is that after the walk, not after the sync
        ((1, "22:00"), (2, "04:01"), (2, "10:01")),  # six hours, where they end later
        ((1, "22:00"), (2, "07:00"), (2, "13:00")),
        ((2, "03:00"), (2, "03:25"), (2, "10:00")),  # before four it is still the evening before
    ],
)
def test_it_may_be_answered_for_six_hours_and_over_the_next_breakfast(
    life: Any, walked: Any, synced: Any, until: Any
) -> None:
    life.did("level_walk", 20, *walked)
    [proposal] = life.proposals("R1", life.at(*synced))
    assert proposal.expires_at == life.at(*until)


@pytest.mark.parametrize(("week", "hours"), [((2026, 13), 15.5), ((2026, 43), 17.5)])
def test_ten_in_the_morning_is_ten_on_the_wall_when_the_clocks_change(lives: Any, week: Any, hours: float) -> None:
    life = lives(IsoWeek(*week)).did("level_walk", 20, 5, "17:00")
    now = life.at(5, "17:30")
    [proposal] = life.proposals("R1", now)
    assert proposal.expires_at - now == timedelta(hours=hours)


def test_each_session_is_answered_once(life: Any) -> None:
    life.did("level_walk", 20, 1, "08:00").did("level_walk", 20, 1, "12:00").did("level_walk", 5, 1, "12:25")
    assert [each.period for each in life.proposals("R1", life.at(1, "13:00"))] == ["1", "2"]


def test_a_session_of_sunday_evening_is_answered_on_monday_morning(life: Any) -> None:
    life.did("level_walk", 20, 6, "23:00")
    assert [each.period for each in life.proposals("R1", life.at(7, "08:30"))] == ["1"]


def test_a_session_outside_the_plan_is_not(life: Any) -> None:
    life.ask(("level_walk", 5, 20, "base", {"no_substitute": True})).did("swim", 30, 1)
    assert life.proposals("R1", life.at(1, "19:00")) == []


def test_what_happens_inside_a_walk_is_not_another_session(life: Any) -> None:
    life.ask(("fast_walk", 3, 2, "primary", {"nested_in": "level_walk"}), ("level_walk", 5, 20))
    life.did("level_walk", 20, 1, fast=2)
    now = life.at(1, "19:00")
    assert [len(item.credits) for item in life.seen(now).this_week.items] == [1, 1]
    assert [each.reason for each in life.proposals("R1", now)] == ["a new walk came in"]


def test_it_names_the_minutes_done_and_those_planned(life: Any) -> None:
    life.did("level_walk", 22, 1)
    texts = life.said("R1", "1", life.at(1, "18:25"))
    assert len(texts) >= 3
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert "22 min" in text
        assert "20" in text
        assert "walk" in text


def test_a_swim_that_stands_in_is_told_as_the_swim_it_was(life: Any) -> None:
    life.did("swim", 30, 1)
    for text in life.said("R1", "1", life.at(1, "19:00")):
        assert "swim" in text
        assert "30 min" in text
        assert "a walk" in text
        assert "20" not in text, "the plan asked nothing of a swim"


def test_a_session_that_is_gone_is_not_spoken_of(life: Any) -> None:
    assert isinstance(life.telling("R1", "7", life.at(1, "19:00")), NoLongerTrue)


ASKED = "`coach label 1 --borg N`"


@pytest.mark.parametrize(
    ("exercise", "items", "more", "asked"),
    [
        ("level_walk", [("level_walk", 5, 20)], {}, False),
        ("swim", [("swim", 2, 20)], {}, True),
        ("pool_walk", [("level_walk", 5, 20)], {}, True),  # standing in
        ("level_walk", [("level_walk", 5, 20)], {"traits": Traits(beta_blocker=True)}, True),
        (
            "level_walk",
            [("level_walk", 5, 20), ("fast_walk", 1, 5, "base", {"nested_in": "level_walk", "by_effort": True})],
            {},
            True,
        ),
    ],
)
def test_how_hard_it_felt_is_asked_where_the_plan_goes_by_that(
    life: Any, exercise: str, items: Any, more: Any, asked: bool
) -> None:
    life.ask(*items, **more).did(exercise, 20, 1)
    now = life.at(1, "19:00")
    told = life.telling("R1", "1", now).more
    assert (told is not None and ASKED in told) is asked
    assert life.telling("R1", "1", now, language="de").more != told or not asked
    life.performed[0] = replace(life.performed[0], borg=12.0)
    assert life.telling("R1", "1", now).more is None


def test_after_a_swim_a_bad_shoulder_is_asked_for(life: Any) -> None:
    """Section 1 of the clinical rules: be cautious with shoulder injuries in the water."""
    swim = ("swim", 2, 20, "primary")
    life.ask(swim, ("level_walk", 5, 20), traits=Traits(shoulder_injury=True))
    life.did("swim", 20, 1).did("level_walk", 20, 2)
    assert all("shoulder" in each for each in life.said("R1", "1", life.at(1, "19:00")))
    assert not any("shoulder" in each for each in life.said("R1", "2", life.at(2, "19:00")))
    life.ask(swim, ("level_walk", 5, 20))
    assert not any("shoulder" in each for each in life.said("R1", "1", life.at(1, "19:00")))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("eased", ["sore", "flare", "excused"])
def test_where_nothing_is_asked_the_plan_is_not_held_up(life: Any, eased: str, language: str) -> None:
    life.ask(("level_walk", 5, 8), ("swim", 2, 8)).did("level_walk", 16, 1, feels=(2, 7) if eased == "sore" else ())
    if eased == "flare":
        life.flared(1)
    if eased == "excused":
        life.ill(1)
    texts = life.said("R1", "1", life.at(1, "18:25"), language=language)
    assert len(set(texts)) == 3
    assert all("16 min" in each and "8" not in each and "lan" not in each for each in texts)
