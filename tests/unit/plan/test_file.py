"""A plan as a file: out and in again unchanged, and what each wrong one is told."""

import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.plan import (
    Diagnosis,
    Dose,
    Exercise,
    HeatScreen,
    Level,
    Plan,
    Prescription,
    Relief,
    Restriction,
    RestrictionCode,
    Slot,
    Stroke,
    Traits,
    Weekday,
)
from coach.plan.file import parsed, plan_from
from coach.plan.library import conditions, example_plan
from coach.plan.writing import written
from config.document import Document, read
from config.errors import LibraryError

DAY = date(2026, 11, 2)
DIAGNOSIS = Diagnosis(made_by="Dr. Lee", made_on=date(2026, 10, 20))


def example(code: str = "disc_herniation", **given: Any) -> Plan:
    return example_plan(conditions()[code], **{"starts_on": DAY, "diagnosis": DIAGNOSIS, **given})


def back(text: str, folder: Path) -> Plan:
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return plan_from(path)


@pytest.mark.parametrize("traits", [Traits(), Traits(load_intolerant=True, shoulder_injury=True, beta_blocker=True)])
@pytest.mark.parametrize("code", sorted(conditions()))
def test_every_example_comes_back_as_it_went(tmp_path: Path, code: str, traits: Traits) -> None:
    plan = example(code, traits=traits, flexion_tolerated=False)
    assert back(written(plan), tmp_path) == plan


TEXT = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029\u061c\u200e\u200f"
                  "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
    min_size=1,
)  # fmt: skip
MAYBE = st.none() | TEXT
SLOT = st.builds(
    Slot,
    day=st.sampled_from(list(Weekday)),
    at=st.none() | st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)


@st.composite
def prescriptions(draw: st.DrawFn, exercise: Exercise) -> Prescription:
    sessions, minutes = draw(st.integers(1, 4)), draw(st.integers(1, 20))
    return Prescription(
        exercise=exercise,
        role=draw(st.sampled_from(["base", "primary", "optional"])),
        dose=Dose(sessions=sessions, minutes=minutes),
        ceiling=Dose(sessions=4, minutes=draw(st.integers(minutes, 30))),
        from_step=draw(st.integers(1, 9)),
        may_split=draw(st.booleans()),
        no_substitute=draw(st.booleans()),
        max_minutes=draw(st.none() | st.integers(20, 30)),
        max_distance_m=draw(st.none() | st.integers(1, 5000)),
        max_intensity=draw(st.none() | st.sampled_from(list(Level))),
        by_effort=draw(st.booleans()),
        planned=draw(st.none() | st.lists(SLOT, max_size=sessions, unique_by=str).map(tuple)),
        rest_days=draw(st.sampled_from([0, 1])),
        note=draw(MAYBE),
        source=draw(st.sampled_from([(), ("ours",), ("ours", "the-2nd")])),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    traits = draw(st.builds(Traits, swimmer=st.just(True), heat_screen=st.sampled_from(list(HeatScreen))))
    chosen = draw(st.lists(st.sampled_from(list(Exercise)), unique=True, min_size=1, max_size=4))
    strokes = draw(st.lists(st.sampled_from(list(Stroke)), unique=True, max_size=3).map(tuple))
    restriction = Restriction(code=RestrictionCode.STROKE_AVOID, reason=draw(TEXT), strokes=strokes)
    set_by = draw(MAYBE)
    return Plan(
        condition=draw(st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)),
        starts_on=draw(st.dates()),
        diagnosis=draw(st.none() | st.builds(Diagnosis, made_by=TEXT, made_on=st.dates())),
        relief=draw(st.sampled_from(list(Relief))),
        flexion_tolerated=draw(st.none() | st.booleans()),
        traits=traits,
        pain_limit_during=draw(st.integers(0, 5)),
        pain_free_only=draw(st.booleans()),
        prescriptions=tuple(draw(prescriptions(each)) for each in chosen),
        restrictions=(restriction,) if strokes else (),
        substitution=draw(
            st.dictionaries(
                st.sampled_from(list(Exercise)),
                st.dictionaries(st.sampled_from(list(Exercise)), st.floats(0, 1), max_size=3),
                max_size=3,
            )
        ),
        step=draw(st.integers(1, 40)),
        easy=draw(st.booleans()),
        is_example=set_by is None,
        set_by=set_by,
        sources={"ours": "D: our practice", "the-2nd": "E: " + draw(TEXT).strip().ljust(1, "x")},
    )


