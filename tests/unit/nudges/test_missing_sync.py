"""R8: no source has been heard for two days, and planned sessions seem undone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from coach.nudges import RULES, NoLongerTrue, Telling
from coach.plan import Exercise, facts
from coach.weeks import IsoWeek
from config.messages import catalogue, languages

DAYS = range(2, 7)


def test_two_silent_days_are_spoken_of_at_half_past_twelve(life: Any) -> None:
    heard = life.at(0, "10:00")
    [proposal] = life.proposals("R8", life.at(2, "12:30"), heard=heard)
    assert proposal.due_at == life.at(2, "12:30")
    assert proposal.expires_at == proposal.due_at + timedelta(hours=48)
    assert proposal.period == "2026-11-02/0"


@pytest.mark.parametrize(
    ("heard", "due"),
    [
        ((0, "12:30"), (2, "12:30")),
        ((0, "12:31"), (3, "12:30")),
        ((0, "00:00"), (2, "12:30")),
        ((0, "23:59"), (3, "12:30")),
    ],
)
def test_not_before_48_hours_are_over(life: Any, heard: Any, due: Any) -> None:
    now = life.at(*due)
    assert life.proposals("R8", now, heard=life.at(*heard))[0].due_at == now
    assert not life.proposals("R8", now - timedelta(minutes=1), heard=life.at(*heard))


@pytest.mark.parametrize(
    ("heard", "due"),
    [
        # Saturday noon to Monday noon is 47 hours in spring, and 49 in autumn.
        (datetime(2026, 3, 28, 11, 0, tzinfo=UTC), datetime(2026, 3, 31, 10, 30, tzinfo=UTC)),
        (datetime(2026, 3, 28, 10, 0, tzinfo=UTC), datetime(2026, 3, 30, 10, 30, tzinfo=UTC)),
        (datetime(2026, 10, 24, 10, 45, tzinfo=UTC), datetime(2026, 10, 26, 11, 30, tzinfo=UTC)),
        (datetime(2026, 10, 24, 11, 31, tzinfo=UTC), datetime(2026, 10, 27, 11, 30, tzinfo=UTC)),
    ],
)
def test_48_hours_are_48_hours_when_the_clocks_change(lives: Any, heard: datetime, due: datetime) -> None:
    life = lives(IsoWeek.of(due.date()))
    [proposal] = life.proposals("R8", due, heard=heard)
    assert proposal.due_at == due
    assert proposal.due_at - heard >= timedelta(hours=48)
    assert not life.proposals("R8", due - timedelta(seconds=1), heard=heard)


def test_again_after_five_days_then_every_week(life: Any) -> None:
    heard = life.at(0, "10:00")
    spoken = {}
    for hours in range(24 * 30):
        now = life.at(0, "10:30") + timedelta(hours=hours)
        # Each week asks anew, so that something is always undone.
        for proposal in life.proposals("R8", now, heard=heard):
            spoken.setdefault(proposal.period, proposal.due_at)
    assert list(spoken) == [f"2026-11-02/{ordinal}" for ordinal in range(5)]
    assert list(spoken.values()) == [life.at(day, "12:30") for day in (2, 7, 14, 21, 28)]


def test_a_nudge_of_which_48_hours_have_passed_is_not_made(life: Any) -> None:
    heard = life.at(0, "10:00")
    assert life.proposals("R8", life.at(4, "12:29"), heard=heard)
    assert not life.proposals("R8", life.at(4, "12:30"), heard=heard)


def test_another_silence_is_another_period(life: Any) -> None:
    assert life.proposals("R8", life.at(4, "13:00"), heard=life.at(2, "10:00"))[0].period == "2026-11-04/0"


def test_never_heard_counts_from_when_the_person_is_known(life: Any) -> None:
    since = life.at(0, "10:00")
    assert life.proposals("R8", life.at(2, "12:30"), heard=None, known_since=since)[0].period == "2026-11-02/0"
    assert not life.proposals("R8", life.at(1, "12:30"), heard=None, known_since=since)


def test_with_all_done_silence_is_no_matter(life: Any) -> None:
    life.ask(("level_walk", 7, 20), ("swim", 1, 20, "optional"))
    life.did("level_walk", 20, 0, "08:00")
    now, heard = life.at(2, "12:30"), life.at(0, "10:00")
    assert life.proposals("R8", now, heard=heard)
    life.did("level_walk", 20, 0, "09:00")
    assert not life.proposals("R8", now, heard=heard)


def test_who_has_done_all_that_is_due_by_now_is_left_alone(life: Any) -> None:
    life.ask(("pool_walk", 2, 19, "base", {"planned": ("wed", "sat")}), ("deep_water_walk", 2, 12))
    for day, exercise, minutes in ((-6, "deep_water_walk", 12), (-5, "pool_walk", 19), (-3, "deep_water_walk", 12)):
        life.did(exercise, minutes, day, "10:00")
    heard = life.at(-2, "10:30")
    assert life.proposals("R8", life.at(0, "12:30"), heard=heard), "Saturday's is not there, and Sunday is unheard"
    life.did("pool_walk", 19, -2, "10:00")
    for day in (0, 1, 2):
        assert not life.proposals("R8", life.at(day, "12:30"), heard=heard)


@pytest.mark.parametrize(
    ("planned", "sessions", "first"),
    [(("tue",), 1, 2), (("fri",), 1, 5), (("mon", "fri"), 2, 2), (None, 1, None), (None, 2, 4), (None, 7, 2)],
)
def test_only_what_is_due_by_now_can_be_missing(life: Any, planned: Any, sessions: int, first: int) -> None:
    """Agreed days that are over; else of what is asked as large a part as of the week."""
    life.ask(("level_walk", sessions, 20, "base", {"planned": planned} if planned else {}))
    said = {day: life.telling("R8", "2026-11-02/0", life.at(day, "12:30"), heard=life.at(0, "10:00")) for day in DAYS}
    assert next((day for day in DAYS if isinstance(said[day], Telling)), None) == first


def test_nothing_is_said_of_a_week_in_which_nothing_is_asked(life: Any) -> None:
    now, heard = life.at(2, "12:30"), life.at(0, "10:00")
    assert not life.proposals("R8", now, heard=heard, excused=dict.fromkeys(range(7), "flare"))
    assert not life.ask(("level_walk", 5, 20), locked=True).proposals("R8", now, heard=heard)


def test_it_does_not_urge_so_an_excused_day_does_not_silence_it() -> None:
    assert not RULES["R8"].urges


def test_it_names_the_day_of_the_last_contact_where_the_person_lives(life: Any) -> None:
    heard = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)  # Tuesday, half past midnight in Berlin
    now = life.at(3, "12:30")
    [proposal] = life.proposals("R8", now, heard=heard)
    assert proposal.period == "2026-11-03/0"
    texts = life.said("R8", proposal.period, now, heard=heard)
    assert len(set(texts)) >= 3
    assert all("Tuesday" in text for text in texts)


@pytest.mark.parametrize("language", languages())
def test_it_speaks_of_sessions_whatever_the_plan_asks_for(life: Any, language: str) -> None:
    """Who swims is not told of walks."""
    life.ask(("swim", 5, 20))
    words = catalogue(language)
    named = {word.lower() for kind in Exercise for word in (facts(kind, words).one, facts(kind, words).many)}
    for text in life.said("R8", "2026-11-02/0", life.at(2, "12:30"), heard=life.at(0, "10:00"), language=language):
        assert not [word for word in named if word in text.lower()]


def test_a_sync_in_the_meantime_takes_it_back(life: Any) -> None:
    told = life.telling("R8", "2026-11-02/0", life.at(2, "12:30"), heard=life.at(2, "12:00"))
    assert told == NoLongerTrue("something has synced since")
    life.ask(("level_walk", 1, 20)).did("level_walk", 20, 0, "08:00")
    assert isinstance(life.telling("R8", "2026-11-02/0", life.at(2, "12:30"), heard=life.at(0, "10:00")), NoLongerTrue)


def test_before_the_plan_began_nothing_could_be_missing(life: Any) -> None:
    began = life.at(1, "00:00")
    assert not life.proposals("R8", life.at(2, "12:30"), heard=life.at(-1, "12:00"), began=began)
    [proposal] = life.proposals("R8", life.at(3, "12:30"), heard=life.at(-1, "12:00"), began=began)
    assert proposal.period == "2026-11-03/0"
