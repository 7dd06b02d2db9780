"""R2: there was a session yesterday, and the morning after it has no score yet."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Final

from coach.nudges.model import NoLongerTrue, Proposal, Rule, Situation, Telling
from coach.safety.mornings import morning_of, mornings
from scheduler.messages import Kind

_DUE: Final = time(8, 30)


def propose(situation: Situation) -> Iterator[Proposal]:
    due_at = situation.at(situation.today, situation.wishes.at("R2", _DUE))
    expires_at = morning_of(situation.today, situation.zone)[1]
    if situation.is_near(due_at, expires_at) and _why_not(situation) is None:
        reason = "a session yesterday, and no score this morning yet"
        yield Proposal(situation.today.isoformat(), reason, due_at, expires_at)


def tell(situation: Situation, period: str) -> Telling | NoLongerTrue:
    if period != situation.today.isoformat():
        return NoLongerTrue("that morning is over")
    reason = _why_not(situation)
    return NoLongerTrue(reason) if reason else Telling({})


def _why_not(situation: Situation) -> str | None:
    yesterday = situation.today - timedelta(days=1)
    if all(each.day != yesterday for each in (*situation.last_week.sessions, *situation.this_week.sessions)):
        return "there was no session yesterday"
    if situation.today in mornings(situation.check_ins, situation.zone):
        return "the morning is told already"
    return None


RULE: Final = Rule("R2", "morning check", Kind.CHECK_IN, 40, propose, tell, at=(_DUE,))
