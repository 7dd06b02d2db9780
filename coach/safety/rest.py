"""Rest advice: after a RED nothing is asked on its local day and the next (clinical rules, section 8)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from coach.safety.model import Colour, Verdict
from coach.weeks import day_of

REST_ADVICE: Final = "rest_advice"
"""Why the day is excused; the text is `text.excused` in the message catalogue."""


def rest_days(verdicts: Iterable[Verdict], zone: ZoneInfo) -> dict[date, str]:
    """The days that rest advice excuses, each with its reason. A RED belongs to the day on which it was told.

    An ESCALATE advises nothing: it has locked the plan, and who cleared that knows better.
    """
    reds = sorted(day_of(each.at, zone) for each in verdicts if each.colour is Colour.RED and each.at is not None)
    return {day + timedelta(days=n): REST_ADVICE for day in reds for n in (0, 1)}
