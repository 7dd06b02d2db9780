"""R8: no source has been heard for two days, and planned sessions seem undone."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Final

from coach.adherence import Status, undone
from coach.nudges.model import AHEAD, NoLongerTrue, Proposal, Rule, Situation, Telling, silence
from config.messages.calendar import weekday
from scheduler.messages import Kind

_DUE: Final = time(12, 30)
_SECOND_AFTER: Final = timedelta(days=5)
_THEN_EVERY: Final = timedelta(days=7)
_OPEN_FOR: Final = timedelta(hours=48)


def propose(situation: Situation) -> Iterator[Proposal]:
    for ordinal, due_at in enumerate(_due_dates(situation)):
        if due_at - AHEAD > situation.now:
            return
        if situation.is_near(due_at, due_at + _OPEN_FOR) and _why_not(situation) is None:
            yield Proposal(
                period=f"{situation.silent_since.date().isoformat()}/{ordinal}",
                reason="no contact with a source for 48 hours, and planned sessions are undone",
                due_at=due_at,
                expires_at=due_at + _OPEN_FOR,
            )


def tell(situation: Situation, period: str) -> Telling | NoLongerTrue:
    since = situation.silent_since
    if not period.startswith(since.date().isoformat()):
        return NoLongerTrue("something has synced since")
    if reason := _why_not(situation):
        return NoLongerTrue(reason)
    return Telling({"day": weekday(since.date(), situation.words)})


def _due_dates(situation: Situation) -> Iterator[datetime]:
    """The first 12:30 after two silent days, five days later, then every week."""
    # Two days are 48 hours, also where a clock on the wall shows 47 or 49.
    silent_at = situation.silent_since.astimezone(UTC) + silence()
    day = silent_at.astimezone(situation.zone).date()
    if situation.at(day, _DUE) < silent_at:
        day += timedelta(days=1)
    yield situation.at(day, _DUE)
    day += _SECOND_AFTER
    while True:
        yield situation.at(day, _DUE)
        day += _THEN_EVERY


def _why_not(situation: Situation) -> str | None:
    week = situation.this_week
    if situation.lapsed:
        return "R14 asks whether the plan still suits: both would be one too many"
    if situation.is_excused(situation.today):
        return "nothing is asked today"
    if week.status is not Status.OPEN or not any(undone(item) for item in week.items):
        return "nothing that was asked is missing"
    return None


RULE: Final = Rule("R8", "missing sync", Kind.MOTIVATION, 93, propose, tell, at=(_DUE,))
