"""`coach pain`, as a person uses it."""

from datetime import UTC, datetime, timedelta

import pytest
from sentences import SAME_DAY, flat

CHECK_IN = {"id", "at", "phase", "pain", "extent", "numbness", "weakness", "shoulder", "activity_id"}
NOTED = CHECK_IN | {
    *("phase_said", "told", "locked", "questions", "questions_offered", "flare_offered", "sessions"),
}


def test_the_keys(coach, ada):
    said = coach("pain", 4, "--phase", "pre", "--extent", "below-knee", "--shoulder", 2, "--json").json
    assert said.keys() == NOTED
    assert (said["pain"], said["extent"], said["shoulder"], said["phase_said"]) == (4, "below-knee", 2, True)
    assert (said["told"], said["locked"], said["flare_offered"]) == ([], False, False)
    (listed,) = coach("pain", "--json").json
    assert listed == {name: said[name] for name in CHECK_IN}


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ({"pre": 2, "peak": 3, "post": 2, "morning": 3}, {"colour": "green", "reasons": ["settled"]}),
        (
            {"pre": 2, "peak": 5, "post": 4, "morning": 3},
            {"colour": "amber", "reasons": ["peak_over_limit", "post_up"]},
        ),
        ({"pre": 2, "peak": 3, "post": 3, "morning": 4}, {"colour": "red", "reasons": ["morning_up"]}),
        ({"pre": 1, "peak": 2, "post": 2}, {"colour": "unknown", "reasons": ["no_morning"]}),
        ({"pre": 3, "peak": 6, "post": 4, "morning": 3}, {"colour": "red", "reasons": ["peak_high"]}),
    ],
)
def test_the_vectors_on_a_walk(coach, walked, answers, verdict):
    when = {"pre": "01T17:20", "peak": "01T17:43", "post": "01T17:50", "morning": "02T08:00"}
    for phase, score in answers.items():
        said = coach("pain", score, "--phase", phase, "--at", f"2026-06-{when[phase]}", "--json").json
    assert said["sessions"] == [{"activity_ids": [walked], "verdict": verdict}]
    assert said["questions_offered"] is (verdict["colour"] == "red")


def test_after_a_red_the_questions_are_offered(coach, walked):
    coach("pain", 2, "--phase", "pre", "--activity", walked)  # named: said much later, and of that walk all the same
    told = coach("pain", 6, "--phase", "peak", "--activity", walked).out
    assert "The walk of Monday: too much for now: pain was high during the session." in flat(told)
    assert "the warning-sign questions are worth a minute: `coach signs`" in flat(told)


def test_the_clock_tells_the_phase_and_it_is_said(coach, walked):
    def phase(at: str) -> str:
        said = coach("pain", 2, "--at", f"2026-06-{at}", "--json").json
        assert said["phase_said"] is False
        return said["phase"]

    taken = [phase(at) for at in ("01T17:00", "01T17:35", "01T17:50", "01T18:00", "02T08:00", "02T08:30")]
    assert taken == ["pre", "peak", "post", "pre", "morning", "pre"]
    told = flat(coach("pain", 2, "--at", "2026-06-02T14:00").out)
    assert "before a session: pain 2. Taken as `pre`, by the clock; --phase says otherwise." in told


def test_an_instant_without_an_offset_is_the_persons_own_time(coach, ada):
    assert coach("pain", 2, "--at", "2026-06-01T08:00", "--json").json["at"] == "2026-06-01T06:00:00+00:00"
    assert coach("pain", 2, "--at", "2026-06-01T08:00+00:00", "--json").json["at"] == "2026-06-01T08:00:00+00:00"


def test_what_was_long_ago_counts_and_is_told(coach, ada):
    assert "more than two weeks ago" in flat(coach("pain", 2, "--at", "2026-06-01T08:00").out)


def test_a_morning_out_of_hours_is_told(coach, ada):
    assert "Said outside 04:00 to 12:00" in flat(coach("pain", 2, "--phase", "morning", "--at", "2026-06-01T14:00").out)


