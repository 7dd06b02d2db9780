"""A clinician's own files: what is taken, and what each wrong one is told."""

from datetime import date
from pathlib import Path

import pytest

from coach.errors import UsageError
from coach.plan import Exercise, Level, Traits
from coach.plan.library import condition, conditions, example_plan
from config.document import PACKAGED
from config.errors import LibraryError

GOOD = """\
[condition]
code = "piriformis"
name = "piriformis syndrome"
rests_on = ["walking"]
pain_limit_during = 3
source = ["ours"]

[sources]
ours = "D: our practice"

[dose.level_walk]
start = { sessions = 3, minutes = 10 }
ceiling = { sessions = 5, minutes = 20 }
source = ["ours"]

[[example.usual]]
exercise = "level_walk"
role = "base"
"""


def added(folder: Path, text: str, name: str = "my.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_file_adds_a_condition(tmp_path: Path) -> None:
    mine = condition("piriformis", added(tmp_path, GOOD))
    assert mine.name == "piriformis syndrome"
    example = example_plan(mine, starts_on=date(2026, 1, 5), diagnosis=None)
    assert [item.exercise for item in example.items] == [Exercise.LEVEL_WALK]
    assert example.sources["ours"] == "D: our practice"
    assert len(conditions(tmp_path)) == 4


def test_a_file_with_a_packaged_code_takes_its_place(tmp_path: Path) -> None:
    known = conditions(added(tmp_path, GOOD.replace('"piriformis"', '"spinal_stenosis"')))
    assert known["spinal_stenosis"].name == "piriformis syndrome"
    assert len(known) == 3


def test_two_files_cannot_share_a_code(tmp_path: Path) -> None:
    added(tmp_path, GOOD, "a.toml")
    with pytest.raises(LibraryError, match=r"b.toml, line 2, condition.code: 'piriformis' is the code of another"):
        conditions(added(tmp_path, GOOD, "b.toml"))


def test_a_folder_that_is_not_there_adds_nothing(tmp_path: Path) -> None:
    assert conditions(tmp_path / "plans") == conditions()


def test_an_unknown_condition_names_those_there_are() -> None:
    with pytest.raises(LibraryError) as caught:
        condition("gout")
    assert "no condition 'gout'; one of disc_herniation, general_sciatica, spinal_stenosis" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "minutes = 10",
            "minutes = -5",
            "line 12, dose.level_walk.start.minutes: -5 is not allowed; a whole number from 1 to 240",
        ),
        (
            "sessions = 3",
            'sessions = "3"',
            'line 12, dose.level_walk.start.sessions: "3" is not allowed; a whole number from 1 to 14',
        ),
        (
            "sessions = 3, ",
            "",
            "line 12, dose.level_walk.start.sessions: is missing; a whole number from 1 to 14",
        ),
        (
            "pain_limit_during = 3",
            "pain_limit_during = 6",
            "line 5, condition.pain_limit_during: 6 is not allowed; a whole number from 0 to 5",
        ),
        (
            "name =",
            "nmae = 'x'\nname =",
            (
                "line 3, condition.nmae: is not known here; "
                "one of code, name, icd10, rests_on, pain_limit_during, source"
            ),
        ),
        (
            "[dose.level_walk]",
            "[dose.moonwalk]",
            (
                "line 11, dose.moonwalk: is not known here; one of level_walk, fast_walk, uphill_walk, "
                "exercise_bike, "
                "outdoor_ride, swim, pool_walk, deep_water_walk, deep_water_run, hot_pool_exercise"
            ),
        ),
        (
            'role = "base"',
            'role = "main"',
            'line 18, example.usual[0].role: "main" is not allowed; one of base, primary, optional',
        ),
        (
            'minutes = 20 }\nsource = ["ours"]',
            "minutes = 20 }",
            ('line 11, dose.level_walk.source: is missing; a list of codes from [sources], such as ["who-2020"]'),
        ),
        (
            'during = 3\nsource = ["ours"]',
            'during = 3\nsource = ["theirs"]',
            "line 6, condition.source: 'theirs' is not explained; a code from [sources]: ours",
        ),
        (
            "minutes = 20",
            "minutes = 5",
            ("line 11, dose.level_walk: the ceiling is below the start; it has at least its sessions and its minutes"),
        ),
        (
            "[sources]\nours",
            "[source]\nours",
            "sources: is missing; a table",
        ),
        ("minutes = 10 }", "minutes = 10", "line 12: is not TOML here: "),
        (
            'exercise = "level_walk"',
            'exercise = "swim"',
            "line 16, example.usual[0]: swim has no dose; add [dose.swim]",
        ),
        (
            "ceiling =",
            'offered = "off"\nceiling =',
            "line 17, example.usual[0]: the dose of level_walk is off; one that is usual or optional",
        ),
        (
            'role = "base"',
            'role = "base"\nnon_swimmer = "swim"',
            "line 19, example.usual[0].non_swimmer: swim needs swimming; an exercise that does not",
        ),
        (
            "ceiling =",
            "rest_days = 7\nceiling =",
            "line 13, dose.level_walk.rest_days: 7 is not allowed; a whole number from 0 to 6",
        ),
        (
            "ceiling =",
            'max_intensity = "hard"\nceiling =',
            'line 13, dose.level_walk.max_intensity: "hard" is not allowed; one of light, moderate, vigorous',
        ),
    ],
)
def test_a_wrong_file_is_told_what_is_allowed(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(LibraryError) as caught:
        conditions(added(tmp_path, GOOD.replace(old, new)))
    assert any(
        str(each).removeprefix("my.toml").lstrip(",: ").startswith(sentence) for each in caught.value.problems
    ), str(caught.value)


def test_an_example_that_would_be_no_plan_is_refused(tmp_path: Path) -> None:
    text = GOOD.replace("[[example.usual]]", 'nested_in = "swim"\n\n[[example.usual]]')
    text += '[[example.usual]]\nexercise = "level_walk"\nrole = "primary"\n'
    with pytest.raises(LibraryError) as caught:
        conditions(added(tmp_path, text))
    nested = "level_walk is nested in swim, which this example leaves out; add it"
    assert [str(each) for each in caught.value.problems] == [
        f"my.toml, line 18, example.usual[0]: {nested}",
        f"my.toml, line 21, example.usual[1]: {nested}",
        "my.toml, line 21, example.usual[1]: level_walk is asked for twice; once",
    ]


SWIM = """
[dose.swim]
start = { sessions = 2, minutes = 15 }
ceiling = { sessions = 2, minutes = 30 }
source = ["ours"]

[[example.usual]]
exercise = "swim"
role = "primary"
"""


def test_who_does_not_swim_is_asked_for_nothing_that_needs_it(tmp_path: Path) -> None:
    mine = condition("piriformis", added(tmp_path, GOOD + SWIM))
    given = {"starts_on": date(2026, 1, 5), "diagnosis": None}
    assert len(example_plan(mine, **given).items) == 2
    assert [item.exercise for item in example_plan(mine, **given, traits=Traits(swimmer=False)).items] == ["level_walk"]


def test_a_condition_of_swims_alone_needs_something_for_who_does_not_swim(tmp_path: Path) -> None:
    text = GOOD[: GOOD.index("[[example.usual]]")] + SWIM
    with pytest.raises(
        LibraryError, match=r"line 22, example.usual\[0\]: nothing is left for a person who does not swim"
    ):
        conditions(added(tmp_path, text))


def test_no_example_for_a_spine_that_does_not_bear_load(tmp_path: Path) -> None:
    mine = condition("piriformis", added(tmp_path, GOOD))
    with pytest.raises(
        UsageError, match=r"no example plan for piriformis syndrome .* needs \[\[example.load_intolerant"
    ):
        example_plan(mine, starts_on=date(2026, 1, 5), diagnosis=None, traits=Traits(load_intolerant=True))


def test_the_keys_of_a_dose_reach_the_plan(tmp_path: Path) -> None:
    keys = 'max_distance_m = 500\nmax_intensity = "light"\nby_effort = true\nrest_days = 1\nno_substitute = true\n'
    mine = condition("piriformis", added(tmp_path, GOOD.replace("ceiling =", f"{keys}ceiling =")))
    [item] = example_plan(mine, starts_on=date(2026, 1, 5), diagnosis=None).items
    assert (item.max_distance_m, item.max_intensity, item.by_effort) == (500, Level.LIGHT, True)
    assert (item.rest_days, item.no_substitute) == (1, True)


def test_the_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    added(tmp_path, GOOD.replace("minutes = 10", "minutes = 0").replace('"base"', '"main"'), "a.toml")
    added(tmp_path, "[condition", "b.toml")
    with pytest.raises(LibraryError) as caught:
        conditions(tmp_path)
    places = [(each.path.name, each.line) for each in caught.value.problems]
    assert places == [("a.toml", 12), ("a.toml", 18), ("b.toml", 1)]


def test_a_restriction_takes_its_exercise_out_of_the_example(tmp_path: Path) -> None:
    text = (PACKAGED / "plans" / "disc_herniation.toml").read_text(encoding="utf-8")
    text += '[[example.usual]]\nexercise = "uphill_walk"\nrole = "optional"\n'
    mine = condition("disc_herniation", added(tmp_path, text))

    def asked(tolerated: bool | None) -> set[Exercise]:
        plan = example_plan(mine, starts_on=date(2026, 1, 5), diagnosis=None, flexion_tolerated=tolerated)
        return {item.exercise for item in plan.prescriptions}

    assert Exercise.UPHILL_WALK in asked(tolerated=True)
    assert Exercise.UPHILL_WALK not in asked(tolerated=False)
    assert Exercise.UPHILL_WALK not in asked(tolerated=None)
