"""R2: the morning after a session."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from coach.weeks import IsoWeek


@pytest.mark.parametrize(
    ("at", "asked"), [("08:29", False), ("08:30", True), ("11:59", True), ("12:00", False), ("18:00", False)]
)
def test_from_half_past_eight_to_noon(life: Any, at: str, asked: bool) -> None:
    life.did("level_walk", 20, 1)
    assert bool(life.proposals("R2", life.at(2, at))) is asked


def test_it_is_known_half_an_hour_ahead_and_expires_at_noon(life: Any) -> None:
    life.did("level_walk", 20, 1)
    assert not life.ahead("R2", life.at(2, "07:59"))
    [proposal] = life.ahead("R2", life.at(2, "08:00"))
    assert (proposal.period, proposal.due_at, proposal.expires_at) == (
        "2026-11-04",
        life.at(2, "08:30"),
        life.at(2, "12:00"),
    )


def test_at_the_persons_own_time(life: Any) -> None:
    life.did("level_walk", 20, 1).wants("R2", at=time(7, 15))
    assert life.ahead("R2", life.at(2, "06:45"))[0].due_at == life.at(2, "07:15")


def test_only_after_a_session_and_until_it_is_told(life: Any) -> None:
    now = life.at(2, "08:30")
    assert not life.proposals("R2", now)
    life.did("level_walk", 20, 0)
    assert not life.proposals("R2", now)
    life.did("outdoor_ride", 20, 1)  # also one that the plan does not ask for
    assert life.proposals("R2", now)
    life.told(2, "08:10", phase="morning", extent=1)  # no score
    assert life.proposals("R2", now)
    life.told(2, "08:15", 2)
    assert not life.proposals("R2", now)
    assert life.reason("R2", "2026-11-04", now) == "the morning is told already"
    assert life.reason("R2", "2026-11-03", now) == "that morning is over"


def test_a_session_after_midnight_is_of_the_day_before(life: Any) -> None:
    life.did("level_walk", 20, 3, "01:00")
    assert life.proposals("R2", life.at(3, "09:00"))
    assert not life.proposals("R2", life.at(4, "09:00"))


def test_on_monday_after_a_session_on_sunday(life: Any) -> None:
    life.did("level_walk", 20, 6)
    assert life.proposals("R2", life.at(7, "08:30"))


@pytest.mark.parametrize(("week", "hour"), [((2026, 13), 6), ((2026, 43), 7)])
def test_half_past_eight_on_the_wall_on_the_days_on_which_the_clocks_change(lives: Any, week: Any, hour: int) -> None:
    life = lives(IsoWeek(*week)).did("level_walk", 20, 5)
    [proposal] = life.proposals("R2", life.at(6, "08:30"))
    assert (proposal.due_at.astimezone(UTC).hour, proposal.due_at.minute) == (hour, 30)
    assert proposal.expires_at - proposal.due_at == timedelta(hours=3, minutes=30)


def test_it_asks_and_says_nothing_else(life: Any) -> None:
    life.did("level_walk", 20, 1)
    texts = life.said("R2", "2026-11-04", life.at(2, "08:30"))
    assert len(set(texts)) >= 3
    assert all("0-10" in each for each in texts)
    assert isinstance(life.at(2, "08:30"), datetime)
