"""`coach next`: the step that a week leads to, and the answer to it. Nothing changes unless it is accepted."""

import os
import shutil
import sqlite3
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

ZONE = ZoneInfo("Europe/Berlin")
DONE = (("level_walk", 0), ("level_walk", 1), ("swim", 1), ("level_walk", 2), ("swim", 3), ("level_walk", 3),
        ("level_walk", 4))  # fmt: skip


def today() -> date:
    """Before four in the morning it is still yesterday."""
    return (datetime.now(ZONE) - timedelta(hours=4)).date()


def monday() -> date:
    """Of the week that runs."""
    return today() - timedelta(days=today().weekday())


def last_week(day: int, clock: str) -> str:
    return f"{monday() - timedelta(days=7 - day)}T{clock}"


def live_a_good_week(coach) -> None:
    """The plan from last Monday on, all of it done, and every session settled by the morning."""
    coach("setup", "--name", "Ada", "--timezone", ZONE.key, "--start", monday() - timedelta(days=7),
          "--condition", "disc_herniation", "--diagnosed-by", "Dr Bo", "--diagnosed-on", "2026-05-01")  # fmt: skip
    for number, (exercise, day) in enumerate(DONE):
        hour = 10 + 4 * (number % 2)
        coach("pain", 2, "--phase", "pre", "--at", last_week(day, f"{hour - 1:02}:45"))
        coach("log", exercise, 15 if exercise == "swim" else 10, "--at", last_week(day, f"{hour}:00"))
    for day in range(1, 6):
        coach("pain", 2, "--phase", "morning", "--at", last_week(day, "07:30"))


@pytest.fixture(scope="module")
def lived(coach, tmp_path_factory) -> Path:
    """A home in which a good week has passed; made once."""
    home = tmp_path_factory.mktemp("lived") / "home"
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith("COACH_"):
                patch.delenv(name)
        patch.setenv("COACH_HOME", str(home))
        live_a_good_week(coach)
    return home


@pytest.fixture
def good(lived, home) -> None:
    shutil.copytree(lived, home)


@pytest.fixture
def versions(coach):
    return lambda: [each["version"] for each in coach("plan", "history", "--json").json]


def test_it_shows_the_decision_its_reasons_and_the_step(coach, good, versions):
    said = coach("next", "--json").json
    assert said["decision"]["kind"] == "progress"
    assert [each["code"] for each in said["decision"]["reasons"]] == ["all_well"]
    assert said["offer"]["kind"] == "up"
    assert {
        "activity": "level_walk",
        "before": {"sessions": 5, "minutes": 10},
        "after": {"sessions": 5, "minutes": 11},
    } in said["offer"]["changes"]
    assert (said["answered"], said["versions"], said["waits"]) == (None, [], False)
    told = coach("next").out
    assert "100 % of the plan was done, and it settled" in told
    assert "11 min a walk instead of 10" in told
    assert "coach next accept" in told
    assert versions() == [1], "shown is not taken"


def test_accepted_it_is_a_version_from_today(coach, good):
    said = coach("next", "accept")
    assert f"Plan version 2, from {today()}." in said.out
    plan = coach("plan", "--json").json
    assert (plan["version"], plan["starts_on"], plan["step"]) == (2, str(today()), 2)
    assert plan["items"][0]["planned_minutes"] == 11
    assert coach("week", monday() - timedelta(days=1), "--json").json["plan_version"] == 1
    assert coach("week", today(), "--json").json["plan_version"] == 2
    after = coach("next", "--json").json
    assert (after["offer"], after["answered"]) == (None, "accept")
    assert "You answered 'accept'" in coach("next").out


def test_to_stay_changes_nothing(coach, good, versions):
    assert "Your plan stays as it is" in coach("next", "stay").out
    assert versions() == [1]
    assert coach("next", "--json").json["offer"] is None


@pytest.mark.parametrize(("first", "second"), [("accept", "stay"), ("stay", "accept"), ("stay", "ask")])
def test_a_second_answer_is_told_kindly_and_changes_nothing(coach, good, counts, first, second):
    coach("next", first)
    before = counts()
    said = coach("next", second, code=1)
    assert f"you answered '{first}', and that stands" in said.err
    assert "what you said already" in coach("next", first).out
    assert counts() == before


def test_after_the_clinician_was_asked_the_step_can_still_be_taken(coach, good, versions):
    assert "ask your clinician first" in coach("next", "ask").out
    assert coach("next", "--json").json["offer"]["kind"] == "up"
    assert "what you said already" in coach("next", "ask").out
    coach("next", "accept")
    assert versions() == [1, 2]
    assert coach("next", "--json").json["answered"] == "accept"


