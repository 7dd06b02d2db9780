"""`coach explain`: where every minute went, and why."""

import re
from pathlib import Path

import pytest

KEYS = {"week", "status", "plan_version", "score", "band", "excused", "items", "sessions"}
SESSION = {
    *("activity_ids", "activity", "day", "started_at", "ended_at", "self_reported", "verdict", "entries", "inside"),
    *("uphill", "violations", "notes"),
}


@pytest.fixture
def imported(coach, ada, watch) -> dict[str, int]:
    """The week's activities: number by name."""
    lines = coach("import", watch, "--json").lines
    return {Path(line["path"]).stem: line["activities"][0]["id"] for line in lines}


def session_of(explained, number):
    return next(each for each in explained["sessions"] if number in each["activity_ids"])


def test_the_keys(coach, imported):
    explained = coach("explain", "2026-W23", "--json").json
    assert explained.keys() == KEYS
    assert [each["activity"] for each in explained["items"]] == ["level_walk", "swim", "pool_walk"]
    assert len(explained["sessions"]) == 4
    assert all(each.keys() == SESSION for each in explained["sessions"])


def test_the_entries_cover_each_session_once(coach, imported):
    for session in coach("explain", "2026-W23", "--json").json["sessions"]:
        edges = [edge for each in session["entries"] for edge in (each["from"], each["to"])]
        assert edges == sorted(edges)
        assert edges[1:-1:2] == edges[2::2], "no gap and no overlap"
        assert edges[0] == session["started_at"]
        assert all(each["reason"] for each in session["entries"])


def test_it_prints_what_the_week_was_judged_by(coach, imported):
    judged, explained = coach("week", "2026-W23", "--json").json, coach("explain", "2026-W23", "--json").json
    assert explained["score"] == judged["score"]
    for item in judged["items"]:
        for session in item["sessions"]:
            entries = session_of(explained, session["activity_id"])["entries"]
            taken = {(each["from"], each["to"], each["reason"]) for each in entries}
            assert {(each["from"], each["to"], each["reason"]) for each in session["excluded"]} <= taken
    found = [each for session in explained["sessions"] for each in session["violations"]]
    assert [(each["code"], each["severity"], each["minutes"]) for each in found] == [
        (each["code"], each["severity"], each["minutes"]) for each in judged["violations"]
    ]
    assert all(each["because"] for each in found)


def test_a_week_for_people(coach, imported):
    told = coach("explain", "2026-06-04").out
    assert told.startswith("2026-W23 (complete)")
    assert re.search(r"W = \(50 x \d+\.\d \+ 30 x \d+\.\d\) / 80 = \d+\.\d\. On plan from 80", told)
    assert "walks: 5 x 10 min asked" in told
    assert re.search(r"F = 2/5 = 0\.400 +D = \d+\.\d/50", told)
    assert "counted for your walk, each minute as 0.8" in told  # the ride
    assert "verdict unknown: the morning after was not told" in told
    assert "_" not in told.replace("uphill_avoid", "").replace("too_long", "")


def test_one_session_for_people(coach, imported):
    told = " ".join(coach("explain", imported["hill"]).out.split())
    assert told.startswith("Thu 2026-06-04 17:30-17:45: walk #")
    assert re.search(r"17:\d\d:\d\d 17:\d\d:\d\d \d\.\d \d\.\d % uphill, which your plan leaves out for now", told)
    assert re.search(r"uphill_avoid: 6(\.\d)? min uphill: more than 5 min; \d+(\.\d)? % of the walk uphill", told)
    assert "so major" in told
    assert "swim" not in told


def test_pain_and_its_verdict(coach, imported):
    coach("pain", "2", "--phase", "pre", "--activity", imported["walk"], "--at", "2026-06-01T17:25")
    coach("pain", "5", "--phase", "peak", "--activity", imported["walk"], "--at", "2026-06-01T17:45")
    coach("pain", "3", "--phase", "morning", "--at", "2026-06-02T08:00")
    told = " ".join(coach("explain", imported["walk"]).out.split())
    assert "verdict amber: pain went past the limit of your plan" in told
    assert "pain_over_limit: pain went past the limit of your plan, so minor" in told


