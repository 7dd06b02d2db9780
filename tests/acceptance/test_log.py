"""`coach log` and `coach label`: what no sensor knows."""

import pytest

from coach.plan import Exercise


@pytest.fixture
def swim(coach, ada, watch) -> int:
    coach("import", watch)
    return next(each["id"] for each in coach("activities", "--json").json if each["sport"] == "swimming")


def test_a_session_that_was_entered_is_shown_as_self_report_everywhere(coach, ada):
    entered = coach("log", "level_walk", 20, "--at", "2026-06-03T18:00", "--fast", 5, "--borg", 12, "--json").json
    assert (entered["exercise"], entered["exercise_reason"]) == ("level_walk", "entered by hand")
    assert (entered["started_at"], entered["duration_s"]) == ("2026-06-03T16:00:00+00:00", 1200)  # Berlin's own time
    assert entered["self_reported"] is True
    assert entered["label"] == {"exercise": None, "borg": 12, "water_c": None}
    assert entered["minutes"] == {"moving": 20, "fast": 5, "uphill": 0}
    (listed,) = coach("activities", "--json").json
    assert listed["self_reported"] is True
    assert "self-report" in coach("activities").out
    shown = coach("activity", entered["id"]).out
    assert "self-report" in shown
    assert "Grade unavailable: entered by hand." in shown
    assert "You said: felt like 12 of 20." in shown


def test_it_counts_in_its_week(coach, ada):
    number = coach("log", "level_walk", 10, "--at", "2026-06-03T18:00", "--json").json["id"]
    week = coach("week", "2026-W23", "--json").json
    walks = next(item for item in week["items"] if item["activity"] == "level_walk")
    (session,) = [each for each in walks["sessions"] if each["activity_ids"] == [number]]
    assert session["credited_minutes"] == 10


def test_a_slip_is_taken_back(coach, ada, counts):
    before = counts()
    number = coach("log", "swim", 20, "--json").json["id"]
    assert coach("log", "--remove", number, "--json").json == {"removed": number}
    told = {"contact": 0, "access_log": 0}  # that it was heard of, and that somebody took it back
    assert {**counts(), **told} == {**before, **told}
    assert f"no activity {number}" in coach("log", "--remove", number, code=1).err


def test_a_recording_that_is_deleted_stays_away(coach, ada, watch, swim):
    assert f"`coach activity {swim} --delete`" in coach("log", "--remove", swim, code=1).err
    assert coach("activity", swim, "--delete", "--json").json == {"removed": swim}
    assert f"no activity {swim}" in coach("activity", swim, code=1).err
    before = coach("activities", "--json").json
    assert "You deleted this recording" in coach("import", watch).out
    assert coach("activities", "--json").json == before
    coach("import", watch, "--again")
    assert len(coach("activities", "--json").json) == len(before) + 1


def test_how_hard_it_felt_is_asked_where_the_plan_goes_by_that(coach, setup):
    """Clinical rules, section 3: in water Borg is primary, and with a beta blocker it is all there is."""
    coach(*setup())
    swim = coach("log", "swim", 15, "--at", "2026-06-03T10:00", "--json")
    assert f"`coach label {swim.json['id']} --borg N`" in swim.err
    assert "--borg" not in coach("label", swim.json["id"], "--borg", 12).err
    assert "--borg" not in coach("log", "level_walk", 10, "--at", "2026-06-03T18:00").err
    coach("setup", "--beta-blocker")
    walk = coach("log", "level_walk", 10)
    assert "--borg N" in walk.err


def test_a_locked_plan_is_told_of(coach, setup):
    coach(*setup(diagnosed_by=None, diagnosed_on=None))
    assert "locked until a diagnosis is recorded" in coach("log", "level_walk", 10).err
    coach("setup", "--diagnosed-by", "Dr Bo", "--diagnosed-on", "2026-05-01")
    assert "locked" not in coach("log", "level_walk", 10, "--at", "2026-06-03T18:00").err
    coach("signs", "--yes", "fall")
    said = coach("log", "level_walk", 10, "--at", "2026-06-04T18:00", "--json")
    assert "Your plan is locked since" in said.err
    assert len(said.json["advice"]) == 1


