"""A closed week in one line: what trends, histories and lists of persons show of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from coach.adherence import Band, Status
from coach.judgement import JudgedWeek
from coach.progression import DecisionKind
from coach.weeks import IsoWeek

TREND_WEEKS: Final = 8
"""What a letter looks back on, its own week among them."""

STILL_TOLD: Final = timedelta(hours=36)
"""How long after a week's end something can be told of it: its last session may begin before four on Monday, last for
half a day, and be told of for half a day more.
"""


@dataclass(frozen=True, slots=True)
class PastWeek:
    """What a week came to.

    Attributes:
        score, band: None where it has none.
        mornings: how many told a pain score; pain_total: their sum, each 0-10.
        decision: what it says of the next one; None where nothing.
        asked_minutes, done_minutes: of the items that weigh, those inside others left out.
    """

    week: IsoWeek
    status: Status
    score: float | None
    band: Band | None
    mornings: int
    pain_total: int
    decision: DecisionKind | None
    asked_minutes: int
    done_minutes: float

    @property
    def pain(self) -> float | None:
        """The mean of its mornings."""
        return self.pain_total / self.mornings if self.mornings else None


def in_short(judged: JudgedWeek) -> PastWeek:
    week = judged.adherence
    items = [each for each in week.items if each.weight and each.prescription.nested_in is None]
    return PastWeek(
        week=week.week,
        status=week.status,
        score=week.score,
        band=week.band,
        mornings=len(judged.mornings),
        pain_total=sum(judged.mornings.values()),
        decision=judged.decision.kind,
        asked_minutes=sum(each.asked_minutes for each in items),
        done_minutes=sum(credit.credited_minutes for each in items for credit in each.credits),
    )


def settled_at(week: IsoWeek, zone: ZoneInfo) -> datetime:
    """From when on a week stays as it is, unless what lies before this moment changes. What comes later, and the clock
    itself, say nothing of it: a judgement never looks ahead.
    """
    return week.ends_at(zone) + STILL_TOLD
