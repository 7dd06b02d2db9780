"""`coach replay`: the same weeks, measured anew or under another plan."""

import sqlite3

import pytest


@pytest.fixture
def june(ada, coach, watch) -> None:
    """Ada's first week: a walk, a swim, a ride and a walk over a hill."""
    coach("import", watch)


def weeks(coach, *words) -> dict[str, dict]:
    return {each["week"]: each for each in coach("replay", *words, "--json").json["weeks"]}


def test_nothing_differs_where_nothing_has_changed(june, coach):
    found = weeks(coach)
    assert min(found) == "2026-W23"
    assert all(each["changes"] == [] and each["before"] == each["after"] for each in found.values())
    assert "None of" in coach("replay").out


def test_another_plan_is_held_against_the_same_weeks(june, coach, tmp_path):
    coach("plan", "export", tmp_path / "plan.toml")
    plan = (tmp_path / "plan.toml").read_text()
    (tmp_path / "plan.toml").write_text(plan.replace("minutes = 10", "minutes = 30", 1))
    first = weeks(coach, "--plan", tmp_path / "plan.toml")["2026-W23"]
    assert "score" in first["changes"]
    assert first["after"]["score"] < first["before"]["score"]
    assert weeks(coach)["2026-W23"]["after"] == first["before"], "nothing was changed by looking"


def test_what_an_older_program_measured_is_told_and_kept_anew_when_asked(june, coach, home):
    with sqlite3.connect(home / "coach.db") as database:
        database.execute("UPDATE activity_effort SET spans = '[[0.0, 60.0]]' WHERE predicate = 'moving'")
        database.execute("UPDATE activity SET algorithm = 1")
    first = weeks(coach)["2026-W23"]
    assert "score" in first["changes"]
    assert first["before"]["score"] < first["after"]["score"]
    assert weeks(coach, "--write")["2026-W23"]["changes"]
    assert weeks(coach)["2026-W23"]["changes"] == []
    with sqlite3.connect(home / "coach.db") as database:
        assert {row[0] for row in database.execute("SELECT algorithm FROM activity")} != {1}


def test_only_from_a_week_on(june, coach):
    assert min(weeks(coach, "--from", "2026-W30")) == "2026-W30"
    assert coach("replay", "--from", "2099-W01").out == "There is no week to judge again from 2099-W01 on.\n"
    assert coach("replay", "--from", "2099-W01", "--json").json["weeks"] == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--plan", "missing.toml"], "cannot be read"),
        (["--from", "soon"], "neither a week nor a date"),
        (["--person", "Eve"], "no one called 'Eve'"),
    ],
)
def test_what_cannot_be(june, coach, words, sentence):
    said = coach("replay", *words, code=None)
    assert said.code in {1, 2}
    assert sentence in said.err


def test_nobody_has_a_plan(coach):
    coach("setup", "--name", "Ada", "--timezone", "Europe/Berlin")
    assert "no plan yet" in coach("replay", code=1).err