def test_before_the_plan_every_minute_says_so(coach, setup, watch):
    coach(*setup(start="2026-06-03"))
    lines = coach("import", watch, "--json").lines
    walk = next(line["activities"][0]["id"] for line in lines if line["path"].endswith("walk.fit"))
    explained = coach("explain", walk, "--json").json
    assert {each["reason"] for each in explained["sessions"][0]["entries"]} <= {"not_started", "no_data"}
    assert "before your plan began" in coach("explain", walk).out
    assert explained["excused"] == {"2026-06-01": "not_started", "2026-06-02": "not_started"}


def test_a_week_without_a_plan(coach, setup, watch):
    coach(*setup(start="2026-07-01"))
    coach("import", watch)
    told = coach("explain", "2026-W23").out
    assert "no plan in that week" in told
    assert "before your plan began" in told


@pytest.mark.parametrize("what", ["soon", "2026-W54", "-", "1.5"])
def test_what_is_neither_a_week_nor_a_number(coach, ada, what):
    said = coach("explain", what, code=2)
    assert f"'{what}'" in said.err
    assert said.out == ""


@pytest.mark.parametrize("number", ["99", "0", "99999999999999999999"])
def test_an_activity_that_is_not_there(coach, ada, number):
    said = coach("explain", number, code=1)
    assert "`coach activities` lists them" in said.err


def test_a_sport_that_no_plan_asks_for(coach, ada, corpus):
    [line] = coach("import", corpus / "other" / "garmin-fenix-5-run.fit", "--json").lines
    said = coach("explain", line["activities"][0]["id"], code=1)
    assert "counts for nothing in a plan" in said.err


@pytest.mark.corpus
def test_the_real_hike_shows_its_uphill_minutes_with_times_and_grades(coach, setup, corpus):
    """152.3 min of walking in the Black Forest, 68.1 of them uphill, under a disc herniation."""
    coach(*setup(start="2019-12-02", diagnosed_on="2019-11-30"))
    path = corpus / "walk" / "hike_with_coordinates_muggenbrunn.fit"
    [line] = coach("import", path, "--json").lines
    [session] = coach("explain", line["activities"][0]["id"], "--json").json["sessions"]
    uphill = [each for each in session["entries"] if each["reason"] == "uphill_avoid"]
    assert sum(each["minutes"] for each in uphill) == pytest.approx(68.1, abs=0.1)
    assert len(session["uphill"]) > 20
    long = [each for each in session["uphill"] if minutes(each) >= 1]
    assert all(each["grade_pct"] >= 2 for each in long)
    assert max(each["grade_pct"] for each in long) > 15
    moving = sum(each["minutes"] for each in session["entries"] if each["reason"] not in {"standing_still", "no_data"})
    assert moving == pytest.approx(152.3, abs=0.1)
    told = " ".join(coach("explain", line["activities"][0]["id"]).out.split())
    assert "13:54:36 14:04:46 10.2 4.8 % uphill, which your plan leaves out for now" in told
    assert "uphill_avoid: 68.1 min uphill: more than 5 min; 44.7 % of the walk uphill: more than 20 %" in told


def minutes(stretch):
    from datetime import datetime

    begun, ended = (datetime.fromisoformat(stretch[each]) for each in ("from", "to"))
    return (ended - begun).total_seconds() / 60


def test_where_effort_is_missing_it_says_how_to_tell_it(coach, ada, tmp_path):
    plan = tmp_path / "ada.toml"
    coach("plan", "export", plan)
    plan.write_text(
        plan.read_text().replace("nested_in =", "by_effort = true\nnested_in =").replace("step = 1", "step = 3")
    )
    coach("plan", "import", plan)
    number = coach("log", "level_walk", 10, "--json").json["id"]
    told = coach("explain", number).out
    assert "effort unavailable" in told
    assert f"`coach label {number} --borg N`" in told
    coach("label", number, "--borg", 13)
    assert "--borg" not in coach("explain", number).out