@given(plans())
def test_any_plan_comes_back_as_it_went(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> None:
    text = written(plan)
    again = back(text, tmp_path_factory.getbasetemp())
    assert again == plan
    assert written(again) == text


def test_a_clinician_can_read_it() -> None:
    walk = (
        example()
        .prescriptions[0]
        .model_copy(update={"planned": (Slot(day=Weekday.MON, at=time(17, 30)), Slot(day=Weekday.THU))})
    )
    text = written(example().model_copy(update={"prescriptions": (walk,)}), "The plan of Ada")
    assert text.startswith("# The plan of Ada\n")
    for line in (
        'condition = "disc_herniation"',
        "starts_on = 2026-11-02",
        "dose = { sessions = 5, minutes = 10 }",
        'planned = ["mon 17:30", "thu"]',
        'walkback-2024 = "E: WalkBack, Lancet 2024: walking, to 30 min 5 times a week over six months"',
    ):
        assert line in text.splitlines()
    assert not [line for line in text.splitlines() if line.startswith("#") and len(line) > 120]


GOOD = """\
[plan]
condition = "disc_herniation"
pain_limit_during = 3

[[item]]
exercise = "level_walk"
role = "base"
dose = { sessions = 5, minutes = 10 }
ceiling = { sessions = 5, minutes = 30 }

[[item]]
exercise = "swim"
role = "primary"
dose = { sessions = 2, minutes = 15 }
ceiling = { sessions = 2, minutes = 30 }
"""


FIRST = """
[[item]]
exercise = "level_walk"
"""


def left_out(code: str) -> str:
    return f'[[restriction]]\ncode = "{code}"\nreason = "x"\n'


def test_what_is_left_out_is_as_usual(tmp_path: Path) -> None:
    plan = back(GOOD, tmp_path)
    assert plan.locked
    assert plan.is_example
    assert (plan.relief, plan.flexion_tolerated, plan.step) == (Relief.UNKNOWN, None, 1)
    file = parsed(read(tmp_path / "plan.toml"))
    own = file.as_plan(DAY, "Dr. Lee")
    assert (own.starts_on, own.set_by, own.is_example) == (DAY, "Dr. Lee", False)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("minutes = 10", "minutes = 0", "8, item[0].dose.minutes: 0 is not allowed; a whole number from 1 to 240"),
        ("minutes = 30 }\n\n", "minutes = 9 }\n\n", "5, item[0]: the ceiling of level_walk is below its dose"),
        ('"base"', '"main"', '7, item[0].role: "main" is not allowed; one of base, primary, optional'),
        ("during = 3", "during = 6", "3, plan.pain_limit_during: 6 is not allowed; a whole number from 0 to 5"),
        ("[plan]", "[paln]", "1, paln: is not known here; one of plan, diagnosis, traits, item"),
        ('"swim"', '"level_walk"', "12, item[1].exercise: level_walk is prescribed twice; once"),
        ("[plan]", "[traits]\nswimmer = false\n[plan]", "14, item[1].exercise: swim needs swimming, and traits.swim"),
        ('"base"', '"base"\nnested_in = "pool_walk"', "8, item[0].nested_in: level_walk is nested in pool_walk, which"),
        ('"base"', '"base"\nplanned = ["mon", "someday"]', "8, item[0].planned[1]: 'someday' is not a planned day"),
        ('"base"', '"base"\nplanned = ["mon 25:00"]', "8, item[0].planned[0]: 'mon 25:00' is not a planned day"),
        ('"base"', '"base"\nplanned = [5]', "8, item[0].planned[0]: 5 is not allowed; a day such as thu, or a day"),
        ('"base"', '"base"\nplanned = ["mon", "mon"]', "8, item[0].planned: names a day and time twice; once"),
        ('"primary"', '"primary"\nplanned = ["mon", "tue", "wed"]', "14, item[1].planned: names 3 days for 2 sess"),
        ('"base"', '"base"\nrest_days = 1', "8, item[0].rest_days: 5 sessions with 1 days between them are more"),
        ('"base"', '"base"\nmax_minutes = 9', "8, item[0].max_minutes: 9 is below the minutes of the dose, 10"),
        ('"base"', '"base"\nsource = ["who"]', "8, item[0].source: 'who' is not explained; a code from [sources]"),
        ('"level_walk"', '"hot_pool_exercise"\nmax_minutes = 40', "10, item[0].ceiling: hot water is at most 30 min"),
        (
            FIRST,
            f'{left_out("uphill_avoid")}strokes = ["butterfly"]\n{FIRST}',
            "7, restriction[0].strokes: uphill",
        ),
        (FIRST, left_out("stroke_avoid") + FIRST, "4, restriction[0].strokes: stroke_avoid names its strokes"),
        (FIRST, left_out("stroke_avoid") * 2 + FIRST, "8, restriction[1].code: stroke_avoid is said twice; once"),
        (FIRST, left_out("uphill_avoid") + FIRST.replace("level", "uphill"), "9, item[0].exercise: uphill_walk is pre"),
        ('"base"', '"base"\nnote = "a\\u001b[2J"', "8, item[0].note: holds characters that are not seen"),
        ("pain_limit", 'relief = "sofa"\npain_limit', '3, plan.relief: "sofa" is not allowed; one of extension'),
        ("[plan]", "[plan]\n[plan]", "2: [plan] stands here a second time"),
        ("[plan]", "[[plan]]", "1, plan: "),
    ],
)
def test_a_wrong_file_is_told_its_line_and_what_is_allowed(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(LibraryError) as caught:
        back(GOOD.replace(old, new, 1), tmp_path)
    problems = [str(each).removeprefix("plan.toml, line ") for each in caught.value.problems]
    assert any(each.startswith(told) for each in problems), problems


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = GOOD.replace("minutes = 10", "minutes = 0").replace('"primary"', '"main"')
    with pytest.raises(LibraryError) as caught:
        parsed(Document(Path("plan.toml"), tomllib.loads(text), text))
    assert [each.line for each in caught.value.problems] == [8, 13]
