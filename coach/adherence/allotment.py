"""Which of an item's credited seconds enter its dose: up to 1.2 m a session, up to what is asked in all."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import Final

from coach.adherence.model import Credit
from coach.effort.model import Exclusion
from coach.effort.spans import NOTHING, Spans, cut, total_s
from coach.plan.thresholds import thresholds


class Beyond(StrEnum):
    """Why a credited minute did not enter the dose. None of these goes against the plan."""

    PAST_CAP = "past_cap"  # 1.2 times what one session is asked
    PAST_SHARE = "past_share"  # 40 % of the item, by sessions that stand in
    SURPLUS = "surplus"  # all that is asked was done
    NOT_ASKED = "not_asked"  # every session of the item was excused


# Minutes become seconds and back; a billionth of a minute is what floats lose on the way.
_NOTHING_MIN: Final = 1e-9


def allotted(ranked: Iterable[Credit], asked: int, minutes: int) -> tuple[Credit, ...]:
    """The credits, each with what is `beyond` its item's dose. Of a session the first seconds come first.

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
        told.append(_parted(credit, counted, within, most) if asked else _not_asked(credit))
    return tuple(told)


def _parted(credit: Credit, counted: float, within: float, most: float) -> Credit:
    """In minutes as the item counts them: `counted` enter the dose, from `within` on they are cut off."""
    _, rest = _split(credit.credited, counted / credit.factor)
    if not rest:
        return credit
    surplus, past = _split(rest, (within - counted) / credit.factor)
    cut_by_share = credit.cap_minutes is not None and credit.cap_minutes < most
    reason = Beyond.PAST_SHARE if cut_by_share else Beyond.PAST_CAP
    return replace(credit, beyond=(*_named(surplus, Beyond.SURPLUS), *_named(past, reason)))


def _not_asked(credit: Credit) -> Credit:
    return replace(credit, beyond=tuple(_named(credit.credited, Beyond.NOT_ASKED)))


def _split(spans: Spans, minutes: float) -> tuple[Spans, Spans]:
    if minutes <= _NOTHING_MIN:
        return NOTHING, spans
    if total_s(spans) / 60 <= minutes + _NOTHING_MIN:
        return spans, NOTHING
    return cut(spans, minutes * 60)


def _named(spans: Spans, reason: Beyond) -> Iterable[Exclusion]:
    return (Exclusion(span, reason) for span in spans)
