"""`coach plan`: shown, begun anew, edited, sent and taken in; versions are never edited in place."""

import shlex
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest


def today() -> date:
    """Before four in the morning it is still yesterday."""
    return (datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(hours=4)).date()


def monday() -> date:
    """Of the week that runs."""
    return today() - timedelta(days=today().weekday())


def minutes(plan, exercise="level_walk"):
    return next(item["planned_minutes"] for item in plan["items"] if item["activity"] == exercise)


@pytest.fixture
def exported(coach, ada, tmp_path) -> Path:
    target = tmp_path / "ada.toml"
    coach("plan", "export", target)
    return target


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """An editor that replaces one text by another, and does what else is asked of it."""

    def use(old="", new="", also=""):
        script = tmp_path / "editor.py"
        script.write_text(
            "import sys, pathlib\n"
            "file = pathlib.Path(sys.argv[1])\n"
            f"file.write_text(file.read_text().replace({old!r}, {new!r}))\n{also}\n"
        )
        monkeypatch.setenv("VISUAL", f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}")

    return use


def replaced(path: Path, old: str, new: str) -> Path:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path


# Shown.


def test_alone_it_shows_the_plan_as_show_does(coach, ada):
    assert coach("plan").out == coach("plan", "show").out == coach("plan", "show", 1).out
    assert coach("plan", "--json").json == coach("plan", "show", "--json").json
    assert coach("plan", "--json").json["in_force"] is True


def test_an_option_before_the_command_is_told_where_it_belongs(coach, ada):
    assert "coach plan history ..." in coach("plan", "--json", "history", code=2).err


def test_a_version_that_is_not_there(coach, ada):
    assert "Ada's plan has no version 7; the latest is 1" in coach("plan", "show", 7, code=1).err
    assert "has no version 7" in coach("plan", "export", "--version", 7, code=1).err


def test_no_plan_yet(coach):
    coach("setup", "--name", "Ada", "--timezone", "UTC")
    for words in (["show"], ["history"], ["export"], ["edit"]):
        assert "Ada has no plan yet" in coach("plan", *words, code=1).err


def test_a_version_that_waits_is_named_and_the_one_in_force_is_shown(coach, ada):
    later = today() + timedelta(days=30)
    coach("setup", "--flexion-tolerated", "--start", later)
    assert f"Version 2 follows from {later:%A, %Y-%m-%d}" in coach("plan").out
    assert coach("plan", "--json").json["version"] == 1
    assert "not in force today" in coach("plan", "show", 2).out
    assert coach("plan", "show", 2, "--json").json["in_force"] is False


def test_planned_days_and_times_are_shown(coach, exported):
    coach("plan", "import", replaced(exported, 'role = "base"', 'role = "base"\nplanned = ["mon 17:30", "thu"]'))
    assert "mon 17:30, thu" in coach("plan").out
    assert coach("plan", "--json").json["items"][0]["planned"] == ["mon 17:30", "thu"]
    assert "mon 17:30, thu" in coach("week").out
    assert coach("week", "--json").json["items"][0]["planned"] == ["mon 17:30", "thu"]


def test_a_plan_that_a_warning_sign_has_locked_says_so(coach, ada):
    coach("pain", 4, "--weakness", code=None)
    shown = coach("plan", "--json").json
    assert shown["lock"]["signs"]
    assert "warning sign" in coach("plan").out


# Sent, and taken in.


def test_a_file_that_was_sent_comes_back_as_no_change(coach, exported, counts):
    assert coach("plan", "export").out == exported.read_text()
    before = counts()
    assert "version 1 says the same already" in coach("plan", "import", exported).out
    assert counts() == before


