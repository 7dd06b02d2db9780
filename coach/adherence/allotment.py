"""Which of an item's credited seconds enter its dose: up to 1.2 m a session, up to what is asked in all."""

from collections.abc import Iterable
from dataclasses import replace

from coach.adherence.model import Credit
from coach.adherence.share import NOT_ASKED, Beyond, Share
from coach.plan.thresholds import thresholds


def allotted(ranked: Iterable[Credit], asked: int, minutes: int) -> tuple[Credit, ...]:
    """The credits, each with its `share` of the item's dose. Of a session the first seconds come first.

    Args:
        ranked: in the order in which they fill the dose.
        asked: sessions after excusals.
        minutes: of each.
    """
    left = float(asked * minutes)
    most = thresholds().adherence.session_cap * minutes
    told = []
    for credit in ranked:
        within = min(credit.credited_minutes, most)
        counted = min(within, left)
        left -= counted
        share = _share(credit, counted, within, most) if asked else NOT_ASKED
        told.append(credit if share is None else replace(credit, share=share))
    return tuple(told)


def _share(credit: Credit, counted: float, within: float, most: float) -> Share | None:
    """In minutes as the item counts them: `counted` enter the dose, from `within` on they are cut off."""
    if counted * 60 >= credit.credited_s * credit.factor:
        return None
    cut_by_share = credit.cap_minutes is not None and credit.cap_minutes < most
    past = Beyond.PAST_SHARE if cut_by_share else Beyond.PAST_CAP
    return Share(counted / credit.factor, (within - counted) / credit.factor, past)
