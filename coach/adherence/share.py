"""How much of a credit enters its item's dose, and why the rest does not."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from coach.effort.model import Exclusion, left_for
from coach.effort.spans import NOTHING, Spans, cut, total_s


class Beyond(StrEnum):
    """Why a credited minute did not enter the dose. None of these goes against the plan."""

    PAST_CAP = "past_cap"  # 1.2 times what one session is asked
    PAST_SHARE = "past_share"  # 40 % of the item, by sessions that stand in
    SURPLUS = "surplus"  # all that is asked was done
    NOT_ASKED = "not_asked"  # every session of the item was excused


# Minutes become seconds and back; a billionth of a minute is what floats lose on the way.
_NOTHING_MIN: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Share:
    """Of a credit the first minutes enter the dose; the next are surplus; then comes what is cut off.

    Attributes:
        counted_minutes, surplus_minutes: of the session's own.
        past: why the rest is cut off.
    """

    counted_minutes: float
    surplus_minutes: float
    past: Beyond

    def counted(self, credited: Spans) -> Spans:
        return _split(credited, self.counted_minutes)[0]

    def beyond(self, credited: Spans) -> tuple[Exclusion, ...]:
        surplus, past = _split(_split(credited, self.counted_minutes)[1], self.surplus_minutes)
        return (*left_for(surplus, Beyond.SURPLUS), *left_for(past, self.past))


NOT_ASKED: Final = Share(0.0, 0.0, Beyond.NOT_ASKED)


def _split(spans: Spans, minutes: float) -> tuple[Spans, Spans]:
    if minutes <= _NOTHING_MIN:
        return NOTHING, spans
    if total_s(spans) / 60 <= minutes + _NOTHING_MIN:
        return spans, NOTHING
    return cut(spans, minutes * 60)
