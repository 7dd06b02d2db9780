"""R7: more was done than the plan asks for, and the week is not over."""

from collections.abc import Iterator
from datetime import time
from typing import Final

from coach.adherence import ItemAdherence, Status
from coach.nudges.model import NoLongerTrue, Proposal, Rule, Situation, Telling
from coach.plan import facts, thresholds
from scheduler.messages import Kind

_EVENING: Final = time(19)


def propose(situation: Situation) -> Iterator[Proposal]:
    week = situation.this_week
    due_at, expires_at = situation.at(situation.today, _EVENING), week.week.ends_at(situation.zone)
    beyond = _beyond(situation)
    if beyond is not None and situation.is_near(due_at, expires_at):
        reason = f"{beyond.over_dose:.1f} times what was asked of it this week"
        yield Proposal(str(week.week), reason, due_at, expires_at)


def tell(situation: Situation, period: str) -> Telling | NoLongerTrue:
    if period != str(situation.this_week.week):
        return NoLongerTrue("that week is over")
    if (beyond := _beyond(situation)) is None:
        return NoLongerTrue("it is not more than the plan asks for")
    return Telling({"exercises": facts(beyond.prescription.exercise, situation.words).many})


def _beyond(situation: Situation) -> ItemAdherence | None:
    """The item that went furthest past what was asked of it."""
    if situation.this_week.status is not Status.OPEN:
        return None
    limit = thresholds().adherence.over_dose_amber
    beyond = [
        each
        for each in situation.this_week.items
        # What happens inside walks comes of itself: whoever walks as asked has done nothing too much.
        if each.prescription.nested_in is None and each.over_dose is not None and each.over_dose > limit
    ]
    return max(beyond, key=lambda each: each.over_dose or 0, default=None)


RULE: Final = Rule("R7", "over-dose", Kind.MOTIVATION, 92, propose, tell, urges=True, at=(_EVENING,))