def test_a_clinicians_file_becomes_the_next_version(coach, exported, counts):
    file = replaced(exported, "sessions = 5, minutes = 10", "sessions = 4, minutes = 12")
    said = coach("plan", "import", file, "--by", " Dr Lee ")
    assert f"Plan version 2, from {today()}" in said.out
    assert "level_walk.dose: 4 x 12 min instead of 5 x 10 min" in said.out
    plan = coach("plan", "--json").json
    assert (plan["version"], plan["is_example"], plan["set_by"]) == (2, False, "Dr Lee")
    assert minutes(plan) == 12
    assert "Set by Dr Lee." in coach("plan").out
    assert "Example plan" not in coach("plan").out
    assert minutes(coach("plan", "show", 1, "--json").json) == 10, "never edited in place"
    assert coach("week", "2026-W23", "--json").json["plan_version"] == 1, "past weeks keep their plan"


def test_from_when_a_file_holds(coach, exported):
    replaced(exported, "minutes = 10", "minutes = 12")
    text = exported.read_text()
    for day in (str(monday()), str(today() + timedelta(days=3))):
        exported.write_text(text.replace("starts_on = 2026-06-01", f"starts_on = {day}"))
        assert coach("plan", "import", exported, "--json").json["starts_on"] == day
    exported.write_text(text.replace("starts_on = 2026-06-01\n", "").replace("minutes = 12", "minutes = 13"))
    assert coach("plan", "import", exported, "--json").json["starts_on"] == day, "not before the version that waits"


def test_without_a_name_it_stays_an_example(coach, exported):
    said = coach("plan", "import", replaced(exported, "minutes = 10", "minutes = 12"), "--json").json
    assert (said["is_example"], said["set_by"]) == (True, None)
    assert {"key": "level_walk.dose", "before": "5 x 10 min", "after": "5 x 12 min"} in said["changes"]


def test_a_version_that_starts_before_the_one_it_replaces(coach, exported, counts):
    file = replaced(exported, "minutes = 10", "minutes = 12")
    before = counts()
    assert "cannot start before it, on 2026-05-31" in coach("plan", "import", file, "--start", "2026-05-31", code=2).err
    assert "Give --start 2026-06-01 or later" in coach("plan", "new", "--start", "2026-05-31", code=2).err
    replaced(file, "starts_on = 2026-06-01", "starts_on = 2026-05-31")
    assert "Plan version 1 starts on 2026-06-01" in coach("plan", "import", file, code=2).err
    assert counts() == before


def test_past_weeks_keep_the_plan_they_had(coach, exported, counts):
    """Issue 4: past weeks are judged by the version they had."""
    file, sunday = replaced(exported, "minutes = 10", "minutes = 12"), monday() - timedelta(days=1)
    before, judged = counts(), coach("week", sunday, "--json").json
    for words in (
        ("plan", "import", file, "--start", sunday),
        ("plan", "new", "--start", sunday),
        ("setup", "--flexion-tolerated", "--start", sunday),
        ("plan", "import", replaced(file, "starts_on = 2026-06-01", f"starts_on = {sunday}")),
    ):
        told = coach(*words, code=2).err
        assert f"Past weeks keep the plan they had: a new version cannot start on {sunday}" in told
        assert f"Give --start {monday()} or later" in told
    assert counts() == before
    assert coach("week", sunday, "--json").json == judged


def test_of_two_versions_from_the_same_day_the_later_number_holds_and_that_is_said(coach, exported):
    coach("plan", "import", replaced(exported, "minutes = 10", "minutes = 12"), "--start", monday())
    said = coach("plan", "import", replaced(exported, "minutes = 12", "minutes = 13"), "--start", monday())
    assert "Version 2 starts on the same day: from then on version 3 holds." in said.out
    assert minutes(coach("plan", "--json").json) == 13
    assert coach("week", monday(), "--json").json["plan_version"] == 3
    assert coach("week", monday() - timedelta(days=1), "--json").json["plan_version"] == 1
    assert [each["version"] for each in coach("plan", "history", "--json").json] == [1, 2, 3]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("minutes = 10", "minutes = -10", "item[0].dose.minutes: -10 is not allowed; a whole number from 1 to 240"),
        ("[plan]", "[plan]\n[plan]", "[plan] stands here a second time"),
        ('role = "base"', 'role = "main"', 'item[0].role: "main" is not allowed; one of base, primary, optional'),
        ("swimmer = true", "swimmer = false", "item[1].exercise: swim needs swimming, and traits.swimmer is false"),
        ("starts_on = 2026", "starts_on = 9026", "plan.starts_on: is no day of our time"),
        ("made_on = 2026", "made_on = 2126", "diagnosis.made_on: lies in the future"),
        ('made_by = "Dr Bo"', 'made_by = ""', 'diagnosis.made_by: "" is not allowed'),
    ],
)
def test_a_wrong_file_is_told_its_line_and_nothing_changes(coach, exported, counts, old, new, told):
    before = counts()
    text = replaced(exported, old, new).read_text()
    said = coach("plan", "import", exported, code=1)
    assert said.out == ""
    assert told in said.err
    named = 'exercise = "swim"' if "swim" in old else new.splitlines()[-1]
    line = max(number for number, each in enumerate(text.splitlines(), 1) if named in each)
    assert f"ada.toml, line {line}" in said.err
    assert counts() == before


