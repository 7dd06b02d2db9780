"""The packaged conditions, and each statement of the founding article that they carry out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from coach.plan import (
    Diagnosis,
    Dose,
    Exercise,
    HeatScreen,
    Plan,
    RestrictionCode,
    Role,
    Stroke,
    Traits,
    facts,
)
from coach.plan.condition import Condition
from coach.plan.library import conditions, example_plan
from coach.plan.menu import Offer
from config.document import PACKAGED, read

DIAGNOSIS = Diagnosis(made_by="Dr. Lee", made_on=date(2026, 1, 2))
ALL = sorted(conditions())
BASE = Role.BASE


def plan(code: str, **given: Any) -> Plan:
    return example_plan(conditions()[code], **{"starts_on": date(2026, 1, 5), "diagnosis": DIAGNOSIS, **given})


def roles(of: Plan) -> Mapping[str, str]:
    return {item.exercise.value: item.role.value for item in of.prescriptions}


def dose(code: str, exercise: str) -> tuple[int, int, int, int, int]:
    """Sessions and minutes at the start and at the ceiling, and the step that it comes in."""
    menu = conditions()[code].dose[Exercise(exercise)]
    return (
        menu.start.sessions,
        menu.start.minutes,
        menu.ceiling.sessions,
        menu.ceiling.minutes,
        menu.from_step,
    )


def test_the_three_conditions_come_with_the_product() -> None:
    assert ALL == ["disc_herniation", "general_sciatica", "spinal_stenosis"]


@pytest.mark.parametrize(
    ("exercise", "general", "disc", "stenosis"),
    [
        ("level_walk", (5, 10, 5, 30, 1), (5, 10, 5, 30, 1), (5, 10, 5, 30, 1)),
        ("fast_walk", (3, 2, 3, 10, 3), (3, 2, 3, 10, 3), (3, 2, 3, 10, 3)),
        ("uphill_walk", (1, 5, 2, 15, 5), (1, 5, 2, 15, 7), (2, 5, 2, 15, 1)),
        ("exercise_bike", (2, 10, 2, 20, 1), (2, 10, 2, 20, 1), (3, 10, 4, 30, 1)),
        ("outdoor_ride", (2, 10, 2, 20, 1), (2, 10, 2, 20, 1), (3, 10, 4, 30, 1)),
        ("swim", (2, 15, 2, 30, 1), (2, 15, 3, 30, 1), (2, 15, 2, 30, 1)),
        ("pool_walk", (2, 15, 3, 30, 1), (2, 15, 3, 30, 1), (2, 15, 3, 30, 1)),
        ("deep_water_walk", (2, 10, 3, 30, 1), (2, 10, 3, 30, 1), (2, 10, 3, 30, 1)),
        ("deep_water_run", (2, 10, 3, 20, 4), (2, 10, 3, 20, 4), (2, 10, 3, 20, 6)),
        ("hot_pool_exercise", (2, 15, 2, 30, 1), (2, 15, 2, 30, 1), (2, 15, 2, 30, 1)),
    ],
)
def test_the_menu_of_doses(exercise: str, general: object, disc: object, stenosis: object) -> None:
    assert dose("general_sciatica", exercise) == general
    assert dose("disc_herniation", exercise) == disc
    assert dose("spinal_stenosis", exercise) == stenosis


@pytest.mark.parametrize("code", ALL)
def test_every_exercise_is_in_the_menu(code: str) -> None:
    assert set(conditions()[code].dose) == set(Exercise)


def test_a_dose_that_is_off_stays_in_the_menu_and_out_of_the_example() -> None:
    disc = conditions()["disc_herniation"]
    assert disc.dose[Exercise.EXERCISE_BIKE].offered is Offer.OFF
    assert "exercise_bike" not in roles(plan("disc_herniation"))


@pytest.mark.parametrize("load_intolerant", [False, True])
@pytest.mark.parametrize("swimmer", [False, True])
@pytest.mark.parametrize("code", ALL)
def test_base_and_primary_start_under_90_minutes_a_week(code: str, swimmer: bool, load_intolerant: bool) -> None:
    items = plan(code, traits=Traits(swimmer=swimmer, load_intolerant=load_intolerant)).prescriptions
    assert 0 < sum(item.dose.total_minutes for item in items if item.role is not Role.OPTIONAL) < 90


@pytest.mark.parametrize("code", ALL)
def test_an_example_says_that_it_is_one_and_where_its_numbers_are_from(code: str) -> None:
    example = plan(code)
    assert example.is_example
    assert example.condition == code
    for item in example.prescriptions:
        assert item.source
        assert set(item.source) <= set(example.sources)


@pytest.mark.parametrize(("code", "limit"), [("general_sciatica", 3), ("disc_herniation", 3), ("spinal_stenosis", 4)])
def test_the_limit_of_pain_during_exercise(code: str, limit: int) -> None:
    assert plan(code).pain_limit_during == limit


def test_statement_a_diagnosis_first_so_that_the_condition_does_not_worsen() -> None:
    assert plan("general_sciatica", diagnosis=None).locked
    assert not plan("general_sciatica").locked


@pytest.mark.parametrize("code", ALL)
def test_statement_walking_is_usually_one_of_the_safest_forms(code: str) -> None:
    assert roles(plan(code))["level_walk"] == "base"


@pytest.mark.parametrize("code", ["general_sciatica", "disc_herniation"])
def test_statement_fast_paced_walking_nested_in_the_walks_from_step_3(code: str) -> None:
    assert plan(code, step=2).item(Exercise.FAST_WALK) is None
    fast = plan(code, step=3).item(Exercise.FAST_WALK)
    assert fast is not None
    assert fast.nested_in is Exercise.LEVEL_WALK
    assert fast.role is not Role.OPTIONAL


def test_statement_uphill_walking_is_great_for_spinal_stenosis_if_tolerated() -> None:
    uphill = plan("spinal_stenosis").item(Exercise.UPHILL_WALK)
    assert uphill is not None
    assert uphill.role is Role.OPTIONAL
    assert uphill.note is not None
    assert "comfortable" in uphill.note


def test_statement_disc_herniation_with_relief_extending_walks_and_swims() -> None:
    assert roles(plan("disc_herniation")) == {
        "level_walk": "base",
        "swim": "primary",
        "fast_walk": "primary",
        "pool_walk": "optional",
    }


def test_statement_disc_herniation_worse_bending_forward_avoids_uphill() -> None:
    avoided = plan("disc_herniation", flexion_tolerated=False).restricts(RestrictionCode.UPHILL_AVOID)
    assert avoided is not None
    assert "brings on your symptoms" in avoided.reason
    assert not plan("disc_herniation", flexion_tolerated=True).restrictions


def test_flexion_that_is_not_known_counts_as_not_tolerated_and_says_so() -> None:
    avoided = plan("disc_herniation", flexion_tolerated=None).restricts(RestrictionCode.UPHILL_AVOID)
    assert avoided is not None
    assert "not known yet" in avoided.reason
    assert avoided.reason == " ".join(avoided.reason.split())


@pytest.mark.parametrize("code", ["general_sciatica", "spinal_stenosis"])
@pytest.mark.parametrize("tolerated", [True, False, None])
def test_other_conditions_leave_nothing_out(code: str, tolerated: bool | None) -> None:
    assert not plan(code, flexion_tolerated=tolerated).restrictions


def test_statement_spinal_stenosis_with_relief_bending_forward_rides_the_bike() -> None:
    assert roles(plan("spinal_stenosis")) == {
        "exercise_bike": "primary",
        "level_walk": "base",
        "uphill_walk": "optional",
        "pool_walk": "optional",
    }


def test_in_stenosis_a_ride_counts_in_full_for_a_walk() -> None:
    assert plan("spinal_stenosis").credit(Exercise.EXERCISE_BIKE, Exercise.LEVEL_WALK) == 1.0
    assert plan("general_sciatica").credit(Exercise.EXERCISE_BIKE, Exercise.LEVEL_WALK) == 0.8
    assert plan("spinal_stenosis").credit(Exercise.EXERCISE_BIKE, Exercise.SWIM) == 0.8


@pytest.mark.parametrize("code", ALL)
def test_statement_water_for_those_who_cannot_load_the_spine(code: str) -> None:
    assert roles(plan(code, traits=Traits(load_intolerant=True))) == {"pool_walk": "base", "swim": "primary"}


@pytest.mark.parametrize("code", ALL)
def test_statement_not_a_swimmer_walks_in_deep_water(code: str) -> None:
    unloaded = plan(code, traits=Traits(load_intolerant=True, swimmer=False))
    assert roles(unloaded) == {"pool_walk": "base", "deep_water_walk": "primary"}
    for each in plan(code, traits=Traits(swimmer=False)).prescriptions:
        assert not facts(each.exercise).swimmer_required


@pytest.mark.parametrize("code", ALL)
def test_statement_active_therapy_and_ongoing_effort(code: str) -> None:
    asked = [item for item in plan(code).items if item.role is not Role.OPTIONAL]
    assert sum(item.dose.sessions for item in asked) >= 5, "there is something to do on most days of every week"


@pytest.mark.parametrize("code", ALL)
def test_statement_if_tolerable_and_within_pain_free_ranges(code: str) -> None:
    assert plan(code).pain_limit_during <= 5
    assert not plan(code).pain_free_only
    assert plan(code, pain_free_only=True).pain_free_only


@pytest.mark.parametrize("code", ALL)
def test_statement_swimming_is_all_round_and_stands_in_for_most_items(code: str) -> None:
    example = plan(code)
    others = set(Exercise) - {Exercise.SWIM, Exercise.FAST_WALK, Exercise.UPHILL_WALK}
    assert {each for each in Exercise if example.credit(Exercise.SWIM, each)} == others
    assert not facts(Exercise.SWIM).weight_bearing


@pytest.mark.parametrize("code", ALL)
def test_statement_be_cautious_in_the_water_with_a_shoulder_injury(code: str) -> None:
    careful = plan(code, traits=Traits(shoulder_injury=True, load_intolerant=True))
    avoided = careful.restricts(RestrictionCode.STROKE_AVOID)
    assert avoided is not None
    assert set(avoided.strokes) == {Stroke.FREESTYLE, Stroke.BUTTERFLY}
    assert "shoulder" in avoided.reason
    swim = careful.item(Exercise.SWIM)
    assert swim is not None
    assert swim.max_distance_m == 200
    assert set(swim.source) <= set(careful.sources)
    assert all(item.max_distance_m is None for item in careful.items if item.exercise is not Exercise.SWIM)
    assert plan(code).restricts(RestrictionCode.STROKE_AVOID) is None


def test_statement_hot_pools_are_capped_at_30_minutes() -> None:
    for each in conditions().values():
        assert each.dose[Exercise.HOT_POOL_EXERCISE].max_minutes == 30


def test_statement_hot_pools_wait_for_their_questions() -> None:
    hot = conditions()["general_sciatica"].dose[Exercise.HOT_POOL_EXERCISE].prescribed(Exercise.HOT_POOL_EXERCISE, BASE)
    for screen in HeatScreen:
        asked = plan("general_sciatica", traits=Traits(heat_screen=screen)).model_copy(update={"prescriptions": (hot,)})
        assert bool(asked.items) is (screen is HeatScreen.CLEAR)


@pytest.mark.parametrize("exercise", ["pool_walk", "deep_water_walk", "deep_water_run", "hot_pool_exercise"])
def test_statement_in_the_pool_without_swimming(exercise: str) -> None:
    assert not facts(Exercise(exercise)).swimmer_required


@pytest.mark.parametrize("code", ["general_sciatica", "disc_herniation"])
def test_with_a_beta_blocker_effort_tells_what_is_fast(code: str) -> None:
    fast = plan(code, step=3, traits=Traits(beta_blocker=True)).item(Exercise.FAST_WALK)
    assert fast is not None
    assert fast.by_effort
    assert fast.note == "Inside your walks. Go by how hard it feels, not by your heart rate."
    usual = plan(code, step=3).item(Exercise.FAST_WALK)
    assert usual is not None
    assert not usual.by_effort


def test_in_stenosis_fast_is_by_effort_only() -> None:
    assert {code: each.dose[Exercise.FAST_WALK].by_effort for code, each in conditions().items()} == {
        "disc_herniation": False,
        "general_sciatica": False,
        "spinal_stenosis": True,
    }


def test_disc_herniation_may_split_its_walks() -> None:
    walk = plan("disc_herniation").item(Exercise.LEVEL_WALK)
    assert walk is not None
    assert walk.may_split
    assert walk.dose == Dose(sessions=5, minutes=10)


@pytest.mark.parametrize("code", ALL)
def test_each_file_says_what_it_rests_on(code: str) -> None:
    condition: Condition = conditions()[code]
    assert condition.about.rests_on
    assert condition.about.icd10
    assert all(source in condition.sources for source in condition.about.source)


def test_a_code_is_the_same_citation_in_every_file_and_each_is_used() -> None:
    cited: dict[str, str] = {}
    for path in sorted(PACKAGED.rglob("*.toml")):
        document = read(path)
        for code, citation in document.data.get("sources", {}).items():
            assert cited.setdefault(code, citation) == citation, f"{path.name}: {code}"
            assert document.text.count(f'"{code}"') >= 1, f"{path.name}: {code} is not used"
