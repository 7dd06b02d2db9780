"""R3: a session was planned for a time, and the person wants to be reminded."""

from typing import Any

import pytest

from coach.nudges import RULES
from coach.weeks import IsoWeek


def asked(life: Any, *slots: str, exercise: str = "pool_walk") -> Any:
    return life.ask((exercise, len(slots), 20, "base", {"planned": slots})).wants("R3")


def test_only_for_those_who_asked_for_it(life: Any) -> None:
    asked(life, "thu 17:30")
    seen = life.seen(life.at(3, "16:30"))
    assert RULES["R3"].silent_because(seen) is None
    life.wishes.clear()
    assert RULES["R3"].silent_because(life.seen(life.at(3, "16:30"))) == "nobody asked for it"


@pytest.mark.parametrize(
    ("slot", "due", "expires"),
    [
        ("thu 17:30", (3, "16:30"), (3, "17:30")),
        ("thu 09:00", (3, "08:00"), (3, "09:00")),
        ("thu 08:59", (2, "20:30"), (3, "08:59")),
        ("thu 06:00", (2, "20:30"), (3, "06:00")),
        ("thu 21:59", (3, "20:59"), (3, "21:59")),
        ("thu 22:00", (3, "20:30"), (3, "22:00")),
        ("mon 07:00", (-1, "20:30"), (0, "07:00")),
    ],
)
def test_an_hour_before_or_the_evening_before(life: Any, slot: str, due: Any, expires: Any) -> None:
    asked(life, slot)
    [proposal] = life.proposals("R3", life.at(*due))
    assert (proposal.due_at, proposal.expires_at) == (life.at(*due), life.at(*expires))
    assert proposal.period == life.day(expires[0]).isoformat()
    assert not life.proposals("R3", life.at(*expires))


def test_one_a_day_the_first_that_is_to_come(life: Any) -> None:
    asked(life, "thu 17:30", "thu 12:00")
    assert [each.due_at for each in life.ahead("R3", life.at(3, "10:30"))] == [life.at(3, "11:00")]
    [second] = life.ahead("R3", life.at(3, "16:30"))
    assert second.period == life.ahead("R3", life.at(3, "10:30"))[0].period  # the database keeps it from being said


def test_a_day_without_a_time_is_no_appointment(life: Any) -> None:
    assert not asked(life, "thu").ahead("R3", life.at(3, "10:00"))


def test_not_when_it_is_done(life: Any) -> None:
    asked(life, "tue 17:30", "thu 17:30")
    now = life.at(3, "16:30")
    assert life.proposals("R3", now)
    life.did("pool_walk", 20, 3, "09:00")
    assert not life.proposals("R3", now)
    assert life.reason("R3", "2026-11-05", now) == "it is done"


def test_not_when_the_week_has_all_of_it(life: Any) -> None:
    asked(life, "tue 17:30", "thu 17:30").did("pool_walk", 20, 0).did("pool_walk", 20, 1)
    assert not life.proposals("R3", life.at(3, "16:30"))


def test_not_for_a_day_on_which_nothing_is_asked(life: Any) -> None:
    asked(life, "thu 07:00", "fri 17:30")
    assert life.proposals("R3", life.at(2, "20:30"))
    life.ill(3)
    assert not life.proposals("R3", life.at(2, "20:30"))
    assert life.reason("R3", "2026-11-05", life.at(2, "20:30")) == "nothing is asked on that day"


def test_it_names_the_time_and_the_day(life: Any) -> None:
    asked(life, "thu 17:30", "fri 07:00")
    assert all("pool walk" in text and "17:30" in text for text in life.said("R3", "2026-11-05", life.at(3, "16:30")))
    evening = life.said("R3", "2026-11-06", life.at(3, "20:30"))
    assert all("omorrow" in text and "07:00" in text for text in evening)
    assert life.reason("R3", "2026-11-05", life.at(3, "20:30")) == "it is not planned any more"


@pytest.mark.parametrize("week", [(2026, 13), (2026, 43)])
def test_an_hour_is_an_hour_on_the_days_on_which_the_clocks_change(lives: Any, week: Any) -> None:
    life = asked(lives(IsoWeek(*week)), "sun 10:00")
    [proposal] = life.ahead("R3", life.at(6, "08:45"))
    assert proposal.due_at == life.at(6, "09:00")
