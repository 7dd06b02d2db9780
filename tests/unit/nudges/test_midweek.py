"""R4: by Thursday noon less than two fifths of the week is done, and the rest still fits."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from coach.nudges import RULES, NoLongerTrue, Telling
from coach.weeks import IsoWeek

NOON = (3, "12:30")


def test_half_a_week_without_much_is_spoken_of_on_thursday_at_half_past_twelve(life: Any) -> None:
    life.did("level_walk", 20, 1)
    [proposal] = life.proposals("R4", life.at(*NOON))
    assert proposal.period == "2026-W45"
    assert proposal.due_at == life.at(3, "12:30") == datetime(2026, 11, 5, 11, 30, tzinfo=UTC)
    assert proposal.expires_at == life.at(4, "18:00")
    assert proposal.reason.startswith("20%")


@pytest.mark.parametrize(
    ("day", "at", "spoken"),
    [
        (2, "12:30", False),
        (3, "12:29", False),
        (3, "12:30", True),
        (4, "17:59", True),
        (4, "18:00", False),
        (5, "12:30", False),
    ],
)
def test_from_thursday_noon_to_friday_evening(life: Any, day: int, at: str, spoken: bool) -> None:
    life.ask(("level_walk", 3, 20))
    assert bool(life.proposals("R4", life.at(day, at))) is spoken


@pytest.mark.parametrize(("minutes", "spoken"), [(19, True), (20, False), (40, False)])
def test_two_fifths_are_enough(life: Any, minutes: float, spoken: bool) -> None:
    life.did("level_walk", 20, 0).did("level_walk", minutes, 1)
    assert bool(life.proposals("R4", life.at(*NOON))) is spoken


@pytest.mark.parametrize(("sessions", "spoken"), [(4, True), (5, False)])
def test_the_rest_still_fits_into_the_days_left(life: Any, sessions: int, spoken: bool) -> None:
    life.ask(("level_walk", sessions, 20))
    assert bool(life.proposals("R4", life.at(*NOON))) is spoken


def test_days_that_are_excused_are_no_days_to_fit_it_into(life: Any) -> None:
    life.ask(("level_walk", 3, 20, "base", {"planned": ("mon", "tue", "wed")}))
    assert life.proposals("R4", life.at(*NOON), excused={5: "illness"})
    assert not life.proposals("R4", life.at(*NOON), excused={5: "illness", 6: "illness"})


def test_when_nothing_has_synced_for_two_days_nobody_knows_what_was_done(life: Any) -> None:
    life.ask(("level_walk", 3, 20))
    now = life.at(*NOON)
    assert not life.proposals("R4", now, heard=now - timedelta(hours=48))
    assert life.proposals("R4", now, heard=now - timedelta(hours=47.9))
    assert not life.proposals("R4", now, heard=None)
    assert life.proposals("R4", now, heard=None, known_since=now - timedelta(hours=20))


@pytest.mark.parametrize(("week", "noon"), [((2026, 13), 11), ((2026, 14), 10), ((2026, 43), 10), ((2026, 44), 11)])
def test_noon_is_noon_on_the_wall_before_and_after_the_clocks_change(lives: Any, week: Any, noon: int) -> None:
    life = lives(IsoWeek(*week)).ask(("level_walk", 3, 20))
    [proposal] = life.proposals("R4", life.at(*NOON))
    assert (proposal.due_at.hour, proposal.due_at.minute) == (noon, 30)
    assert proposal.expires_at - proposal.due_at == timedelta(hours=29, minutes=30)


def test_nothing_is_said_of_a_week_in_which_nothing_is_asked(life: Any) -> None:
    now = life.at(*NOON)
    life.ask(("level_walk", 3, 20))
    assert not life.proposals("R4", now, excused=dict.fromkeys(range(7), "flare"))
    assert not life.ask(("level_walk", 3, 20), locked=True).proposals("R4", now)
    assert not life.ask(("level_walk", 3, 20, "optional")).proposals("R4", now)


def test_it_urges_and_is_silent_on_an_excused_day(life: Any) -> None:
    assert RULES["R4"].urges
    life.ask(("level_walk", 3, 20, "base", {"planned": ("mon", "tue", "wed")}))
    now = life.at(*NOON)
    assert RULES["R4"].silent_because(life.seen(now, excused={5: "illness"})) is None
    assert RULES["R4"].silent_because(life.seen(now, excused={3: "illness"})) == "nothing is asked today"


def test_it_says_what_is_done_and_what_could_be(life: Any) -> None:
    life.ask(("level_walk", 5, 20), ("swim", 2, 15, "primary")).did("level_walk", 20, 0).did("swim", 15, 1)
    texts = life.said("R4", "2026-W45", life.at(*NOON))
    assert len(set(texts)) >= 3
    for text in texts:
        assert "1 walk, 1 swim" in text
        assert "20 minutes" in text
        assert not {"must", "should", "failed", "missed", "behind"} & set(text.lower().split())


def test_what_stood_in_is_done_too_and_a_walk_lent_away_is_still_a_walk(life: Any) -> None:
    now = life.at(*NOON)
    life.ask(("level_walk", 4, 30)).did("swim", 15, 0)
    assert all("1 swim" in text for text in life.said("R4", "2026-W45", now))
    life.performed.clear()
    life.ask(("level_walk", 1, 30), ("swim", 4, 40, "primary")).did("level_walk", 20, 0).did("level_walk", 20, 1)
    assert [len(item.credits) for item in life.seen(now).this_week.items] == [1, 1]
    assert all("2 walks" in text for text in life.said("R4", "2026-W45", now))


def test_a_fast_part_of_a_walk_is_not_another_session(life: Any) -> None:
    life.ask(("level_walk", 4, 20), ("fast_walk", 3, 2, "primary", {"nested_in": "level_walk"})).did("level_walk", 9, 0)
    for text in life.said("R4", "2026-W45", life.at(*NOON)):
        assert "1 walk" in text
        assert "fast" not in text


def test_with_nothing_done_it_says_no_walks(life: Any) -> None:
    life.ask(("level_walk", 4, 20))
    assert all("no walks" in text for text in life.said("R4", "2026-W45", life.at(*NOON)))


def test_a_plan_that_weighs_only_what_happens_inside_walks_has_words_too(life: Any) -> None:
    life.ask(("level_walk", 3, 20, "optional"), ("fast_walk", 3, 5, "primary", {"nested_in": "level_walk"}))
    assert all("no walks" in text for text in life.said("R4", "2026-W45", life.at(*NOON)))


def test_just_before_sending_it_looks_again(life: Any) -> None:
    life.ask(("level_walk", 3, 20))
    now = life.at(*NOON)
    assert isinstance(life.telling("R4", "2026-W45", now), Telling)
    assert isinstance(life.telling("R4", "2026-W44", now), NoLongerTrue)
    life.did("level_walk", 20, 2).did("level_walk", 20, 3, "09:00")
    assert isinstance(life.telling("R4", "2026-W45", now), NoLongerTrue)


def test_a_plan_that_has_only_begun_is_behind_nothing(life: Any) -> None:
    life.ask(("level_walk", 3, 20))
    earlier = {0: "not_started", 1: "not_started"}
    assert life.proposals("R4", life.at(*NOON), excused=earlier)
    assert not life.proposals("R4", life.at(*NOON), excused={**earlier, 2: "not_started"})
