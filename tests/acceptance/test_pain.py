"""`coach pain`, `signs`, `clear`, `flare` and `excuse`, as a person uses them."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

EMERGENCY = (
    "Stop exercising. These symptoms can be an emergency. Go to your nearest emergency department now or call 112. "
    "Do not wait to see if they pass. Your plan is paused."
)
CHEST = "Stop now and call 112."
SAME_DAY = "Please speak to a doctor today, before your next session. Your plan is paused."
ROUTINE = "Contact your clinician to review the plan."

CHECK_IN = {"id", "at", "phase", "pain", "extent", "numbness", "weakness", "shoulder", "activity_id"}
NOTED = CHECK_IN | {
    *("phase_said", "told", "locked", "questions", "questions_offered", "flare_offered", "sessions"),
}


def today() -> date:
    return datetime.now(ZoneInfo("Europe/Berlin")).date()


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def walked(coach, ada, watch) -> int:
    """The walk of Monday 1 June 2026, 17:30 to 17:42."""
    lines = coach("import", watch, "--json").lines
    return next(line["activities"][0]["id"] for line in lines if Path(line["path"]).stem == "walk")


@pytest.fixture
def unchanged(counts):
    """What is refused leaves no row behind."""
    from contextlib import contextmanager

    @contextmanager
    def check():
        before = counts()
        yield
        assert counts() == before

    return check


# Pain.


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


def test_a_warning_sign_is_told_also_where_nothing_could_be_kept(coach, ada, unchanged):
    with unchanged():
        said = coach("pain", 11, "--weakness", code=2)
    assert said.err.startswith(f"{SAME_DAY}\nThis could not be kept, so the plan is not locked by it:\nPain is")
    with unchanged():
        said = coach("signs", "--yes", "leaking", "--yes", "nonsense", code=2)
    assert said.err.startswith(EMERGENCY)
    assert "There is no question 'nonsense'. Known: saddle_numbness," in flat(said.err)


# Warning signs.


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (["leaking"], [EMERGENCY]),
        (["chest_pain"], [CHEST]),
        (["leaking", "fainting", "fall"], [EMERGENCY, CHEST]),
        (["hot_calf", "worse"], [SAME_DAY]),
    ],
)
def test_what_is_told_on_the_spot_word_by_word(coach, ada, codes, told):
    words = [word for code in codes for word in ("--yes", code)]
    said = coach("signs", *words).out
    assert said.split("\n")[: len(told)] == told
    assert "Your plan is locked since" in flat(said)
    assert coach("signs", *words, "--json").json.items() >= {"yes": codes, "told": told, "locked": True}.items()


def test_a_routine_sign_is_for_the_clinician_and_locks_nothing(coach, ada):
    assert coach("signs", "--yes", "night_pain").out.startswith(ROUTINE)
    assert coach("signs", "--yes", "night_pain", "--json").json["locked"] is False


def test_none_of_them(coach, ada):
    assert coach("signs", "--none").out == "Noted: none of the warning signs.\n"
    said = coach("signs", "--none", "--json").json
    assert (said["yes"], said["told"], said["locked"]) == ([], [], False)


def test_the_emergency_number_is_the_persons(coach, setup):
    coach(*setup(emergency_number="911"))
    assert "or call 911. Do not wait" in coach("signs", "--yes", "bladder").out
    assert coach("signs", "--yes", "fainting", "--yes", "nonsense", code=2).err.startswith("Stop now and call 911.")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--none", "--yes", "fall"], "contradict each other"),
        (["--list", "--none"], "--list only lists"),
        ([], "Nobody is here to be asked."),
        (["--heat"], "Nobody is here to be asked."),
        (["--heat", "--yes", "fall"], "There is no question 'fall'. Known: heart,"),
    ],
)
def test_what_answers_nothing(coach, ada, unchanged, words, sentence):
    with unchanged():
        assert sentence in flat(coach("signs", *words, code=2).err)


def test_a_locked_plan_leaves_every_other_command_working(coach, walked):
    coach("signs", "--yes", "both_legs")
    for words in (["plan"], ["week", "2026-W23"], ["summary", "2026-W23"], ["activities"], ["pain"], ["flare"]):
        coach(*words)


def talk(words: list[str], answers: dict[str, str]) -> tuple[int, str]:
    """Run a command on a terminal; to a question that holds a key, its answer, to every other Enter."""
    ours, theirs = pty.openpty()
    program = Path(sys.executable).with_name("coach")
    coach = subprocess.Popen(
        [program, *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 (a job in the background ignores it)
    )
    heard, seen, until = "", 0, time.monotonic() + 60
    while time.monotonic() < until:
        if not select.select([ours], [], [], 0.1)[0]:
            if coach.poll() is not None:
                break
            continue
        heard += os.read(ours, 4096).decode()
        if heard[seen:].rstrip().endswith("[y/N]:"):
            given = [answer for words, answer in answers.items() if words in flat(heard[seen:])]
            seen = len(heard)
            if given == ["^C"]:
                time.sleep(0.5)  # as nobody is quicker: between the question and the wait for its answer Python is deaf
                coach.send_signal(signal.SIGINT)
            else:
                os.write(ours, f"{''.join(given)}\n".encode())
    for end in (ours, theirs):  # both stay open so long: with the last writer, what nobody has read yet may go
        os.close(end)
    return coach.wait(timeout=30), heard


def test_on_a_terminal_every_question_is_asked(coach, ada):
    code, heard = talk(["signs"], {})
    assert code == 0, heard
    assert heard.count("[y/N]") == 17
    assert "none of the warning signs" in heard


def test_at_an_emergency_no_more_is_asked(coach, ada):
    code, heard = talk(["signs"], {"urine or stool": "y"})
    assert code == 0, heard
    assert heard.count("[y/N]") == 3
    assert EMERGENCY in flat(heard)


def test_what_was_answered_before_it_was_broken_off_is_kept_and_told(coach, ada):
    code, heard = talk(["signs"], {"major fall": "y", "cancer": "^C"})
    assert code != 0
    assert SAME_DAY in flat(heard)
    assert coach("signs", "--none", "--json").json["locked"] is True


def test_new_numbness_on_a_terminal_asks_at_once(coach, ada):
    code, heard = talk(["pain", "3", "--numbness"], {"back passage": "y"})
    assert code == 0, heard
    assert EMERGENCY in flat(heard)


def test_a_moment_before_anybodys_time(coach, setup, unchanged):
    coach(*setup(birth_year=None))
    with unchanged():
        for words in (("pain", 3), ("log", "swim", 20), ("flare", "start")):
            assert "1900-01-01 lies before anybody's time." in coach(*words, "--at", "1900-01-01T10:00", code=2).err


# The way out.


def test_a_clearance_needs_a_name_and_a_day(coach, ada, unchanged):
    coach("signs", "--yes", "fall")
    with unchanged():
        assert "Who cleared it?" in coach("clear", code=2).err
        assert "Who cleared it?" in coach("clear", "--on", today(), code=2).err
        assert "Who cleared it?" in coach("clear", "--on", today(), "--by", "  ", code=2).err
        assert "When was it cleared?" in coach("clear", "--by", "Dr Bo", code=2).err
        assert "before that" in flat(coach("clear", "--by", "Bo", "--on", today() - timedelta(days=1), code=2).err)
        assert "in the future" in flat(coach("clear", "--by", "Bo", "--on", today() + timedelta(days=2), code=2).err)
    assert coach("signs", "--none", "--json").json["locked"] is True
    assert coach("clear", "--by", "Dr Bo", "--on", today()).out == "Your plan is open again.\n"
    assert coach("signs", "--none", "--json").json["locked"] is False


def test_the_keys_of_a_clearance(coach, ada):
    coach("signs", "--yes", "fall")
    said = coach("clear", "--by", "Dr Bo", "--on", today(), "--json").json
    assert said.keys() == {"raised_at", "signs", "locked"}
    assert (said["signs"], said["locked"]) == (["fall"], False)


def test_where_nothing_is_locked_nothing_is_cleared(coach, ada, unchanged):
    with unchanged():
        assert "nothing to clear" in coach("clear", "--by", "Bo", "--on", today(), code=1).err


# Flares.


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


# Days off.


def test_excused_days(coach, ada):
    said = coach("excuse", "illness", "--from", "2026-06-01", "--to", "2026-06-03", "--json").json
    assert said == {
        "id": said["id"],
        "kind": "illness",
        "first_day": "2026-06-01",
        "last_day": "2026-06-03",
        "said_by": None,
    }
    told = coach("excuse", "hold", "--from", "2026-06-10", "--by", "Dr Bo").out
    assert "a pause by your clinician, from 2026-06-10 until further notice" in flat(told)
    assert [each["kind"] for each in coach("excuse", "--list", "--json").json] == ["illness", "hold"]
    assert "Dr Bo" in coach("excuse").out
    assert "Taken back" in coach("excuse", "--remove", said["id"]).out
    assert [each["said_by"] for each in coach("excuse", "--json").json] == ["Dr Bo"]


def test_a_day_off_begins_today_by_default(coach, ada):
    day = (datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(hours=4)).date()  # before four it is still yesterday
    assert coach("excuse", "illness", "--json").json["first_day"] == day.isoformat()


def test_an_ill_week_is_paused(coach, walked):
    coach("excuse", "illness", "--from", "2026-06-01", "--to", "2026-06-07")
    week = coach("week", "2026-W23", "--json").json
    assert (week["status"], set(week["excused"].values())) == ("paused", {"illness"})


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["illness", "--from", "2026-06-02", "--to", "2026-06-01"], 2, "before it starts on 2026-06-02"),
        (["--from", "2026-06-02"], 2, "Why is nothing asked?"),
        (["illness", "--by", " "], 2, "Who said so?"),
        (["illness", "--list"], 2, "One thing at a time"),
        (["--remove", "7"], 1, "There is no excusal 7."),
        (["holiday"], 2, "holiday"),
    ],
)
def test_what_excuses_nothing(coach, ada, unchanged, words, code, sentence):
    with unchanged():
        assert sentence in flat(coach("excuse", *words, code=code).err)


# Hot water.


def test_the_heat_screen_stands_in_the_plan(coach, ada):
    assert coach("plan", "--json").json["traits"]["heat_screen"] == "not_asked"
    assert coach("signs", "--heat", "--none", "--json").json == {"yes": [], "heat_screen": "clear", "version": 2}
    assert coach("signs", "--heat", "--none", "--json").json["version"] == 2
    assert "Ask your clinician first" in coach("signs", "--heat", "--yes", "wound").out
    assert coach("plan", "--json").json["traits"]["heat_screen"] == "ask_clinician"
    assert len(coach("signs", "--heat", "--list", "--json").json) == 7
    assert json.loads(coach("plan", "--json").out)["version"] == 3
