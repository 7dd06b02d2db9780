"""`coach flare`, as a person uses it."""

from datetime import UTC, datetime, timedelta

from sentences import flat


def test_a_flare_shows_the_shorter_form_of_the_plan(coach, ada):
    assert "No flare is going on" in coach("flare").out
    told = flat(coach("flare", "start").out)
    assert "day 1" in told
    assert "Nothing is asked of you while it lasts" in told
    assert "Walks: up to 5 a week of 5 min, in bouts of 5 min or less, with a rest between" in told
    assert "Swims" not in told
    said = coach("flare", "--json").json
    assert said.keys() == {"flare", "before", "items", "contact_clinician", "locked"}
    assert said["flare"].keys() == {"began_at", "ended_at", "ended_by", "day", "baseline"}
    assert {each["activity"] for each in said["items"]} <= {"level_walk", "pool_walk"}
    assert said["items"][0] == {
        "activity": "level_walk",
        "planned_sessions": 5,
        "planned_minutes": 5,
        "bout_minutes": 5,
    }
    assert "begin again with a shorter step" in flat(coach("flare", "end").out)
    assert coach("flare", "--json").json["before"][0]["ended_by"] == "word"


def test_two_mornings_near_the_usual_end_it(coach, ada):
    for day, pain in ((1, 2), (2, 2), (4, 6), (5, 3), (6, 3)):
        coach("pain", pain, "--phase", "morning", "--at", f"2026-06-0{day}T08:00")
    said = coach("flare", "start", "--at", "2026-06-03T09:00", "--json").json
    assert said["flare"] is None
    assert (said["before"][0]["ended_by"], said["before"][0]["baseline"]) == ("mornings", 2.0)
    assert "Two mornings near your usual: the flare is over." in flat(coach("flare").out)


def test_at_day_seven_and_at_the_second_flare_it_is_for_the_clinician(coach, ada):
    began = datetime.now(UTC) - timedelta(days=6)
    assert "contact your clinician" in coach("flare", "start", "--at", began.isoformat()).out
    coach("flare", "end")
    said = coach("flare", "start", "--json").json
    assert said["contact_clinician"] == ["This is the second flare in four weeks: contact your clinician."]


def test_on_a_locked_plan_a_flare_shows_no_exercise(coach, ada):
    coach("signs", "--yes", "fall")
    told = flat(coach("flare", "start").out)
    assert "Your plan is locked since" in told
    assert "Walks" not in told
    assert coach("flare", "--json").json["items"] == []


def test_flares_that_contradict_each_other(coach, ada, unchanged):
    with unchanged():
        assert "No flare is going on" in coach("flare", "end", code=1).err
        assert "lies in the future" in coach("flare", "start", "--at", "2099-01-01T08:00", code=2).err
        assert "give it with `start` or `end`" in coach("flare", "--at", "2026-06-01T08:00", code=2).err
    coach("flare", "start", "--at", "2026-06-03T09:00")
    with unchanged():
        assert "going on since Wed 2026-06-03 09:00 already" in flat(coach("flare", "start", code=1).err)
        assert "ended before that" in flat(coach("flare", "end", "--at", "2026-06-03T08:59", code=2).err)
    coach("flare", "end", "--at", "2026-06-05T09:00")
    with unchanged():
        assert "cannot have begun before" in flat(coach("flare", "start", "--at", "2026-06-04T09:00", code=1).err)
