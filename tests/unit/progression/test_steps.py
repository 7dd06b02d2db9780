"""The plan a step on or back: one variable a week and item, never past a ceiling, new items at their start."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.plan import Diagnosis, Dose, Exercise, HeatScreen, Plan, Prescription, Relief, Role, Traits
from coach.progression import easy_week, flare, restart, step_back, step_up, waiting


def asked(plan: Plan) -> Mapping[str, tuple[int, int]]:
    return {item.exercise.value: (item.dose.sessions, item.dose.minutes) for item in plan.items}


@st.composite
def plans(draw) -> Plan:
    """Any doses under any ceilings, coming in at any step."""
    items = []
    for exercise in draw(st.lists(st.sampled_from(sorted(Exercise)), unique=True, min_size=1, max_size=5)):
        sessions, minutes = draw(st.integers(1, 14)), draw(st.integers(1, 240))
        items.append(
            Prescription(
                exercise=exercise,
                role=draw(st.sampled_from(sorted(Role))),
                dose=Dose(sessions=sessions, minutes=minutes),
                ceiling=Dose(sessions=draw(st.integers(sessions, 14)), minutes=draw(st.integers(minutes, 240))),
                from_step=draw(st.integers(1, 4)),
            )
        )
    return Plan(
        condition="general_sciatica",
        starts_on=date(2026, 11, 2),
        diagnosis=Diagnosis(made_by="Dr. Lee", made_on=date(2026, 10, 20)),
        relief=Relief.UNKNOWN,
        flexion_tolerated=None,
        traits=Traits(heat_screen=draw(st.sampled_from(sorted(HeatScreen)))),
        pain_limit_during=3,
        prescriptions=tuple(items),
        step=draw(st.integers(1, 5)),
    )


@given(plans())
def test_one_variable_a_week_and_item_and_never_past_a_ceiling(plan: Plan) -> None:
    for _ in range(4):
        after = step_up(plan)
        assert after.step == plan.step + 1
        for old, new in zip(plan.prescriptions, after.prescriptions, strict=True):
            assert (old.dose.sessions == new.dose.sessions) or (old.dose.minutes == new.dose.minutes)
            assert old.dose.sessions <= new.dose.sessions <= min(old.ceiling.sessions, old.dose.sessions + 1)
            assert old.dose.minutes <= new.dose.minutes <= min(old.ceiling.minutes, old.dose.minutes + 5)
            if old not in plan.items:
                assert new == old
        plan = after


@given(plans())
def test_less_is_less_and_leaves_all_else(plan: Plan) -> None:
    for change in (step_back, easy_week, restart):
        after = change(plan)
        assert after.step == plan.step
        for old, new in zip(plan.prescriptions, after.prescriptions, strict=True):
            assert new.dose.sessions == old.dose.sessions
            assert 1 <= new.dose.minutes <= old.dose.minutes
            assert new.model_copy(update={"dose": old.dose}) == old
        assert after.easy is (change is easy_week)


@given(plans())
def test_the_end_is_the_ceiling_of_every_item(plan: Plan) -> None:
    for _ in range(14 + 240):
        plan = step_up(plan)
    assert all(item.dose == item.ceiling for item in plan.items)


def test_minutes_then_sessions(make) -> None:
    plan = make.plan(make.item("exercise_bike", (3, 28), (4, 30)))
    assert [asked(plan := step_up(plan))["exercise_bike"] for _ in range(3)] == [(3, 30), (4, 30), (4, 30)]


def test_a_new_item_comes_in_at_its_start_and_grows_from_then(make) -> None:
    plan = make.plan(
        make.item("level_walk", (5, 10), (5, 30)),
        make.item("fast_walk", (3, 2), (3, 10), from_step=3, nested_in="level_walk"),
    )
    assert [item.exercise for item in waiting(plan)] == [Exercise.FAST_WALK]
    steps = [asked(plan := step_up(plan)) for _ in range(3)]
    assert steps == [
        {"level_walk": (5, 11)},
        {"level_walk": (5, 12), "fast_walk": (3, 2)},
        {"level_walk": (5, 13), "fast_walk": (3, 3)},
    ]


def test_hot_water_that_waits_for_its_questions_stays_at_its_start(make) -> None:
    plan = make.plan(
        make.item("level_walk", (5, 10), (5, 30)), make.item("hot_pool_exercise", (2, 15), (2, 30), max_minutes=30)
    )
    later = step_up(step_up(plan)).model_copy(update={"traits": Traits(heat_screen=HeatScreen.CLEAR)})
    assert asked(later)["hot_pool_exercise"] == (2, 15)
    assert asked(step_up(later))["hot_pool_exercise"] == (2, 17)


def test_no_step_goes_past_the_longest_session(make) -> None:
    plan = make.plan(make.item("pool_walk", (2, 19), (3, 30), max_minutes=20))
    assert [asked(plan := step_up(plan))["pool_walk"] for _ in range(3)] == [(2, 20), (3, 20), (3, 20)]


@pytest.mark.parametrize("change", [step_back, restart])
def test_a_step_back_is_70_per_cent(make, change) -> None:
    plan = make.plan(make.item("level_walk", (5, 21), (5, 30)), make.item("swim", (2, 45), (2, 45)))
    assert asked(change(plan)) == {"level_walk": (5, 15), "swim": (2, 32)}


def test_during_a_flare_short_level_and_pool_walks_alone(make) -> None:
    plan = make.plan(
        make.item("level_walk", (5, 21), (5, 30)),
        make.item("fast_walk", (3, 4), (3, 10), nested_in="level_walk"),
        make.item("swim", (2, 15), (2, 30)),
        make.item("pool_walk", (2, 4), (2, 30), role="optional"),
    )
    gentle = flare(plan)
    assert asked(gentle) == {"level_walk": (5, 11), "pool_walk": (2, 4)}, "never more than was asked before"
    assert all(item.may_split for item in gentle.items)
