"""R11: symptoms reached less far down on three mornings running. A good sign that is worth telling the clinician."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Final

from coach.nudges.model import NoLongerTrue, Proposal, Rule, Situation, Telling
from coach.safety.mornings import extents
from scheduler.clock import ONE_DAY
from scheduler.messages import Kind

_MORNINGS: Final = 3
_MORNING: Final = time(8, 30)
_OPEN_FOR: Final = timedelta(hours=24)
_REST: Final = timedelta(days=14)


def propose(situation: Situation) -> Iterator[Proposal]:
    """On the morning itself, once it is told."""
    if _is_rising(situation, situation.today):
        due_at = max(situation.at(situation.today, _MORNING), situation.now)
        reason = "symptoms reached less far down on three mornings running"
        yield Proposal(situation.today.isoformat(), reason, due_at, due_at + _OPEN_FOR)


def tell(situation: Situation, period: str) -> Telling | NoLongerTrue:
    is_so = _is_rising(situation, date.fromisoformat(period))
    return Telling({}) if is_so else NoLongerTrue("it was told otherwise since")


def _is_rising(situation: Situation, day: date) -> bool:
    """Whether each of the three mornings up to that day was told with less than the morning before it."""
    told = extents(situation.check_ins, situation.zone)
    days = [day - n * ONE_DAY for n in reversed(range(_MORNINGS + 1))]
    return all(each in told for each in days) and all(told[one] > told[next_] for one, next_ in pairwise(days))


RULE: Final = Rule("R11", "centralising", Kind.MOTIVATION, 90, propose, tell, rest=_REST, at=(_MORNING,))
