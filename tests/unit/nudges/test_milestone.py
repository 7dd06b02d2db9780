"""R9: a first that settled, and four good weeks."""

from datetime import timedelta
from typing import Any

GREEN = (2, 3, 2, 2)


def stepped(life: Any) -> Any:
    return life.then(("level_walk", 5, 22), since=0)


def test_the_first_at_a_new_dose_that_settled(life: Any) -> None:
    stepped(life).did("level_walk", 22, 1, feels=GREEN)
    settled = life.at(2, "08:00")
    assert not life.proposals("R9", settled - timedelta(minutes=1))
    [proposal] = life.proposals("R9", settled)
    assert (proposal.period, proposal.due_at) == ("2026-W45", settled)
    assert proposal.expires_at == settled + timedelta(hours=24)
    assert all("22" in text and "walk" in text for text in life.said("R9", "2026-W45", settled))
    assert not life.proposals("R9", settled + timedelta(hours=24))


def test_a_second_is_no_first(life: Any) -> None:
    stepped(life).did("level_walk", 22, 1, feels=GREEN).did("level_walk", 22, 3, feels=GREEN)
    assert not life.proposals("R9", life.at(4, "09:00"))


def test_one_that_did_not_settle_or_was_shorter_does_not_count(life: Any) -> None:
    stepped(life).did("level_walk", 22, 1, feels=(2, 5, 2, 2)).did("level_walk", 21, 3, feels=GREEN)
    assert not life.proposals("R9", life.at(2, "09:00"))
    assert not life.proposals("R9", life.at(4, "09:00"))
    life.did("level_walk", 22, 4, feels=GREEN)
    assert life.proposals("R9", life.at(5, "09:00"))


def test_the_first_plan_a_smaller_dose_and_the_same_again_are_no_step(life: Any) -> None:
    life.did("level_walk", 22, 1, feels=GREEN)
    now = life.at(2, "09:00")
    assert not life.proposals("R9", now)
    assert not life.then(("level_walk", 5, 15), since=-7).then(("level_walk", 5, 20), since=0).proposals("R9", now)


def four_weeks(life: Any, *scores: int) -> Any:
    """So many walks of five in each of the weeks before, the earliest first."""
    life.ask(("level_walk", 5, 20), since=-7 * len(scores) - 7)
    for weeks_ago, walks in zip(range(len(scores), 0, -1), scores, strict=True):
        for day in range(walks):
            life.did("level_walk", 20, day - 7 * weeks_ago, feels=GREEN)
    return life


def test_four_weeks_at_seventy_when_the_fourth_has_closed(life: Any) -> None:
    four_weeks(life, 3, 4, 4, 5, 4)
    assert not life.proposals("R9", life.at(0, "08:29"))
    [proposal] = life.proposals("R9", life.at(0, "08:30"))
    assert proposal.reason == "four weeks in a row at 70 % or more"
    assert "70 %" in life.said("R9", proposal.period, life.at(0, "08:30"))[0]
    assert not life.proposals("R9", life.at(1, "08:30"))


def test_once_it_has_been_said_no_count_goes_on(life: Any) -> None:
    assert not four_weeks(life, 4, 4, 4, 5, 4).proposals("R9", life.at(0, "09:00"))
    life.performed.clear()
    assert not four_weeks(life, 3, 4, 3, 5, 4).proposals("R9", life.at(0, "09:00"))


def test_it_waits_for_the_last_session_to_settle(life: Any) -> None:
    four_weeks(life, 3, 4, 4, 5, 4).did("level_walk", 20, -1, feels=(2, 3, 2, None))
    assert not life.proposals("R9", life.at(0, "11:59"))
    assert life.proposals("R9", life.at(0, "12:00"))
