"""What changed between two versions, key by key."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from coach.plan import Diagnosis, Exercise, Plan, Traits
from coach.plan.differences import differences
from coach.plan.library import conditions, example_plan
from coach.progression import step_up


def example(**given: Any) -> Plan:
    return example_plan(conditions()["disc_herniation"], **{"starts_on": date(2026, 11, 2), "diagnosis": None, **given})


def told(before: Plan, after: Plan) -> list[str]:
    return [str(each) for each in differences(before, after)]


def test_nothing() -> None:
    assert differences(example(), example()) == ()


def test_a_step() -> None:
    assert told(example(), step_up(example())) == [
        "step: 2 instead of 1",
        "level_walk.dose: 5 x 11 min instead of 5 x 10 min",
        "swim.dose: 2 x 17 min instead of 2 x 15 min",
        "pool_walk.dose: 2 x 17 min instead of 2 x 15 min",
    ]


def test_what_comes_and_what_goes() -> None:
    diagnosis = Diagnosis(made_by="Dr. Lee", made_on=date(2026, 10, 20))
    after = example(traits=Traits(swimmer=False), flexion_tolerated=True, diagnosis=diagnosis)
    assert told(example(), after) == [
        "traits.swimmer: no instead of yes",
        "swim: no longer (primary, 2 x 15 min, up to 3 x 30 min)",
        f"restriction.uphill_avoid: no longer ({example().restrictions[0].reason})",
        "diagnosis: Dr. Lee, 2026-10-20, new",
        "flexion_tolerated: yes, new",
        "deep_water_walk: primary, 2 x 10 min, up to 3 x 30 min, new",
    ]


@given(st.data())
def test_every_change_of_a_field_is_told(data: st.DataObject) -> None:
    plan = example()
    name = data.draw(st.sampled_from(["may_split", "by_effort", "no_substitute", "rest_days", "note", "from_step"]))
    value = data.draw({"rest_days": st.integers(1, 6), "note": st.just("x"), "from_step": st.integers(2, 9)}.get(
        name, st.booleans()
    ))  # fmt: skip
    changed = plan.prescriptions[1].model_copy(update={name: value})
    after = plan.model_copy(update={"prescriptions": (plan.prescriptions[0], changed, *plan.prescriptions[2:])})
    assert [each.key for each in differences(plan, after)] == ([] if after == plan else [f"{Exercise.SWIM}.{name}"])
