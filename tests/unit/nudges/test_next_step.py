"""R10: a step of the plan is on offer."""

from datetime import timedelta
from typing import Any

import pytest

from coach.history import Choice
from coach.nudges import RULES

GREEN = (2, 3, 2, 2)
ROOM = {"ceiling": {"sessions": 5, "minutes": 30}}


def good_week(life: Any, **more: Any) -> Any:
    life.ask(("level_walk", 5, 20, "base", ROOM), since=0, **more)
    for day in (0, 1, 2, 3, 4):
        life.did("level_walk", 20, day, feels=GREEN)
    return life


def test_with_the_summary_on_monday_morning(life: Any) -> None:
    good_week(life)
    assert not life.proposals("R10", life.at(7, "08:29"))
    [proposal] = life.proposals("R10", life.at(7, "08:30"))
    assert (proposal.period, proposal.due_at) == ("2026-W45", life.at(7, "08:30"))
    assert proposal.expires_at == life.at(14, "08:30")
    assert life.ahead("R10", life.at(7, "08:00"))[0].due_at == life.proposals("R13", life.at(7, "08:30"))[0].due_at


def test_it_offers_what_the_plan_would_be(life: Any) -> None:
    good_week(life)
    for text in life.said("R10", "2026-W45", life.at(7, "08:30")):
        assert "22 min a walk instead of 20" in text
        assert "`" not in text  # where to answer depends on the channel
        assert "clinician" in text


@pytest.mark.parametrize(("at", "told"), [("08:30", False), ("11:59", False), ("12:00", True), ("12:30", True)])
def test_or_once_the_last_session_is_settled(life: Any, at: str, told: bool) -> None:
    good_week(life).did("level_walk", 20, 6, feels=(2, 3, 2, None))
    found = life.proposals("R10", life.at(7, at))
    assert bool(found) is told
    assert all(each.due_at == life.at(7, at) for each in found)


def test_when_the_morning_is_told(life: Any) -> None:
    good_week(life).did("level_walk", 20, 6, feels=(2, 3, 2, None)).told(7, "08:40", 2)
    assert not life.proposals("R10", life.at(7, "08:39"))
    assert life.proposals("R10", life.at(7, "08:40"))


def test_not_when_the_plan_stays_as_it_is_or_it_is_answered(life: Any) -> None:
    life.ask(("level_walk", 5, 20, "base", ROOM), since=0).did("level_walk", 20, 0, feels=GREEN)
    assert not life.proposals("R10", life.at(7, "08:30"))
    good_week(life)
    assert life.proposals("R10", life.at(7, "08:30"))
    life.choices.append(Choice("2026-W45", "up", "stay", life.at(7, "08:00")))
    assert not life.proposals("R10", life.at(7, "08:30"))
    assert life.reason("R10", "2026-W45", life.at(7, "09:00")) == "no step is open any more"
    assert life.reason("R10", "2026-W44", life.at(7, "09:00")) == "another week has closed since"


def test_a_step_back_and_an_easy_week_have_words_of_their_own(life: Any) -> None:
    life.ask(("level_walk", 5, 20, "base", ROOM), since=0)
    for day, feels in enumerate([(3, 7, 5, 3), (3, 7, 5, 3), GREEN, GREEN, GREEN]):
        life.did("level_walk", 20, day, feels=feels)
    assert all("14 min a walk" in text for text in life.said("R10", "2026-W45", life.at(7, "08:30")))
    assert life.telling("R10", "2026-W45", life.at(7, "08:30")).texts == "R10_back"
    life.performed.clear()
    life.check_ins.clear()
    good_week(life)
    assert life.plan is not None
    life.plan = life.plan.model_copy(update={"starts_on": life.day(-14)})
    assert life.telling("R10", "2026-W45", life.at(7, "08:30")).texts == "R10_easy"


def test_who_is_away_is_asked_by_another_rule(life: Any) -> None:
    good_week(life, starts_on=life.day(-14))
    now = life.at(7, "08:30")
    assert life.proposals("R10", now)
    assert not life.proposals("R10", now, engaged=now - timedelta(days=10))


@pytest.mark.parametrize("why", ["a flare", "ill"])
def test_it_waits_while_nothing_is_asked(life: Any, why: str) -> None:
    good_week(life)
    life.flared(7, "06:00") if why == "a flare" else life.ill(7)
    assert RULES["R10"].silent_because(life.seen(life.at(7, "08:30"))) == "nothing is asked today"


def test_it_waits_on_a_sore_day(life: Any) -> None:
    good_week(life)
    assert RULES["R10"].silent_because(life.seen(life.at(7, "08:30"))) is None
    life.told(7, "08:10", 7)
    assert RULES["R10"].silent_because(life.seen(life.at(7, "08:30"))) == "nothing is asked today"