def test_a_file_that_is_not_there(coach, ada, tmp_path):
    assert "nowhere.toml: cannot be read" in coach("plan", "import", tmp_path / "nowhere.toml", code=1).err
    assert "cannot be read" in coach("plan", "import", tmp_path, code=1).err
    assert "Who set the plan cannot be empty" in coach("plan", "import", tmp_path, "--by", " ", code=2).err


def test_a_plan_without_a_diagnosis_is_locked_and_says_so(coach, exported):
    text = exported.read_text()
    exported.write_text(text.replace("[diagnosis]", "").replace('made_by = "Dr Bo"\nmade_on = 2026-05-01\n', ""))
    assert "locked until a diagnosis is recorded" in coach("plan", "import", exported).err
    assert coach("plan", "--json").json["locked"] is True


# Begun anew.


def test_a_plan_begins_anew_at_its_first_step(coach, exported):
    file = replaced(exported, "step = 1", "step = 6")
    coach("plan", "import", replaced(file, "minutes = 10", "minutes = 17"), "--by", "Dr Lee")
    plan = coach("plan", "new", "--no-swimmer", "--json").json
    assert (plan["version"], plan["step"], minutes(plan), plan["is_example"]) == (3, 1, 10, True)
    assert plan["diagnosis"] == {"made_by": "Dr Bo", "made_on": "2026-05-01"}, "the same condition, the same diagnosis"
    assert "deep_water_walk" in {item["activity"] for item in plan["items"]}
    assert coach("plan", "new", "--json").json["version"] == 3, "the same again is no change"
    assert coach("plan", "new", "--condition", "spinal_stenosis", "--json").json["locked"] is True


def test_a_plan_begins_from_a_file(coach, exported):
    replaced(exported, "minutes = 10", "minutes = 12")
    assert minutes(coach("plan", "new", "--from", exported, "--by", "Dr Lee", "--json").json) == 12
    assert "The file says all of the plan" in " ".join(
        coach("plan", "new", "--from", exported, "--swimmer", code=2).err.replace("│", " ").split()
    )


def test_setup_leaves_a_clinicians_plan_to_them(coach, exported, counts):
    coach("plan", "import", replaced(exported, "minutes = 10", "minutes = 12"), "--by", "Dr Lee")
    before = counts()
    assert "This plan was set by Dr Lee" in coach("setup", "--no-swimmer", code=2).err
    assert counts() == before
    plan = coach("setup", "--diagnosed-by", "Dr Cy", "--diagnosed-on", "2026-05-02", "--json").json["plan"]
    assert (minutes(plan), plan["set_by"], plan["diagnosis"]["made_by"]) == (12, "Dr Lee", "Dr Cy")


def test_setup_keeps_what_was_reached(coach, exported):
    coach("plan", "import", replaced(exported, "minutes = 10", "minutes = 17"))
    plan = coach("setup", "--shoulder-injury", "--json").json["plan"]
    assert minutes(plan) == 17
    assert [each["code"] for each in plan["restrictions"]] == ["uphill_avoid", "stroke_avoid"]


# Edited.


