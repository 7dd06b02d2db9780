"""R5: a session was too much."""

from datetime import timedelta
from typing import Any

import pytest

from coach.safety import CheckIn, Phase

TOO_MUCH = (3, 7, 5, 3)  # it hurt a lot
STAYED = (2, 3, 3, 5)  # and was worse in the morning


def test_it_is_due_when_it_is_told_and_open_for_a_day(life: Any) -> None:
    life.did("level_walk", 20, 2, feels=TOO_MUCH)
    told = life.at(2, "18:20")
    assert not life.proposals("R5", told - timedelta(minutes=1))
    [proposal] = life.proposals("R5", told)
    assert (proposal.period, proposal.due_at) == ("2026-11-04", told)
    assert proposal.expires_at == told + timedelta(hours=24)
    assert life.proposals("R5", told + timedelta(hours=23, minutes=59))
    assert not life.proposals("R5", told + timedelta(hours=24))


def test_a_text_for_each_reason(life: Any) -> None:
    life.did("level_walk", 20, 2, feels=TOO_MUCH)
    assert "hurt a lot" in life.said("R5", "2026-11-04", life.at(2, "18:20"))[0]
    life.check_ins.clear()
    life.did("level_walk", 20, 2, feels=STAYED)
    assert "stayed up overnight" in life.said("R5", "2026-11-05", life.at(3, "08:30"))[0]
    life.check_ins.clear()
    life.did("level_walk", 20, 2, feels=(2, 3, 2, 2)).told(2, "17:50", 2, "pre", extent=2).told(3, "08:05", 2, extent=4)
    assert "further down" in life.said("R5", "2026-11-05", life.at(3, "08:30"))[0]
    life.check_ins.clear()
    life.did("level_walk", 20, 2, feels=(2, 3, 2, 2)).told(2, "18:30", 2, "post", numbness=True)
    assert "numbness" in life.said("R5", "2026-11-04", life.at(2, "18:30"))[0]


def test_weakness_is_the_red_flags_matter(life: Any) -> None:
    life.did("level_walk", 20, 2, feels=(2, 3, 2, 2)).told(2, "18:30", 2, "post", weakness=True)
    assert not life.proposals("R5", life.at(2, "18:30"))


def test_consecutive_sore_days_are_one_episode(life: Any) -> None:
    for day in (0, 1, 2):
        life.did("level_walk", 20, day, feels=TOO_MUCH)
    assert {each.period for day in (0, 1, 2) for each in life.proposals("R5", life.at(day, "19:00"))} == {"2026-11-02"}
    life.did("level_walk", 20, 6, feels=TOO_MUCH)  # after two quiet days
    assert {each.period for each in life.proposals("R5", life.at(6, "19:00"))} == {"2026-11-08"}


def test_what_was_sore_before_a_session_that_was_too_much_began_the_episode(life: Any) -> None:
    life.told(1, "20:00", 7, "post").did("level_walk", 20, 2, feels=TOO_MUCH)
    [proposal] = life.proposals("R5", life.at(2, "19:00"))
    assert proposal.period == "2026-11-03"


def test_who_is_always_sore_is_told_once_a_week(life: Any) -> None:
    for day in range(-20, 7):
        life.check_ins.append(CheckIn(life.at(day, "07:30"), Phase.MORNING, 7))
        life.did("level_walk", 20, day, feels=(6, 8, 7))
    periods = {each.period for day in range(7) for each in life.proposals("R5", life.at(day, "19:00"))}
    assert periods == {"2026-W45"}


@pytest.mark.parametrize(
    ("feels", "now", "days"),
    [
        (TOO_MUCH, (2, "19:00"), "today and tomorrow"),
        (TOO_MUCH, (3, "08:00"), "today"),
        (STAYED, (3, "08:30"), "today and tomorrow"),
    ],
)
def test_it_names_the_days_that_are_left_to_rest(life: Any, feels: Any, now: Any, days: str) -> None:
    life.did("level_walk", 20, 2, feels=feels)
    seen = life.at(*now)
    [proposal] = life.proposals("R5", seen)
    assert life.telling("R5", proposal.period, seen).fields == {"days": days}
    assert all("warning-sign questions" in text for text in life.said("R5", proposal.period, seen))


def test_once_it_is_taken_back_there_is_nothing_to_say(life: Any) -> None:
    life.did("level_walk", 20, 2, feels=TOO_MUCH)
    life.check_ins.clear()
    assert life.reason("R5", "2026-11-04", life.at(2, "19:00")) == "it is over"
