"""A plan as the fields of a form: whatever a form shows comes back as it was."""

from datetime import UTC, date, datetime

import pytest

from coach.plan.differences import differences
from coach.plan.drafting import Drafting, field_of
from coach.plan.library import condition, conditions, example_plan
from coach.plan.model import Diagnosis, Exercise, Slot, Traits, Weekday
from coach.prescribing import checked
from coach.units import Units
from config.errors import LibraryError
from config.messages import catalogue, languages

NOW = datetime(2026, 6, 4, tzinfo=UTC)
DIAGNOSIS = Diagnosis(made_by="Dr Bo", made_on=date(2026, 5, 1))
EN = Drafting(catalogue(), Units.METRIC)


def plan_for(code="disc_herniation", **changes):
    plan = example_plan(
        condition(code),
        starts_on=date(2026, 6, 1),
        diagnosis=DIAGNOSIS,
        flexion_tolerated=False,
        traits=Traits(shoulder_injury=True),
    )
    days = {"planned": (Slot(day=Weekday.WED, at="17:30"), Slot(day=Weekday.THU)), "rest_days": 0}
    first = plan.prescriptions[0].model_copy(update=days)
    return plan.model_copy(update={"prescriptions": (first, *plan.prescriptions[1:]), **changes})


def taken(values, before, drafting=EN):
    return checked(drafting.document(values, before), NOW).as_plan(before.starts_on)


def problems(**changes):
    """The fields that are told of after these changes to those of a plan that is fit."""
    plan = plan_for()
    values = EN.fields(plan) | {name: [text] if isinstance(text, str) else text for name, text in changes.items()}
    with pytest.raises(LibraryError) as raised:
        taken(values, plan)
    return [field_of(each.key or "", values) for each in raised.value.problems]


@pytest.mark.parametrize("code", conditions())
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("units", Units)
def test_what_is_shown_comes_back_the_same(code, language, units):
    plan, drafting = plan_for(code), Drafting(catalogue(language), units)
    assert differences(plan, taken(drafting.fields(plan), plan, drafting)) == ()


def test_days_are_read_in_the_language_they_are_shown_in():
    plan = plan_for()
    german = Drafting(catalogue("de"), Units.METRIC)
    values = german.fields(plan)
    assert values["item.level_walk.planned"] == ["Mi 17:30, Do"]
    assert taken(values, plan, german).prescriptions[0].planned == plan.prescriptions[0].planned


def test_an_item_comes_and_another_goes():
    plan = plan_for()
    gone, there = plan.prescriptions[-1].exercise, [each.exercise for each in plan.prescriptions[:-1]]
    new = {
        "item": [*there, "deep_water_run"],
        "item.deep_water_run.role": ["optional"],
        **{f"item.deep_water_run.{dose}.sessions": ["2"] for dose in ("dose", "ceiling")},
        **{f"item.deep_water_run.{dose}.minutes": ["15"] for dose in ("dose", "ceiling")},
        "substitution.swim.deep_water_run": ["0,5"],
    }
    after = taken(EN.fields(plan) | new, plan)
    assert [each.exercise for each in after.prescriptions] == [*there, Exercise.DEEP_WATER_RUN]
    assert after.credit(Exercise.SWIM, Exercise.DEEP_WATER_RUN) == 0.5
    assert {done: row.get(gone) for done, row in after.substitution.items()} == {
        done: row.get(gone) for done, row in plan.substitution.items()
    }, "what stood in for it stays said"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"item.level_walk.dose.minutes": "ten"}, "item.level_walk.dose.minutes"),
        ({"item.level_walk.dose.minutes": "241"}, "item.level_walk.dose.minutes"),
        ({"item.level_walk.dose.minutes": "9" * 50}, "item.level_walk.dose.minutes"),
        ({"item.level_walk.dose.sessions": ""}, "item.level_walk.dose.sessions"),
        ({"item.level_walk.ceiling.minutes": "1"}, "item.level_walk"),
        ({"item.level_walk.planned": "someday"}, "item.level_walk.planned"),
        ({"item.level_walk.planned": "Mon, Mon"}, "item.level_walk.planned"),
        ({"item.level_walk.role": "<script>"}, "item.level_walk.role"),
        ({"item.swim.max_distance_m": "far"}, "item.swim.max_distance_m"),
        ({"substitution.swim.level_walk": "2"}, "substitution.swim.level_walk"),
        ({"substitution.swim.level_walk": "nan"}, "substitution.swim.level_walk"),
        ({"plan.pain_limit_during": "6"}, "plan.pain_limit_during"),
        ({"plan.starts_on": "soon"}, "plan.starts_on"),
        ({"diagnosis.made_on": ""}, "diagnosis.made_on"),
        ({"diagnosis.made_on": "2027-01-01"}, "diagnosis.made_on"),
        ({"restriction.stroke_avoid.strokes": []}, "restriction.stroke_avoid.strokes"),
        ({"traits.swimmer": ""}, "item.swim.exercise"),
        ({"item": []}, "item"),
    ],
)
def test_what_is_wrong_is_told_of_its_field(changed, told):
    assert problems(**changed) == [told]
