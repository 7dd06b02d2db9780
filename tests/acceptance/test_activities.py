"""`coach activities` and `coach activity`: what was recorded, each person's own."""

import pytest


def test_activities_are_listed_newest_first(coach, ada, watch):
    assert coach("activities", "--json").json == []
    assert "Nothing was recorded yet" in coach("activities").out
    imported = [each for line in coach("import", watch, "--json").lines for each in line["activities"]]
    listed = coach("activities", "--json").json
    assert sorted(listed, key=lambda each: each["id"]) == sorted(imported, key=lambda each: each["id"])
    starts = [each["started_at"] for each in listed]
    assert starts == sorted(starts, reverse=True)
    assert coach("activities", "--json", "--limit", 1).json == listed[:1]
    told = coach("activities").out
    assert {"walking", "swimming", "bike", "17:30", "2026-06-04"} <= set(told.split()), "in the person's own time"


def test_one_activity(coach, ada, watch):
    coach("import", watch)
    listed = {each["id"]: each for each in coach("activities", "--json").json}
    for number, each in listed.items():
        shown = coach("activity", number, "--json").json
        assert {name: shown[name] for name in each} == each
    told = coach("activity", 1).out
    assert "counts as level_walk" in told
    assert "elapsed, s" in told


@pytest.mark.parametrize(("number", "code"), [("77", 1), ("abc", 2), ("0", 2), ("99999999999999999999", 2)])
def test_an_activity_that_is_not_there(coach, ada, number, code):
    said = coach("activity", number, code=code)
    assert said.out == ""
    assert said.err


def test_persons_who_share_a_database_see_their_own(coach, setup, ada, watch):
    coach(*setup(name="Bea", email="bea@example.org"))
    assert "--person: Ada, Bea" in coach("import", watch, code=2).err
    lines = coach("import", watch, "--person", "Ada", "--json").lines
    numbers = [each["id"] for line in lines for each in line["activities"]]
    assert coach("activities", "--person", "Bea", "--json").json == []
    for number in numbers:
        assert coach("activity", number, "--person", "Ada", "--json").json["id"] == number
        told = coach("activity", number, "--person", "Bea", "--json", code=1)
        assert (told.out, told.err) == ("", f"There is no activity {number}. `coach activities` lists them.\n")
    own = coach("import", watch / "GARMIN" / "Activity" / "walk.fit", "--person", "Bea", "--json").lines
    assert own[0]["outcome"] == "stored", "the same file is each person's own"
    assert own[0]["activities"][0]["id"] not in numbers
    for command in (["activities"], ["activity", 1], ["plan"], ["week"], ["summary"], ["nudges"]):
        assert "--person" in coach(*command, code=2).err
