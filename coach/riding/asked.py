"""What the plan asks of a session that is about to begin, and what it must not exceed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.effort.body import Zones, zones
from coach.plan.model import Exercise, Level, Plan, Prescription
from coach.plan.thresholds import Band, thresholds
from coach.safety.model import Phase
from coach.store import check_ins, locks, people, powers
from coach.store.bodies import body_of
from coach.store.tables import Person, key
from coach.weeks import day_of
from devices.ble.ramp import Limits
from scheduler.clock import local_instant

# Clinical rules, section 3: a bike begins at a self-chosen 20 to 40 W.
_BEGINNERS_W: Final = 40.0
# What a target may lie above the hardest ride so far on average: the step by which gentle ramp tests rise.
_STEP_W: Final = 10.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a session.

    Attributes:
        item: of the plan; None where it has none for this exercise.
        limits: what a target never exceeds.
        pain_limit: at this score or above, the target is released.
        no_target: why the plan allows none: a sentence; None where it does.
        cadence_rpm: what turns easily on a back, for a bike.
    """

    exercise: Exercise
    item: Prescription | None
    limits: Limits
    pain_limit: int
    no_target: str | None = None
    cadence_rpm: Band | None = None


def asked_of(session: Session, person: Person, exercise: Exercise, now: datetime) -> Asked:
    """By the plan that is in force now."""
    on_bike = exercise is Exercise.EXERCISE_BIKE
    found = people.plan_on(session, key(person), day_of(now, ZoneInfo(person.timezone)))
    plan = None if found is None else found[1]
    item = None if plan is None else plan.item(exercise)
    return Asked(
        exercise=exercise,
        item=item,
        limits=Limits(
            power_w=_most_w(session, person) if on_bike else None,
            heart_rate_bpm=None if plan is None else _ceiling(plan, item, zones(body_of(person), now.year)),
        ),
        pain_limit=_pain_limit(session, person, plan, now),
        no_target=_no_target(session, person, plan, now) if on_bike else "a walk has no targets",
        cadence_rpm=thresholds().bike.cadence_rpm if on_bike else None,
    )


def _most_w(session: Session, person: Person) -> float:
    """No plan says watts: no more than a beginner's, or a little above what this person has ridden."""
    ridden = powers.highest_mean_w(session, key(person), Exercise.EXERCISE_BIKE)
    return max(_BEGINNERS_W, 0.0 if ridden is None else round(ridden) + _STEP_W)


def _ceiling(plan: Plan, item: Prescription | None, found: Zones | None) -> int | None:
    """The last beat of the hardest level that the item has in mind; with a beta blocker beats say nothing."""
    if item is None or item.max_intensity is None or found is None or plan.traits.beta_blocker:
        return None
    return {
        Level.LIGHT: found.moderate.low - 1,
        Level.MODERATE: found.vigorous.low - 1,
        Level.VIGOROUS: found.vigorous.high,
    }[item.max_intensity]


def _pain_limit(session: Session, person: Person, plan: Plan | None, now: datetime) -> int:
    """The plan's, or the score of before where nothing more is allowed. No pain at all is never too much."""
    if plan is None:
        return 1
    if not plan.pain_free_only:
        return max(1, plan.pain_limit_during)
    zone = ZoneInfo(person.timezone)
    today = local_instant(day_of(now, zone), datetime.min.time(), zone)
    before = [
        each.pain
        for each in check_ins.of(session, key(person), today)
        if each.phase is Phase.PRE and each.pain is not None
    ]
    return max(1, min(before[-1] + 1, 5)) if before else 1


def _no_target(session: Session, person: Person, plan: Plan | None, now: datetime) -> str | None:
    if plan is None:
        return "there is no plan yet"
    if plan.locked:
        return "the plan is locked until a diagnosis is recorded"
    if locks.holding(session, key(person), now) is not None:
        return "a warning sign has locked the plan"
    return None
