"""R8: no source has been heard for two days, and sessions that were due by now seem undone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from coach.adherence import ItemAdherence, Status, WeekAdherence, undone
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
                reason="no contact with a source for 48 hours, and what was due by now is undone",
                due_at=max(due_at, situation.now),  # a session may be due by now that was not then
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
    if situation.lapsed:
        return "R14 asks whether the plan still suits: both would be one too many"
    if situation.is_excused(situation.today):
        return "nothing is asked today"
    if situation.this_week.status is not Status.OPEN:
        return "nothing is asked this week"
    if not (_is_behind(situation.this_week, situation.today) or _is_last_week_open(situation)):
        return "nothing that was due by now is missing"
    return None


def _is_behind(week: WeekAdherence, today: date) -> bool:
    return any(undone(item) > item.asked - _due_by_now(item, week, today) for item in week.items)


def _due_by_now(item: ItemAdherence, week: WeekAdherence, today: date) -> int:
    """Sessions of the days that are over: those agreed on, else of what is asked as large a part as of the days."""
    days = [day for day in week.week.days if day not in week.excused]
    over = [day for day in days if day < today]
    if item.prescription.planned is None:
        return item.asked * len(over) // max(1, len(days))
    weekdays = {day.weekday() for day in over}
    return sum(slot.day in weekdays for slot in item.prescription.planned)


def _is_last_week_open(situation: Situation) -> bool:
    """Something of it is undone, and at least its last day is unheard."""
    last = situation.last_week
    closed = last.status in (Status.COMPLETE, Status.INCOMPLETE)
    return closed and situation.silent_since.date() < last.week.sunday and any(map(undone, last.items))


RULE: Final = Rule("R8", "missing sync", Kind.MOTIVATION, 93, propose, tell, at=(_DUE,), after_silence=True)
