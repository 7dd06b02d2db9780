"""The whole corpus of real files through the command line."""

import sqlite3
from pathlib import Path

import pytest

pytestmark = pytest.mark.corpus

TOLERANCE = 0.01
PARTIAL = {"other/strava-android-app-201.10-b1218918.fit", "ride/nick.fit"}
"""Files that are cut or changed; all others are read to the end."""


@pytest.fixture(scope="module")
def imported(tmp_path_factory, corpus, coach):
    """The corpus imported twice in one home, for all tests here: (first, second, row counts after each)."""
    home = tmp_path_factory.mktemp("corpus") / "home"

    def run(*words, code=0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COACH_HOME", str(home))
            return coach(*words, code=code)

    def rows() -> dict[str, int]:
        with sqlite3.connect(home / "coach.db") as database:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}  # noqa: S608

    words = ["--name", "Ada", "--timezone", "Europe/Berlin", "--condition", "disc_herniation", "--start", "2010-01-01"]
    run("setup", *words, "--diagnosed-by", "Dr Bo", "--diagnosed-on", "2010-01-01")
    told = []
    for _ in range(2):
        ended = run("import", corpus, "--json", code=None)
        assert ended.err == ""
        lines = {str(Path(line["path"]).relative_to(corpus)): line for line in ended.lines}
        told.append((ended.code, lines, rows()))
    return [*told, run]


def test_every_file_has_an_outcome(imported, corpus):
    (code, lines, _), *_ = imported
    assert len(lines) == len(list(corpus.rglob("*.fit"))) == 44
    outcomes = {file: line["outcome"] for file, line in lines.items()}
    assert outcomes == {file: "partial" if file in PARTIAL else "stored" for file in lines}
    assert code == 0
    assert all(bool(line["reason"]) == (line["outcome"] != "stored") for line in lines.values())


def test_facts(imported, facts):
    (_, lines, _), *_ = imported
    activities = lines[facts["file"]]["activities"]
    assert len(activities) == (int(facts["sessions"]) or 1)  # one that was cut before its summary is one
    assert "+".join(dict.fromkeys(each["sport"] for each in activities)) == facts["sport"]
    for key, fact in (("duration_s", "duration_s"), ("distance_m", "distance_m")):
        total = sum(each[key] or 0 for each in activities)
        if facts[fact]:
            assert total == pytest.approx(float(facts[fact]), rel=TOLERANCE)
    assert sum(each["lengths"] for each in activities) == int(facts["lengths"])
    if facts["pool_length_m"]:
        (swim,) = activities
        assert swim["pool_length_m"] == float(facts["pool_length_m"])
        if swim["active_lengths"]:
            assert swim["active_lengths"] * swim["pool_length_m"] == pytest.approx(
                float(facts["distance_m"]), rel=TOLERANCE
            )


def test_a_second_run_brings_nothing_new(imported):
    (_, first, before), (code, second, after), _ = imported
    for file, line in second.items():
        assert line["outcome"] == "duplicate"
        assert line["activities"] == first[file]["activities"]
    assert code == 0
    assert after == before


def test_the_hike_uphill_is_left_out_by_one_plan_and_asked_for_by_another(imported, coach, corpus):
    (_, lines, _), _, run = imported
    (hike,) = lines["walk/hike_with_coordinates_muggenbrunn.fit"]["activities"]
    week = run("week", "2019-12-07", "--json").json
    (violation,) = (
        each for each in week["violations"] if each["activity_id"] == hike["id"] and each["code"] == "uphill_avoid"
    )
    assert violation["severity"] == "major"
    assert violation["minutes"] == pytest.approx(68, abs=3)
    uphill = run("activity", hike["id"], "--json").json["minutes"]
    assert uphill["uphill"] == pytest.approx(violation["minutes"], abs=0.1)
    assert uphill["moving"] == pytest.approx(152, abs=5)

    other = {"--name": "Bea", "--timezone": "Europe/Berlin", "--condition": "spinal_stenosis", "--start": "2010-01-01"}
    words = [word for each in other.items() for word in each]
    coach("setup", *words, "--diagnosed-by", "Dr Cy", "--diagnosed-on", "2010-01-01", "--flexion-tolerated")
    (line,) = coach("import", corpus / "walk" / "hike_with_coordinates_muggenbrunn.fit", "--json").lines
    (hike,) = line["activities"]
    week = coach("week", "2019-12-07", "--json").json
    assert "uphill_avoid" not in {each["code"] for each in week["violations"]}
    items = {item["activity"]: item for item in week["items"]}
    (session,) = (each for each in items["uphill_walk"]["sessions"] if each["activity_id"] == hike["id"])
    assert session["eligible_minutes"] == pytest.approx(violation["minutes"], abs=0.1), "before too_long takes its part"
    assert session["credited_minutes"] < session["eligible_minutes"]
    assert "too_long" in {each["code"] for each in week["violations"]}


def test_every_figure_is_json_and_a_week_can_be_told(imported):
    _, _, run = imported
    listed = run("activities", "--json").json
    assert len(listed) >= 43
    days = {each["started_at"][:10] for each in listed}
    for day in (min(days), max(days)):
        told = run("summary", day, "--format", "html")
        assert told.err == ""
