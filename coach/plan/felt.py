"""What a plan goes by: how hard a session felt (Borg), or what was measured."""

from typing import Final

from coach.plan.exercises import facts
from coach.plan.model import Exercise, Plan, Prescription

INSIDE_WALKS: Final = frozenset({Exercise.FAST_WALK, Exercise.UPHILL_WALK})
"""Exercises that have no sessions of their own: their minutes are found inside walks."""


def by_effort(item: Prescription) -> bool:
    return item.by_effort and item.exercise in INSIDE_WALKS


def holds_effort(exercise: Exercise, plan: Plan) -> bool:
    """Whether an item by effort looks at sessions of the exercise."""
    return exercise is Exercise.LEVEL_WALK and any(by_effort(item) for item in plan.items)


def goes_by_effort(exercise: Exercise, plan: Plan) -> bool:
    """Whether somebody should say how hard a session of it felt: an item goes by that, in water it comes first, and
    under a beta blocker the heart rate says nothing (clinical rules, section 3).
    """
    return facts(exercise).family.in_water or plan.traits.beta_blocker or holds_effort(exercise, plan)
