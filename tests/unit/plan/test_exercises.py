import pytest

from coach.plan.exercises import Family, Predicate, facts, substitution
from coach.plan.model import Exercise

E = Exercise
POOL = (E.POOL_WALK, E.DEEP_WATER_WALK, E.DEEP_WATER_RUN)


@pytest.mark.parametrize("exercise", Exercise)
def test_every_exercise_has_its_words(exercise: Exercise) -> None:
    known = facts(exercise)
    assert known.count(1) == f"1 {known.one}"
    assert known.count(2) == f"2 {known.many}"
    assert known.count(0) == f"no {known.many}"


def test_only_walks_bear_weight_and_only_swimming_needs_a_swimmer() -> None:
    assert {each for each in E if facts(each).weight_bearing} == {E.LEVEL_WALK, E.FAST_WALK, E.UPHILL_WALK}
    assert {each for each in E if facts(each).swimmer_required} == {E.SWIM}


def test_what_makes_a_minute_eligible() -> None:
    assert {each: facts(each).predicate for each in E} == {
        E.LEVEL_WALK: Predicate.MOVING,
        E.FAST_WALK: Predicate.FAST,
        E.UPHILL_WALK: Predicate.UPHILL,
        E.EXERCISE_BIKE: Predicate.PEDALLING,
        E.OUTDOOR_RIDE: Predicate.PEDALLING,
        E.SWIM: Predicate.SWIMMING,
        E.POOL_WALK: Predicate.TIMER,
        E.DEEP_WATER_WALK: Predicate.TIMER,
        E.DEEP_WATER_RUN: Predicate.TIMER,
        E.HOT_POOL_EXERCISE: Predicate.TIMER,
    }
    assert {facts(each).family for each in POOL} == {Family.WATER}


def test_nothing_replaces_a_fast_or_an_uphill_walk() -> None:
    asked = {exercise for row in substitution().values() for exercise in row}
    assert asked == set(E) - {E.FAST_WALK, E.UPHILL_WALK}


def test_no_exercise_stands_in_for_itself() -> None:
    assert not [done for done, row in substitution().items() if done in row]


@pytest.mark.parametrize(
    ("done", "walk", "bike", "swim", "water"),
    [
        (E.LEVEL_WALK, None, 0.8, 0.8, 0.8),
        (E.EXERCISE_BIKE, 0.8, None, 0.8, 0.8),
        (E.OUTDOOR_RIDE, 0.8, 1.0, 0.8, 0.8),
        (E.SWIM, 0.8, 0.8, None, 1.0),
        (E.POOL_WALK, 0.8, 0.8, 1.0, 1.0),
        (E.DEEP_WATER_RUN, 0.8, 0.8, 1.0, 1.0),
        (E.HOT_POOL_EXERCISE, 0.5, 0.5, 0.8, 1.0),
    ],
)
def test_what_stands_in_for_what(
    done: Exercise, walk: float | None, bike: float | None, swim: float | None, water: float
) -> None:
    row = substitution()[done]
    assert row.get(E.LEVEL_WALK) == walk
    assert row.get(E.EXERCISE_BIKE) == bike
    assert row.get(E.SWIM) == swim
    others = {*POOL, E.HOT_POOL_EXERCISE} - {done}
    assert {row.get(each) for each in others} == {water}
