"""R7: more than the plan asks for."""

from typing import Any

import pytest


@pytest.mark.parametrize(("minutes", "told"), [(24, False), (24.2, True), (40, True)])
def test_from_more_than_a_fifth_beyond(life: Any, minutes: float, told: bool) -> None:
    life.ask(("level_walk", 2, 20)).did("level_walk", minutes, 0).did("level_walk", minutes, 1)
    assert bool(life.proposals("R7", life.at(3, "19:00"))) is told


@pytest.mark.parametrize(
    ("day", "at", "told"), [(3, "18:59", False), (3, "19:00", True), (6, "19:00", True), (7, "19:00", False)]
)
def test_in_the_evening_while_the_week_runs(life: Any, day: int, at: str, told: bool) -> None:
    life.ask(("level_walk", 1, 20)).did("level_walk", 40, 0)
    found = life.proposals("R7", life.at(day, at))
    assert bool(found) is told
    for proposal in found:
        assert (proposal.period, proposal.expires_at) == ("2026-W45", life.at(7, "00:00"))


def test_of_what_went_furthest(life: Any) -> None:
    life.ask(("level_walk", 1, 20), ("swim", 1, 20, "primary")).did("level_walk", 30, 0).did("swim", 60, 1)
    assert all("swims" in text.lower() for text in life.said("R7", "2026-W45", life.at(3, "19:00")))


def test_what_happens_inside_walks_comes_of_itself(life: Any) -> None:
    life.ask(("level_walk", 5, 20), ("fast_walk", 1, 2, "primary", {"nested_in": "level_walk"}))
    life.did("level_walk", 20, 0, fast=18)
    assert not life.proposals("R7", life.at(0, "19:00"))


def test_not_when_it_is_no_longer_so(life: Any) -> None:
    assert life.reason("R7", "2026-W45", life.at(3, "19:00")) == "it is not more than the plan asks for"
    assert life.reason("R7", "2026-W44", life.at(3, "19:00")) == "that week is over"
