"""R6: a session went against what the plan leaves out, and not by a little. Told with R1."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from coach.adherence import Violation, WeekAdherence
from coach.nudges.model import NoLongerTrue, Proposal, Rule, Situation, Telling
from coach.plan import facts
from coach.plan.violations import Severity
from scheduler.messages import Kind

_OPEN_FOR: Final = timedelta(hours=24)

# Pain is R5's matter, and of a locked plan the person has been told.
_TOLD: Final = frozenset({"uphill_avoid", "too_long", "too_intense", "stroke_avoid", "hot_too_long"})


def propose(situation: Situation) -> Iterator[Proposal]:
    for week, violation, ended_at in _found(situation):
        if ended_at <= situation.now < ended_at + _OPEN_FOR:
            yield Proposal(
                period=f"{week.week}/{violation.code}",
                reason=f"{violation.code}, {violation.minutes:.0f} min of a session",
                due_at=situation.now,
                expires_at=ended_at + _OPEN_FOR,
            )


def tell(situation: Situation, period: str) -> Telling | NoLongerTrue:
    found = [each for week, each, _ in _found(situation) if f"{week.week}/{each.code}" == period]
    if not found:
        return NoLongerTrue("it did not go against the plan after all")
    latest = found[-1]
    said = {
        "minutes": max(1, round(latest.minutes)),
        "exercise": facts(latest.exercise, situation.words).one,
        "exercises": facts(latest.exercise, situation.words).many,
    }
    return Telling(said, texts=f"R6_{latest.code}")


def _found(situation: Situation) -> list[tuple[WeekAdherence, Violation, datetime]]:
    """Each with its week and when its session ended, in order of time."""
    found = []
    for week in (situation.last_week, situation.this_week):
        ended = {number: each.ended_at for each in week.sessions for number in each.activity_ids}
        found += [
            (week, each, ended[each.activity_id])
            for each in week.violations
            if each.severity is Severity.MAJOR and each.code in _TOLD and each.activity_id in ended
        ]
    return sorted(found, key=lambda each: each[2])


RULE: Final = Rule("R6", "restriction", Kind.SAFETY, 20, propose, tell)
