"""R13: the week has closed; its page is ready on Monday morning."""

from datetime import timedelta
from typing import Any

import pytest

from coach.nudges import RULES, NoLongerTrue
from coach.weeks import IsoWeek

MONDAY = (7, "08:30")


def test_a_closed_week_is_spoken_of_on_monday_morning(life: Any) -> None:
    [proposal] = life.proposals("R13", life.at(*MONDAY))
    assert proposal.period == "2026-W45"
    assert proposal.due_at == life.at(7, "08:30")
    assert proposal.expires_at == proposal.due_at + timedelta(days=7)


@pytest.mark.parametrize(
    ("day", "at", "period"),
    [
        (6, "23:59", "2026-W44"),
        (7, "08:29", None),
        (7, "08:30", "2026-W45"),
        (13, "23:59", "2026-W45"),
        (14, "08:29", None),
        (14, "08:30", "2026-W46"),
    ],
)
def test_once_a_week_until_the_next(life: Any, day: int, at: str, period: str | None) -> None:
    assert [each.period for each in life.proposals("R13", life.at(day, at))] == ([period] if period else [])


@pytest.mark.parametrize(("week", "hour"), [((2026, 12), 7), ((2026, 13), 6), ((2026, 42), 6), ((2026, 43), 7)])
def test_half_past_eight_is_that_on_the_wall_before_and_after_the_clocks_change(
    lives: Any, week: Any, hour: int
) -> None:
    life = lives(IsoWeek(*week))
    [proposal] = life.proposals("R13", life.at(*MONDAY))
    assert (proposal.period, proposal.due_at.hour, proposal.due_at.minute) == (str(IsoWeek(*week)), hour, 30)


@pytest.mark.parametrize(
    ("minutes", "share"), [([20] * 5, "100 %"), ([20, 22, 18, 8, 25], "86 %"), ([20, 20, 20, 12], "76 %"), ([], "0 %")]
)
def test_it_names_the_share_of_the_plan(life: Any, minutes: list[float], share: str) -> None:
    for day, each in enumerate(minutes):
        life.did("level_walk", each, day)
    texts = life.said("R13", "2026-W45", life.at(*MONDAY))
    assert len(set(texts)) >= 3
    assert all(f" {share} of the plan" in text for text in texts)


def test_of_a_week_that_is_not_all_in_it_names_a_range(life: Any) -> None:
    life.did("level_walk", 20, 0).did("level_walk", 20, 1)
    for text in life.said("R13", "2026-W45", life.at(*MONDAY), heard=life.at(4, "12:00")):
        assert "between 40 and 100 % of the plan" in text
        assert "missed" not in text


def test_of_a_paused_week_it_names_no_figure(life: Any) -> None:
    now, excused = life.at(*MONDAY), dict.fromkeys(range(7), "flare")
    assert life.proposals("R13", now, excused=excused)
    texts = life.said("R13", "2026-W45", now, excused=excused)
    assert len(set(texts)) >= 3
    assert all("%" not in text for text in texts)


def test_nothing_is_said_of_a_week_under_a_locked_plan(life: Any) -> None:
    life.ask(("level_walk", 5, 20), locked=True)
    assert not life.proposals("R13", life.at(*MONDAY))
    assert isinstance(life.telling("R13", "2026-W45", life.at(*MONDAY)), NoLongerTrue)


def test_a_week_later_the_page_of_before_is_not_announced(life: Any) -> None:
    assert isinstance(life.telling("R13", "2026-W45", life.at(14, "09:00")), NoLongerTrue)


def test_it_does_not_urge() -> None:
    assert not RULES["R13"].urges
