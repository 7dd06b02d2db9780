"""`coach setup` and `coach plan`: a person and their plan."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from coach.safety.signs import signs
from config.messages import catalogue

PLAN = {
    *("version", "starts_on", "condition", "locked", "diagnosis", "relief", "flexion_tolerated", "items"),
    *("restrictions", "sources"),
}
ITEM = {"activity", "role", "planned_sessions", "planned_minutes"}


def test_with_all_options_it_asks_nothing(coach, setup):
    said = coach(*setup(), "--json")
    assert said.err == ""
    assert said.json["name"] == "Ada"
    plan = said.json["plan"]
    assert (plan["version"], plan["starts_on"], plan["locked"]) == (1, "2026-06-01", False)
    assert plan["diagnosis"] == {"made_by": "Dr Bo", "made_on": "2026-05-01"}
    assert (plan["relief"], plan["flexion_tolerated"]) == ("extension", False)


def test_the_plan_is_what_was_set_up(coach, ada):
    plan = coach("plan", "--json").json
    assert plan.keys() >= PLAN
    assert all(item.keys() >= ITEM for item in plan["items"])
    assert {item["activity"] for item in plan["items"]} >= {"level_walk", "swim"}
    assert [each["code"] for each in plan["restrictions"]] == ["uphill_avoid"]
    told = coach("plan").out
    assert "Disc herniation, version 1 from 2026-06-01" in told
    assert "5 x 10 min" in told
    assert "Sources" in told


def test_without_a_diagnosis_the_plan_is_locked_and_says_why(coach, setup):
    said = coach(*setup(diagnosed_by=None, diagnosed_on=None), "--json")
    assert said.json["plan"]["locked"] is True
    assert "no diagnosis is recorded" in said.err
    assert "--diagnosed-by" in said.err
    assert "locked: no diagnosis" in coach("plan").out
    assert coach("week", "2026-W23", "--json").json["status"] == "locked"
    assert coach("tick", "--at", "2026-06-08T08:30", "--json").json == []


def test_what_is_given_is_changed_and_nothing_else(coach, ada):
    before = coach("plan", "--json").json
    said = coach("setup", "--email", "ada@example.net", "--json").json
    assert (said["name"], said["email"], said["timezone"]) == ("Ada", "ada@example.net", "Europe/Berlin")
    assert said["plan"].items() <= before.items()
    assert coach("plan", "--json").json == before
    assert coach("setup", "--name", "Ada", "--timezone", "America/Bogota", "--json").json["email"] == "ada@example.net"


def test_a_plan_change_makes_a_new_version(coach, ada, counts):
    said = coach("setup", "--flexion-tolerated", "--json").json["plan"]
    assert (said["version"], said["flexion_tolerated"], said["relief"]) == (2, True, "extension")
    assert said["restrictions"] == []
    assert counts()["plan_version"] == 2
    assert coach("week", "2026-W23", "--json").json["plan_version"] == 1, "what was agreed then counts then"


def test_what_the_person_brings_shapes_the_plan(coach, setup):
    plan = coach(*setup(), "--no-swimmer", "--shoulder-injury", "--pain-free-only", "--json").json["plan"]
    assert {item["activity"] for item in plan["items"]} == {"level_walk", "deep_water_walk", "fast_walk", "pool_walk"}
    assert plan["traits"] == {
        "load_intolerant": False,
        "shoulder_injury": True,
        "swimmer": False,
        "beta_blocker": False,
        "heat_screen": "not_asked",
    }
    assert plan["pain_free_only"] is True
    [_, strokes] = plan["restrictions"]
    assert (strokes["code"], strokes["strokes"]) == ("stroke_avoid", ["freestyle", "butterfly"])
    swims = coach("setup", "--swimmer", "--json").json["plan"]
    assert {item["activity"] for item in swims["items"]} == {"level_walk", "swim", "fast_walk", "pool_walk"}
    assert [item["max_distance_m"] for item in swims["items"] if item["activity"] == "swim"] == [200]
    water = coach("setup", "--load-intolerant", "--beta-blocker", "--json").json["plan"]
    assert [item["role"] for item in water["items"] if item["activity"] == "pool_walk"] == ["base"]
    assert (water["version"], water["traits"]["shoulder_injury"]) == (3, True)


def test_the_same_command_again_is_no_change(coach, setup, ada):
    assert coach(*setup(), "--json").json["plan"]["version"] == 1
    assert coach("setup", "--condition", "disc_herniation", "--json").json["plan"]["version"] == 1
    assert coach("setup", "--start", "2126-06-08", "--json").json["plan"]["version"] == 2


def test_a_diagnosis_unlocks_a_plan_that_has_yet_to_start(coach, setup):
    coach(*setup(diagnosed_by=None, diagnosed_on=None, start="2126-01-07"))
    plan = coach("setup", "--diagnosed-by", "Dr Bo", "--diagnosed-on", "2026-05-01", "--json").json["plan"]
    assert (plan["version"], plan["locked"], plan["starts_on"]) == (2, False, "2126-01-07")


def test_a_diagnosis_names_its_condition(coach, ada):
    """Clinical rules, section 1: a diagnosis is a condition, who made it, and when."""
    said = coach("setup", "--condition", "spinal_stenosis", "--json")
    assert said.json["plan"]["locked"] is True
    assert "no diagnosis" in said.err
    again = coach("setup", "--diagnosed-by", "Dr Cy", "--diagnosed-on", "2026-05-02", "--json").json["plan"]
    assert (again["condition"], again["locked"]) == ("spinal_stenosis", False)


def test_a_version_cannot_start_before_the_one_in_force(coach, ada):
    assert "cannot start before" in coach("setup", "--start", "2026-05-01", code=2).err


def test_a_person_without_a_plan(coach):
    assert "without a plan yet" in coach("setup", "--name", "Ada", "--timezone", "UTC").out
    assert "has no plan yet" in coach("plan", code=1).err
    assert coach("week", "2026-W23", "--json").json["status"] == "no_plan"
    assert "no plan in that week" in coach("week", "2026-W23").out


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"condition": "sciatica"},
            "no condition 'sciatica'. Known: disc_herniation, general_sciatica, spinal_stenosis",
        ),
        ({"timezone": "Europe/Atlantis"}, "no time zone 'Europe/Atlantis'"),
        ({"diagnosed_on": "1.5.2026"}, "'1.5.2026' is not a date"),
        ({"start": "2026-02-30"}, "'2026-02-30' is not a date"),
        ({"start": "9999-12-31"}, "'9999-12-31' is not a date of our time"),
        ({"diagnosed_on": "2126-05-01"}, "lies in the future"),
        ({"diagnosed_on": None}, "A diagnosis needs both"),
        ({"diagnosed_by": "  "}, "cannot be empty"),
        ({"name": " "}, "name cannot be empty"),
        ({"name": "A\x1b[2Jda"}, r"A name cannot hold characters that are not seen: 'A\x1b[2Jda'"),
        ({"name": "A" * 81}, "A name cannot be longer than 80 characters"),
        ({"diagnosed_by": "Dr\u202eBo"}, r"not seen: 'Dr\u202eBo'"),
        ({"diagnosed_by": "B" * 81}, "cannot be longer than 80 characters"),
        ({"email": "ada"}, "'ada' is not an e-mail address"),
        ({"email": "ada@@example.org"}, "is not an e-mail address"),
        ({"email": "jürgen@example.org"}, "is not an e-mail address"),
        ({"birth_year": "1066"}, "birth year must lie between"),
        ({"resting_hr": "300"}, "resting heart rate must lie between 25 and 130"),
        ({"max_hr": "300"}, "highest heart rate must lie between 90 and 230"),
        ({"max_hr": "95", "resting_hr": "100"}, "highest heart rate must lie above the resting one"),
        ({"emergency_number": "help"}, "must hold a digit"),
        ({"relief": "sofa"}, "'sofa' is not one of"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_kept(coach, setup, changes, said):
    told = coach(*setup(**changes), code=2)
    assert said in " ".join(told.err.replace("│", " ").split())
    assert told.out == ""
    assert "Nobody is set up" in coach("activities", code=1).err


def test_a_plan_file_with_a_negative_dose(coach, setup, home):
    folder = home / "plans"
    folder.mkdir(parents=True)
    packaged = Path(__file__).parents[2] / "config" / "plans" / "disc_herniation.toml"
    text = packaged.read_text().replace(
        "start = { sessions = 5, minutes = 10 }", "start = { sessions = 5, minutes = -10 }"
    )
    (folder / "mine.toml").write_text(text)
    line = text.splitlines().index("start = { sessions = 5, minutes = -10 }") + 1
    told = " ".join(coach(*setup(), code=1).err.split())
    assert f"mine.toml, line {line}, dose.level_walk.start.minutes" in told
    assert "1" in told
    (folder / "mine.toml").unlink()
    coach(*setup())


def test_a_clinicians_own_condition(coach, setup, home):
    folder = home / "plans"
    folder.mkdir(parents=True)
    packaged = Path(__file__).parents[2] / "config" / "plans" / "disc_herniation.toml"
    (folder / "mine.toml").write_text(packaged.read_text().replace('code = "disc_herniation"', 'code = "my_own"'))
    assert coach(*setup(condition="my_own"), "--json").json["plan"]["condition"] == "my_own"


def test_blanks_around_a_name_are_none_of_it(coach, setup):
    said = coach(*setup(name=" Ben ", diagnosed_by=" Dr Bo "), "--json").json
    assert (said["name"], said["plan"]["diagnosis"]["made_by"]) == ("Ben", "Dr Bo")
    assert coach(*setup(name="Ben  "), "--json").json["plan"]["version"] == 1
    assert coach("plan", "--person", " Ben ", "--json").json["version"] == 1


def test_several_and_none_named(coach, setup):
    coach(*setup())
    coach(*setup(name="Bea"))
    assert "Say who with --name: Ada, Bea." in coach("setup", "--resting-hr", 60, code=2).err
    assert "Say who with --person: Ada, Bea." in coach("plan", code=2).err


def test_names_are_no_markup(coach, setup):
    said = coach(*setup(name="[/b] :heart: [red]Ada"))
    assert said.out.startswith("[/b] :heart: [red]Ada is set up")


def test_without_a_terminal_nothing_is_asked(coach):
    assert "Give --name" in coach("setup", "--timezone", "UTC", code=2).err


def test_without_a_terminal_the_warning_signs_are_pointed_out(coach, setup):
    """Clinical rules, section 7: asked at the start."""
    assert "Answer the warning-sign questions: coach signs" in coach(*setup()).err
    assert "warning-sign" not in coach("setup", "--email", "ada@example.com").err, "who is new, once"


FLAGS = ["--no-load-intolerant", "--swimmer", "--no-shoulder-injury", "--no-beta-blocker"]
SIGNS = [catalogue().text(f"sign.{code}")[:30] for code in signs()]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("answers", "kept", "told"),
    [
        (["", "\x04"], 0, "The rest is for later: coach signs"),
        (["y"], 1, "Go to your nearest emergency department now"),
    ],
)
def test_at_the_end_of_it_the_warning_signs_are_asked(coach, setup, counts, answers, kept, told):
    words = [*setup(), *FLAGS]
    code, heard = talk(words, [("Highest heart rate", ""), *zip(SIGNS, answers, strict=False)])
    assert code == 0, heard
    assert heard.index("Ada is set up") < heard.index("Before you start")
    assert told in heard
    assert counts()["sign_answers"] == kept
    assert coach("plan", "--json").json["version"] == 1, "set up all the same"


def talk(words: list[str], answers: list[tuple[str, str]], while_asked=lambda: None) -> tuple[int, str]:
    """Run a command on a terminal, and answer each question as it comes."""
    ours, theirs = pty.openpty()
    coach = subprocess.Popen(
        [Path(sys.executable).with_name("coach"), *words], stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True
    )
    os.close(theirs)
    heard, seen = "", 0
    until = time.monotonic() + 30
    pending = list(answers)
    while time.monotonic() < until:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                heard += os.read(ours, 4096).decode()
            except OSError:  # the other end has closed
                break
        if pending and pending[0][0] in heard[seen:] and heard.rstrip(" ").endswith(":"):
            while_asked()
            seen = len(heard)
            os.write(ours, f"{pending.pop(0)[1]}\n".encode())
    os.close(ours)
    assert not pending, (pending, heard)
    return coach.wait(timeout=30), heard


def test_on_a_terminal_it_asks_for_what_is_missing(coach, home):
    import sqlite3

    coach("activities", code=1)  # the database is there

    def somebody_writes() -> None:
        with sqlite3.connect(home / "coach.db", timeout=1) as database:
            database.execute("CREATE TABLE IF NOT EXISTS scratch (id)")
            database.execute("INSERT INTO scratch VALUES (1)")

    code, heard = talk(
        ["setup", "--timezone", "Europe/Berlin", "--start", "2026-06-01"],
        [
            ("name", "Ada"),
            ("E-mail", "nonsense"),
            ("not an e-mail address", "ada@example.org"),
            ("Condition", "disc_herniation"),
            ("Who diagnosed it", "Dr Bo"),
            ("When was it diagnosed", "last May"),
            ("not a date", "2026-05-01"),
            ("posture", "sofa"),
            ("none of these", "extension"),
            ("bending forward", "n"),
            ("load off your spine", "n"),
            ("Can you swim", ""),
            ("shoulders injured", "y"),
            ("beta blocker", ""),
            ("Birth year", "²"),
            ("whole number", "1970"),
            ("Resting heart rate", ""),
            ("Highest heart rate", ""),
            ("Emergency number", ""),
            *((question, "") for question in SIGNS),
        ],
        while_asked=somebody_writes,
    )
    assert code == 0, heard
    assert "Noted: none of the warning signs." in heard
    assert "Ada is set up: plan version 1 from 2026-06-01" in heard
    assert "Time zone" not in heard
    assert "First day" not in heard
    plan = coach("plan", "--json").json
    assert plan["diagnosis"] == {"made_by": "Dr Bo", "made_on": "2026-05-01"}
    assert (plan["traits"]["shoulder_injury"], plan["traits"]["swimmer"]) == (True, True)


def test_on_a_terminal_nobody_who_diagnosed_it_locks_the_plan(coach, home):
    words = ["setup"]
    for name, value in {
        "--name": "Ada",
        "--email": "ada@example.org",
        "--condition": "disc_herniation",
        "--relief": "none",
        "--birth-year": "1970",
        "--resting-hr": "60",
        "--emergency-number": "112",
    }.items():
        words += [name, value]
    code, heard = talk(
        words,
        [
            ("Time zone", "Mars"),
            ("no time zone", "Europe/Berlin"),
            ("Who diagnosed", ""),
            ("bending", "n"),
            ("load off", "n"),
            ("swim", "n"),
            ("shoulders", "n"),
            ("beta blocker", "n"),
            ("Highest", ""),
            ("First", ""),
            ("numbness around", "\x04"),
        ],
    )
    assert code == 0, heard
    assert "When was it diagnosed" not in heard
    assert "The plan is locked" in heard
    assert coach("plan", "--json").json["locked"] is True
