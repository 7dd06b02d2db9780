"""R14: no sign of life."""

import sys
from datetime import timedelta
from inspect import getsource
from typing import Any

import pytest

from coach.nudges import RULES
from coach.weeks import IsoWeek


@pytest.mark.parametrize(("last", "due"), [((0, "12:30"), (10, "12:30")), ((0, "12:31"), (11, "12:30"))])
def test_after_ten_days(life: Any, last: Any, due: Any) -> None:
    engaged = life.at(*last)
    now = life.at(*due)
    assert not life.proposals("R14", now - timedelta(minutes=1), engaged=engaged)
    [proposal] = life.proposals("R14", now, engaged=engaged)
    assert (proposal.period, proposal.due_at) == ("2026-11-02/0", now)
    assert proposal.expires_at == now + timedelta(hours=48)
    assert not life.proposals("R14", now + timedelta(hours=48), engaged=engaged)


def test_weekly_and_every_second_week_from_the_thirtieth_day(life: Any) -> None:
    engaged, due = life.at(0, "10:00"), {}
    for day in range(75):
        for proposal in life.proposals("R14", life.at(day, "12:30"), engaged=engaged):
            due.setdefault(proposal.period, day)
    assert list(due.values()) == [10, 17, 24, 31, 45, 59, 73]


def test_a_sync_that_brings_nothing_is_no_sign_of_life(life: Any) -> None:
    now = life.at(10, "12:30")
    assert life.proposals("R14", now, engaged=life.at(0, "10:00"), heard=now - timedelta(minutes=5))


def test_a_plan_that_rests_already_is_not_asked_to(life: Any) -> None:
    now = life.at(10, "12:30")
    life.ill(10)
    assert not life.proposals("R14", now, engaged=life.at(0, "10:00"))
    assert life.reason("R14", "2026-11-02/0", now, engaged=life.at(0, "10:00")) == "the plan is paused already"


def test_who_is_back_hears_nothing_of_it(life: Any) -> None:
    now = life.at(10, "12:30")
    assert life.reason("R14", "2026-11-02/0", now, engaged=now) == "they are back"


def test_before_the_plan_began_nobody_was_away(life: Any) -> None:
    life.ask(("level_walk", 5, 20), since=0)
    assert not life.proposals("R14", life.at(9, "12:30"), engaged=None)
    assert life.proposals("R14", life.at(10, "12:30"), engaged=None)[0].period == "2026-11-02/0"


def test_the_missing_sync_is_not_asked_for_besides(life: Any) -> None:
    silent = life.at(0, "10:00")
    now = life.at(14, "12:30")
    assert life.proposals("R8", now, heard=silent)
    assert not life.proposals("R8", now, heard=silent, engaged=silent)


def test_it_asks_for_no_more(life: Any) -> None:
    assert not RULES["R14"].urges
    texts = life.said("R14", "2026-11-02/0", life.at(10, "12:30"), engaged=life.at(0, "10:00"))
    assert len(set(texts)) >= 3


@pytest.mark.parametrize("week", [(2026, 12), (2026, 42)])
def test_half_past_twelve_across_the_change_of_the_clocks(lives: Any, week: Any) -> None:
    life = lives(IsoWeek(*week))
    [proposal] = life.proposals("R14", life.at(10, "12:30"), engaged=life.at(0, "11:00"))
    assert proposal.due_at == life.at(10, "12:30")


def test_whoever_asks_for_a_sign_of_life_says_so() -> None:
    asking = {
        rule.id
        for rule in RULES.values()
        if any(word in getsource(sys.modules[rule.tell.__module__]) for word in (".lapsed", ".engaged"))
    }
    assert asking == {rule.id for rule in RULES.values() if rule.after_silence} == {"R8", "R10", "R14"}