def test_hot_water_is_told_of_and_not_refused(coach, ada):
    said = coach("log", "hot_pool_exercise", 20, "--water-c", 38, "--borg", 11, "--json")
    assert len(said.json["advice"]) == 2
    assert "ask your clinician first" in said.json["advice"][0]
    assert "hot water is rest" in said.json["advice"][1]
    assert (
        coach("log", "pool_walk", 20, "--at", "2026-06-01T10:00", "--water-c", 30, "--borg", 11, "--json").json[
            "advice"
        ]
        == []
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nap", 20], "There is no exercise 'nap'. Known: level_walk, "),
        (["level_walk"], "how many minutes"),
        ([], "how many minutes"),
        (["level_walk", 0], "A session has 1 to 720 minutes."),
        (["level_walk", 2000], "A session has 1 to 720 minutes."),
        (["swim", 20, "--fast", 3], "Only a walk has fast minutes."),
        (["level_walk", 20, "--at", "2099-01-01T10:00"], "would end in the future"),
        (["level_walk", 20, "--at", "1900-01-01T10:00"], "1900-01-01 lies before the year of birth, 1970."),
        (["level_walk", 20, "--at", "2026-06-01T10:10"], "entered for that time already"),
        (["pool_walk", 20, "--water-c", 60], "5 to 45"),
        (["level_walk", 30, "--water-c", 38], "Only a session in the water has a water temperature."),
        (["pool_walk", 20, "--borg", 3], "6 (none at all) to 20"),
        (["pool_walk", 20, "--remove", 1], "--remove"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence_and_changes_nothing(coach, ada, counts, words, sentence):
    coach("log", "level_walk", 20, "--at", "2026-06-01T10:00")
    before = counts()
    assert sentence in coach("log", *words, code=2).err
    assert counts() == before


def test_a_pool_swim_was_a_pool_walk(coach, swim):
    labelled = coach("label", swim, "pool_walk", "--water-c", 31, "--borg", 11, "--json").json
    assert (labelled["exercise"], labelled["exercise_reason"]) == ("pool_walk", "as you said")
    assert labelled["label"] == {"exercise": "pool_walk", "borg": 11, "water_c": 31}
    assert labelled["minutes"]["timer"] > 0
    assert labelled["advice"] == []
    assert coach("activity", swim, "--json").json["exercise"] == "pool_walk"
    back = coach("label", swim, "--forget", "--json").json
    assert (back["exercise"], back["label"]) == ("swim", None)
    assert "Nothing was said" in coach("label", swim, "--forget", code=1).err


@pytest.mark.parametrize("written", ["pool_walk", "pool-walk", "Pool walk"])
def test_an_exercise_may_be_written_as_people_write(coach, swim, written):
    assert "counts as pool walk" in coach("label", swim, written).out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["level_walk"], "A recording of swimming cannot have been a walk. Possible: swim, pool_walk, "),
        (["exercise_bike"], "Possible: swim, pool_walk, "),
        (["nap"], f"Known: {', '.join(Exercise)}"),
        ([], "Say what it was"),
        (["pool_walk", "--water-c", "60"], "5 to 45"),
        (["pool_walk", "--forget"], "--forget"),
    ],
)
def test_a_label_that_cannot_be_is_a_sentence_and_changes_nothing(coach, swim, counts, words, sentence):
    before = counts()
    assert sentence in coach("label", swim, *words, code=2).err
    assert counts() == before


def test_a_walk_has_no_water_temperature(coach, ada, watch, counts):
    coach("import", watch)
    walk = next(each["id"] for each in coach("activities", "--json").json if each["sport"] == "walking")
    before = counts()
    assert "Only a session in the water" in coach("label", walk, "--water-c", 38, code=2).err
    assert counts() == before
    assert coach("label", walk, "pool_walk", "--water-c", 31, "--json").json["label"]["water_c"] == 31


def test_what_is_not_there(coach, ada):
    assert "no activity 99" in coach("label", 99, "swim", code=1).err


def test_another_resting_heart_rate_measures_what_was_recorded_again(coach, ada, watch):
    coach("import", watch)
    assert "Measured by the new heart-rate ranges: 4 recordings." in coach("setup", "--resting-hr", 50).err
    assert "Measured" not in coach("setup", "--resting-hr", 50).err
    assert "Measured" not in coach("setup", "--email", "ada@example.com").err


def test_after_a_swim_a_bad_shoulder_is_asked_for(coach, setup):
    coach(*setup(), "--shoulder-injury")
    assert "How is your shoulder" in coach("log", "swim", 15).err
    assert "shoulder" not in coach("log", "pool_walk", 15, "--at", "2026-06-01T09:00").err
