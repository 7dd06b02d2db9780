"""Which seconds of a session an item could count, before anything is taken away."""

from typing import Final

from coach.adherence.model import Session
from coach.adherence.sessions import served_as
from coach.effort.model import Predicate, predicate_of
from coach.effort.spans import NOTHING, Spans
from coach.plan.felt import INSIDE_WALKS, by_effort, holds_effort
from coach.plan.model import Exercise, Plan, Prescription
from coach.plan.thresholds import thresholds

EFFORT_UNKNOWN: Final = "effort unavailable: nobody said how hard the walk felt"
"""The note of a walk that could hold fast minutes, had its effort been told."""


def hosts(item: Prescription, plan: Plan) -> frozenset[Exercise]:
    """The exercises whose sessions can hold the item's minutes: a walk holds fast and uphill ones."""
    if item.exercise in INSIDE_WALKS:
        return frozenset({Exercise.LEVEL_WALK})
    rides = item.exercise is Exercise.EXERCISE_BIKE and served_as(Exercise.OUTDOOR_RIDE, plan) is item.exercise
    return frozenset({item.exercise, Exercise.OUTDOOR_RIDE}) if rides else frozenset({item.exercise})


def eligible_for(item: Prescription, session: Session) -> Spans:
    """Where the item's predicate holds; for an item by effort, all the walking of a session that felt hard enough."""
    if not by_effort(item):
        return session.predicates.get(predicate_of(item.exercise), NOTHING)
    if session.borg is None or session.borg < thresholds().intensity.moderate.borg.low:
        return NOTHING
    return session.predicates.get(Predicate.MOVING, NOTHING)


def lacks_effort(session: Session, plan: Plan) -> bool:
    """Whether an item by effort could have looked at the session, had somebody said how hard it felt."""
    return session.borg is None and holds_effort(session.exercise, plan)
