"""A closed week in one line: what trends, histories and lists of persons show of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from coach.adherence import Band, Status
from coach.judgement import JudgedWeek
from coach.progression import DecisionKind
from coach.weeks import IsoWeek
from config.document import PACKAGED

TREND_WEEKS: Final = 8
"""What a letter looks back on, its own week among them."""

STILL_TOLD: Final = timedelta(hours=36)
"""How long after a week's end something can be told of it: its last session may begin before four on Monday, last for
half a day, and be told of for half a day more.
"""

_PROGRAM: Final = Path(__file__).parents[1]

JUDGES: Final = (
    *("coach/adherence", "coach/effort", "coach/plan", "coach/progression", "coach/safety", "coach/store"),
    *("coach/history.py", "coach/judgement.py", "coach/past.py", "coach/weeks.py", "scheduler/clock.py"),
)
"""What brings judgements about: a test asks that all they import is among it."""


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


@cache
def made_by() -> str:
    """By what weeks are judged: the text of the program, as far as it bears on them, and the numbers that it goes by.
    Another text may judge another way.
    """
    made = sha256()
    for path in sorted([*PACKAGED.glob("*.toml"), *_sources()]):
        made.update(path.read_bytes())
    return made.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    for each in JUDGES:
        path = _PROGRAM / each
        yield from (path,) if path.is_file() else path.rglob("*.py")
