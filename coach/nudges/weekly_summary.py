"""R13: the week has closed; its page is ready on Monday morning."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Final

from coach.adherence import Status
from coach.nudges.model import OVERNIGHT, NoLongerTrue, Proposal, Rule, Situation, Telling
from coach.nudges.wording import share_of_plan
from scheduler.messages import Kind

_DUE: Final = time(8, 30)
_OPEN_FOR: Final = timedelta(days=7)
_NOTHING_TO_SAY: Final = frozenset({Status.NO_PLAN, Status.LOCKED, Status.OPEN})


def propose(situation: Situation) -> Iterator[Proposal]:
    week = situation.last_week
    due_at = situation.at(week.week.next.monday, _DUE)
    if situation.is_near(due_at, due_at + _OPEN_FOR, OVERNIGHT) and week.status not in _NOTHING_TO_SAY:
        yield Proposal(str(week.week), "the week has closed", due_at, due_at + _OPEN_FOR)


def tell(situation: Situation, period: str) -> Telling | NoLongerTrue:
    week = situation.last_week
    if str(week.week) != period or week.status in _NOTHING_TO_SAY:
        return NoLongerTrue("there is no summary for that week any more")
    score = share_of_plan(week, situation.words)
    return Telling({"score": score}) if score else Telling({}, texts="R13_without_score")


RULE: Final = Rule("R13", "weekly summary", Kind.SUMMARY, 99, propose, tell, at=(_DUE,), ahead=OVERNIGHT)