def test_an_edit_becomes_a_version(coach, ada, editor, home):
    editor("minutes = 10", "minutes = 11")
    said = coach("plan", "edit", "--by", "Dr Lee")
    assert f"Plan version 2, from {today()}" in said.out
    assert "level_walk.dose: 5 x 11 min instead of 5 x 10 min" in said.out
    assert coach("plan", "--json").json["set_by"] == "Dr Lee"
    assert not list(home.glob("plan-*"))


def test_an_edit_from_another_day(coach, ada, editor):
    later = today() + timedelta(days=9)
    editor("minutes = 10", "minutes = 11")
    assert f"Plan version 2, from {later}" in coach("plan", "edit", "--start", later).out


def test_an_edit_that_changes_nothing(coach, ada, editor, home, counts):
    before = counts()
    editor("# Without", "# As said, without")
    assert "Nothing was changed" in coach("plan", "edit").err
    assert counts() == before
    assert not list(home.glob("plan-*"))


def test_an_edit_that_is_wrong_names_the_line_and_keeps_the_text(coach, ada, editor, home, counts):
    before = counts()
    editor("minutes = 10", "minutes = 999")
    said = coach("plan", "edit", code=1)
    [kept] = home.glob("plan-*.toml")
    assert f"Your text is kept in {kept}" in said.err
    assert "item[0].dose.minutes: 999 is not allowed; a whole number from 1 to 240" in said.err
    assert "minutes = 999" in kept.read_text()
    assert counts() == before
    coach("plan", "import", replaced(kept, "minutes = 999", "minutes = 13"))
    assert minutes(coach("plan", "--json").json) == 13


def test_an_edit_that_would_start_too_early_keeps_the_text(coach, ada, editor, home):
    editor(f"starts_on = {today()}", "starts_on = 2026-05-01")
    assert "cannot start before it" in coach("plan", "edit", code=2).err
    assert len(list(home.glob("plan-*.toml"))) == 1


@pytest.mark.parametrize("also", ["sys.exit(3)", "file.write_bytes(b'\\xff')"])
def test_an_editor_that_ends_badly(coach, ada, editor, home, counts, also):
    before = counts()
    editor("minutes = 10", "minutes = 11", also)
    coach("plan", "edit", code=1)
    assert len(list(home.glob("plan-*"))) == 1
    assert counts() == before


def test_no_editor(coach, ada, monkeypatch, home):
    monkeypatch.setenv("VISUAL", "no-such-editor")
    assert "The editor 'no-such-editor' cannot be started" in coach("plan", "edit", code=1).err
    assert not list(home.glob("plan-*"))


def test_a_plan_that_changed_while_it_was_edited(coach, ada, editor, home):
    run = Path(sys.executable).with_name("coach")
    editor(
        "minutes = 10",
        "minutes = 11",
        f"import subprocess; subprocess.run([{str(run)!r}, 'setup', '--flexion-tolerated'], check=True)",
    )
    assert "has changed while you were editing" in coach("plan", "edit", code=1).err
    assert len(list(home.glob("plan-*.toml"))) == 1
    assert coach("plan", "--json").json["version"] == 2


# Its versions.


def test_the_history_says_what_changed_and_who_set_it(coach, exported):
    coach("setup", "--flexion-tolerated")
    coach("plan", "import", replaced(exported, "minutes = 10", "minutes = 12"), "--by", "Dr Lee", "--start", today())
    first, second, third = coach("plan", "history", "--json").json
    assert (first["version"], first["starts_on"], first["changes"]) == (1, "2026-06-01", [])
    assert "flexion_tolerated" in {each["key"] for each in second["changes"]}
    assert (third["set_by"], third["easy"], third["step"]) == ("Dr Lee", False, 1)
    assert {"key": "level_walk.dose", "before": "5 x 10 min", "after": "5 x 12 min"} in third["changes"]
    told = coach("plan", "history").out
    assert told.index("Version 3") < told.index("Version 1")
    assert "set by Dr Lee" in told


def test_what_a_file_holds_steers_no_terminal(coach, exported):
    assert (
        "holds characters that are not seen"
        in coach("plan", "import", replaced(exported, 'made_by = "Dr Bo"', 'made_by = "Dr\\u001b[2J"'), code=1).err
    )