def test_it_is_listed_for_two_weeks(coach, ada):
    recent = datetime.now(UTC) - timedelta(days=13)
    coach("pain", 2, "--at", recent.isoformat())
    coach("pain", 3, "--at", (recent - timedelta(days=2)).isoformat())
    coach("pain", 5, "--numbness", "--at", datetime.now(UTC).isoformat())
    assert [each["pain"] for each in coach("pain", "--json").json] == [5, 2]
    assert "numbness" in coach("pain").out


def test_without_anything_told_yet(coach, ada):
    assert "Nothing was told in the last two weeks" in coach("pain").out
    assert coach("pain", "--json").json == []


def test_a_slip_is_taken_back(coach, ada):
    number = coach("pain", 8, "--json").json["id"]
    assert "Taken back" in coach("pain", "--remove", number).out
    assert coach("pain", "--json").json == []
    assert f"no check-in {number}" in coach("pain", "--remove", number, code=1).err


def test_six_before_a_session_offers_the_flare_plan(coach, ada):
    assert "coach flare start" in coach("pain", 6, "--phase", "pre").out
    assert "flare" not in coach("pain", 5, "--phase", "pre").out
    assert "flare" not in coach("pain", 6, "--phase", "post").out


def test_new_weakness_is_told_on_the_spot_and_locks(coach, ada):
    said = coach("pain", 3, "--phase", "post", "--weakness")
    assert said.out.startswith(f"{SAME_DAY}\n")
    assert "Your plan is locked since" in flat(said.out)
    assert "Your plan is locked since" in flat(coach("pain").err)
    said = coach("pain", "--weakness", "--json").json
    assert (said["told"], said["locked"], said["pain"]) == ([SAME_DAY], True, None)


def test_new_numbness_brings_up_the_questions_at_once(coach, ada):
    told = flat(coach("pain", 3, "--phase", "post", "--numbness").out)
    assert "New numbness brings up the warning-sign questions." in told
    assert "genitals, inner thighs or back passage?" in told
    said = coach("pain", 3, "--phase", "post", "--numbness", "--json").json
    assert (said["locked"], said["told"], said["questions_offered"]) == (False, [], True)
    assert said["questions"][0] == {
        "code": "saddle_numbness",
        "level": "emergency",
        "question": "Do you have numbness around the genitals, inner thighs or back passage?",
    }
    assert said["questions"] == coach("signs", "--list", "--json").json


def test_on_a_locked_plan_no_flare_plan_is_offered(coach, ada):
    coach("signs", "--yes", "fall")
    assert "flare" not in coach("pain", 7, "--phase", "pre").out
    assert coach("pain", 7, "--phase", "pre", "--json").json["flare_offered"] is False


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["11"], "Pain is a whole number from 0 (none) to 10 (the worst there is): 11 is not."),
        (["--shoulder", "11"], "Shoulder pain is a whole number from 0"),
        (["3", "--at", "2099-01-01T08:00"], "2099-01-01 08:00 lies in the future."),
        (["3", "--at", "1969-12-31T08:00"], "1969-12-31 lies before the year of birth, 1970."),
        (["--phase", "pre"], "Nothing is said of how it is"),
        (["--activity", "1"], "Nothing is said of how it is"),
        (["3", "--remove", "1"], "--remove takes one check-in back"),
        (["3", "--extent", "knee"], "knee"),
        (["3", "--phase", "later"], "later"),
        (["much"], "'much' is not a score"),
        (["3.5"], "'3.5' is not a score"),
    ],
)
def test_what_cannot_be_told(coach, ada, unchanged, words, sentence):
    with unchanged():
        assert sentence in flat(coach("pain", *words, code=2).err)


def test_an_activity_of_another_person(coach, walked, setup, unchanged):
    coach(*setup(name="Bea"))
    with unchanged():
        said = coach("pain", 3, "--activity", walked, "--person", "Bea", code=1)
    assert f"There is no activity {walked}." in said.err
    with unchanged():
        early = coach(
            "pain", 3, "--phase", "post", "--activity", walked, "--person", "Ada", "--at", "2026-06-01T09:00", code=2
        )
    assert "had not begun then" in early.err


def test_a_moment_before_anybodys_time(coach, setup, unchanged):
    coach(*setup(birth_year=None))
    with unchanged():
        for words in (("pain", 3), ("log", "swim", 20), ("flare", "start")):
            assert "1900-01-01 lies before anybody's time." in coach(*words, "--at", "1900-01-01T10:00", code=2).err
