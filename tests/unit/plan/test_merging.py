"""Circumstances change: the library's part of a plan changes, what was reached and agreed stays."""

from datetime import date
from typing import Any

from coach.plan import Diagnosis, Dose, Exercise, Plan, RestrictionCode, Role, Slot, Traits, Weekday
from coach.plan.library import conditions, example_plan
from coach.plan.merging import carried
from coach.progression import step_up


def example(**given: Any) -> Plan:
    diagnosis = Diagnosis(made_by="Dr. Lee", made_on=date(2026, 10, 20))
    return example_plan(
        conditions()["disc_herniation"], **{"starts_on": date(2026, 11, 2), "diagnosis": diagnosis, **given}
    )


def test_the_same_circumstances_change_nothing() -> None:
    reached = step_up(step_up(example()))
    assert carried(reached, example(), example()) == reached


def test_doses_that_were_reached_and_days_that_were_agreed_stay() -> None:
    reached = step_up(step_up(example(flexion_tolerated=False)))
    walk = reached.prescriptions[0].model_copy(update={"planned": (Slot(day=Weekday.MON),)})
    reached = reached.model_copy(update={"prescriptions": (walk, *reached.prescriptions[1:])})
    after = carried(reached, example(flexion_tolerated=False), example(flexion_tolerated=True))
    assert after.prescriptions == reached.prescriptions
    assert not after.restrictions
    assert (after.flexion_tolerated, after.step) == (True, 3)


def test_what_needs_swimming_goes_and_what_does_not_comes() -> None:
    reached = step_up(example())
    after = carried(reached, example(), example(traits=Traits(swimmer=False)))
    assert {item.exercise for item in after.prescriptions} == {
        Exercise.LEVEL_WALK,
        Exercise.FAST_WALK,
        Exercise.POOL_WALK,
        Exercise.DEEP_WATER_WALK,
    }
    assert after.prescriptions[0].dose == Dose(sessions=5, minutes=11)


def test_a_limit_comes_without_the_dose_going_back() -> None:
    reached = step_up(example())
    after = carried(reached, example(), example(traits=Traits(shoulder_injury=True)))
    [swim] = [item for item in after.prescriptions if item.exercise is Exercise.SWIM]
    assert (swim.max_distance_m, swim.dose.minutes) == (200, 17)
    assert after.restricts(RestrictionCode.STROKE_AVOID)
    again = carried(after, example(traits=Traits(shoulder_injury=True)), example())
    assert again == reached


def test_an_item_of_ones_own_stays() -> None:
    bike = conditions()["disc_herniation"].dose[Exercise.EXERCISE_BIKE]
    own = bike.prescribed(Exercise.EXERCISE_BIKE, Role.OPTIONAL)
    mine = example().model_copy(
        update={
            "prescriptions": (*example().prescriptions, own),
            "sources": {**example().sources, "mine": "D: my practice"},
        }
    )
    after = carried(mine, example(), example(traits=Traits(load_intolerant=True)))
    assert {item.exercise for item in after.prescriptions} == {
        Exercise.POOL_WALK,
        Exercise.SWIM,
        Exercise.EXERCISE_BIKE,
    }
    assert "mine" in after.sources
