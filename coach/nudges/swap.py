"""R12: what the plan rests on was sore twice, and the plan has something that may stand in for it."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Final

from coach.adherence import Session
from coach.nudges.model import NoLongerTrue, Proposal, Rule, Situation, Telling
from coach.plan import Exercise, Plan, Prescription, Role, facts
from coach.safety.model import Colour
from coach.safety.verdicts import Reason
from scheduler.messages import Kind

_EVENING: Final = time(19)
_OPEN_FOR: Final = timedelta(hours=48)
_WITHIN_DAYS: Final = 7
_TIMES: Final = 2


def propose(situation: Situation) -> Iterator[Proposal]:
    due_at = situation.at(situation.today, _EVENING)
    found = _found(situation)
    if found is not None and situation.is_near(due_at, due_at + _OPEN_FOR):
        sore, instead = found
        reason = f"{facts(sore).many} were sore twice, and a {facts(instead).one} may stand in"
        yield Proposal(str(situation.this_week.week), reason, due_at, due_at + _OPEN_FOR)


def tell(situation: Situation, period: str) -> Telling | NoLongerTrue:
    del period  # it says nothing of the week: what holds now counts
    if (found := _found(situation)) is None:
        return NoLongerTrue("it has settled, or nothing may stand in for it")
    sore, instead = (facts(each, situation.words) for each in found)
    return Telling({"exercises": sore.many, "instead": instead.one})


def _found(situation: Situation) -> tuple[Exercise, Exercise] | None:
    """What was sore, and what may stand in for it."""
    for item in situation.plan.items:
        if item.role is Role.BASE and _was_sore(situation, item.exercise):
            instead = _instead(situation.plan, item)
            if instead is not None:
                return item.exercise, instead
    return None


def _was_sore(situation: Situation, exercise: Exercise) -> bool:
    """Twice within a week, and the last of it not long ago."""
    since = situation.today - timedelta(days=_WITHIN_DAYS)
    sessions = (*situation.last_week.sessions, *situation.this_week.sessions)
    recent = [each for each in sessions if each.exercise is exercise and each.day > since]
    amber = [each for each in recent if _is_amber(each)]
    if len(amber) < _TIMES:
        return False
    latest = amber[-1].verdict
    return latest is not None and latest.at is not None and situation.now - latest.at < _OPEN_FOR


def _is_amber(session: Session) -> bool:
    """Settled as such: one whose morning is open may still turn out worse, and is R5's then."""
    verdict = session.verdict
    return verdict is not None and verdict.colour is Colour.AMBER and Reason.MORNING_OPEN not in verdict.reasons


def _instead(plan: Plan, sore: Prescription) -> Exercise | None:
    """An item of the plan that counts for it, rather one that bears less weight, then the one that counts for more."""
    if sore.no_substitute:
        return None
    allowed = [
        (facts(each.exercise).weight_bearing, -factor, each.exercise)
        for each in plan.items
        if each.nested_in is None
        and each.exercise is not sore.exercise
        and (factor := plan.credit(each.exercise, sore.exercise))
    ]
    return min(allowed)[2] if allowed else None


RULE: Final = Rule("R12", "swap", Kind.MOTIVATION, 60, propose, tell, urges=True, at=(_EVENING,))