def test_on_a_sore_day_a_step_up_waits(coach, good, counts):
    coach("pain", 7)
    before = counts()
    assert "Today is no day for more (pain is high" in coach("next", "accept", code=1).err
    assert counts() == before
    shown = coach("next")
    assert "Today is no day for more" in shown.out
    assert "coach next accept" not in shown.out
    assert coach("next", "--json").json["waits"] is True
    coach("next", "stay")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("excuse", "hold", "--by", "Dr Bo"), "a pause by your clinician"),
        (("excuse", "illness"), "illness"),
        (("flare", "start"), "a flare"),
    ],
)
def test_while_nothing_is_asked_no_step_is_taken(coach, good, counts, words, why):
    assert "11 min a walk" in coach("summary").out
    coach(*words)
    before = counts()
    assert f"Today is no day for more ({why})" in coach("next", "accept", code=1).err
    assert counts() == before
    said = coach("next", "--json").json
    assert (said["offer"]["kind"], said["waits"], said["excused"]) == ("up", True, words[1].replace("start", "flare"))
    assert "11 min a walk" not in coach("summary").out, "the letter shows no step either"
    coach("next", "stay")


def test_in_a_flare_it_does_not_begin_again(coach, setup, counts):
    coach(*setup(start=str(monday() - timedelta(days=21))))
    coach("flare", "start")
    before = counts()
    assert "Today is no day for more (a flare)" in coach("next", "accept", code=1).err
    assert counts() == before
    coach("flare", "end")
    coach("next", "accept")
    assert coach("plan", "--json").json["items"][0]["planned_minutes"] == 7


def test_a_plan_that_a_warning_sign_has_locked(coach, good, counts):
    coach("pain", 3, "--weakness", code=None)
    before = counts()
    for choice in ("accept", "stay", "ask"):
        assert "warning sign" in coach("next", choice, code=1).err
    assert counts() == before
    assert coach("next", "--json").json["locked"] is True


def test_a_plan_without_a_diagnosis(coach, setup):
    coach(*setup(diagnosed_by=None, diagnosed_on=None))
    assert "locked until a diagnosis is recorded" in coach("next", "accept", code=1).err
    assert "locked until a diagnosis is recorded" in coach("next").out


def test_without_a_plan(coach):
    assert "Nobody is set up" in coach("next", code=1).err
    coach("setup", "--name", "Ada", "--timezone", "UTC")
    assert "Ada has no plan yet" in coach("next", code=1).err


def test_when_nothing_is_offered(coach, setup, counts):
    coach(*setup(start=str(monday())))
    before = counts()
    assert "Nothing is offered after" in coach("next", "accept", code=1).err
    assert counts() == before
    assert "Nothing is decided of this week" in coach("next").out


def test_another_word_is_told_what_there_is(coach, ada):
    said = " ".join(coach("next", "maybe", code=2).err.replace("│", " ").split())
    assert "'maybe' is not one of 'accept', 'stay', 'ask'" in said


def test_after_two_weeks_off_it_begins_again_gently(coach, setup):
    coach(*setup(start=str(monday() - timedelta(days=21))))
    said = coach("next", "--json").json
    assert (said["offer"]["kind"], said["offer"]["reasons"]) == ("restart", ["time_off"])
    coach("next", "accept")
    plan = coach("plan", "--json").json
    assert (plan["items"][0]["planned_minutes"], plan["step"]) == (7, 1)
    assert coach("next", "--json").json["offer"] is None


def test_after_an_easy_week_the_dose_before_returns(coach, good, home):
    began = monday() - timedelta(days=21)
    with sqlite3.connect(home / "coach.db") as database:  # the same plan, two weeks earlier
        database.execute(
            "UPDATE plan_version SET starts_on = ?, document = json_set(document, '$.starts_on', ?)", [str(began)] * 2
        )
    shown = coach("next", "--json").json
    assert (shown["offer"]["kind"], shown["offer"]["reasons"]) == ("easy", ["fourth_week"])
    returns = monday() + timedelta(days=7)
    assert f"the dose before returns on {returns:%A, %Y-%m-%d}" in coach("next").out
    assert coach("next", "accept", "--json").json["versions"] == [2, 3]
    _, easy, after = coach("plan", "history", "--json").json
    assert (easy["starts_on"], easy["easy"]) == (str(today()), True)
    assert (after["starts_on"], after["easy"]) == (str(returns), False)
    plan = coach("plan", "--json").json
    assert (plan["version"], plan["items"][0]["planned_minutes"]) == (2, 8)
    assert "An easy week" in coach("plan").out
    assert coach("plan", "show", 3, "--json").json["items"][0]["planned_minutes"] == 10
