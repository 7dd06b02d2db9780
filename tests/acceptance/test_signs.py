"""`coach signs` and `clear`, as a person uses them."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sentences import CHEST, EMERGENCY, ROUTINE, SAME_DAY, flat


def today() -> date:
    return datetime.now(ZoneInfo("Europe/Berlin")).date()


def test_a_warning_sign_is_told_also_where_nothing_could_be_kept(coach, ada, unchanged):
    with unchanged():
        said = coach("pain", 11, "--weakness", code=2)
    assert said.err.startswith(f"{SAME_DAY}\nThis could not be kept, so the plan is not locked by it:\nPain is")
    with unchanged():
        said = coach("signs", "--yes", "leaking", "--yes", "nonsense", code=2)
    assert said.err.startswith(EMERGENCY)
    assert "There is no question 'nonsense'. Known: saddle_numbness," in flat(said.err)


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


# Hot water.


def test_the_heat_screen_stands_in_the_plan(coach, ada):
    assert coach("plan", "--json").json["traits"]["heat_screen"] == "not_asked"
    assert coach("signs", "--heat", "--none", "--json").json == {"yes": [], "heat_screen": "clear", "version": 2}
    assert coach("signs", "--heat", "--none", "--json").json["version"] == 2
    assert "Ask your clinician first" in coach("signs", "--heat", "--yes", "wound").out
    assert coach("plan", "--json").json["traits"]["heat_screen"] == "ask_clinician"
    assert len(coach("signs", "--heat", "--list", "--json").json) == 7
    assert json.loads(coach("plan", "--json").out)["version"] == 3
