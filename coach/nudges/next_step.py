"""R10: the week is decided, and a step of the plan is on offer. With the summary, or once the last session settled."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Final

from coach.nudges.model import OVERNIGHT, NoLongerTrue, Proposal, Rule, Situation, Telling
from coach.progression import Offer, OfferKind
from coach.progression.words import change
from scheduler.messages import Kind

_DUE: Final = time(8, 30)
_OPEN_FOR: Final = timedelta(days=7)


def propose(situation: Situation) -> Iterator[Proposal]:
    week = situation.last_week.week
    due_at = situation.at(week.next.monday, _DUE)
    if situation.is_near(due_at, due_at + _OPEN_FOR, OVERNIGHT) and (offer := _offered(situation)) is not None:
        reason = f"the plan's next step is open: {offer.kind}, for {', '.join(offer.reasons)}"
        yield Proposal(str(week), reason, max(due_at, situation.now), due_at + _OPEN_FOR)


def tell(situation: Situation, period: str) -> Telling | NoLongerTrue:
    if period != str(situation.last_week.week):
        return NoLongerTrue("another week has closed since")
    if (offer := _offered(situation)) is None:
        return NoLongerTrue("no step is open any more")
    changes = "; ".join(change(each, situation.words) for each in offer.changes)
    return Telling({"changes": changes}, texts=None if offer.kind is OfferKind.UP else f"R10_{offer.kind}")


def _offered(situation: Situation) -> Offer | None:
    """The step that `coach next` would show. To begin again is for those who have: who is away is asked by R14."""
    return None if situation.lapsed else situation.offer


RULE: Final = Rule(
    *("R10", "next step", Kind.SUMMARY, 80, propose, tell),
    urges=True,
    at=(_DUE,),
    ahead=OVERNIGHT,
    after_silence=True,
)
