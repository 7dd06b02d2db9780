"""R3: a session was planned for a time today, and the person wants to be reminded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from coach.adherence import undone
from coach.nudges.model import NoLongerTrue, Proposal, Rule, Situation, Telling
from coach.plan import Exercise, facts
from scheduler.clock import ONE_DAY, QuietHours
from scheduler.messages import Kind

_BEFORE: Final = timedelta(minutes=60)
_THE_EVENING_BEFORE: Final = time(20, 30)
_QUIET: Final = QuietHours()


@dataclass(frozen=True, slots=True)
class _Planned:
    exercise: Exercise
    day: date
    at: time
    begins: datetime


def propose(situation: Situation) -> Iterator[Proposal]:
    for planned in _coming(situation):
        due_at = _due_at(planned, situation)
        if situation.is_near(due_at, planned.begins) and _why_not(planned, situation) is None:
            reason = f"{facts(planned.exercise).one} planned for {planned.at:%H:%M}"
            yield Proposal(planned.day.isoformat(), reason, due_at, planned.begins)


def tell(situation: Situation, period: str) -> Telling | NoLongerTrue:
    planned = next((each for each in _coming(situation) if each.day.isoformat() == period), None)
    if planned is None:
        return NoLongerTrue("it is not planned any more")
    if reason := _why_not(planned, situation):
        return NoLongerTrue(reason)
    said = {"exercise": facts(planned.exercise, situation.words).one, "at": f"{planned.at:%H:%M}"}
    return Telling(said, texts=None if planned.day == situation.today else "R3_tomorrow")


def _coming(situation: Situation) -> list[_Planned]:
    """Of today and tomorrow, what is planned for a time that is still to come: the first of each day."""
    found: dict[date, _Planned] = {}
    for day in (situation.today, situation.today + ONE_DAY):
        version = situation.history.version_on(day)
        for item in () if version is None or version.plan.locked else version.plan.items:
            for slot in item.planned or ():
                if slot.at is None or slot.day != day.weekday():
                    continue
                planned = _Planned(item.exercise, day, slot.at, situation.at(day, slot.at))
                if situation.now < planned.begins and (day not in found or planned.at < found[day].at):
                    found[day] = planned
    return list(found.values())


def _due_at(planned: _Planned, situation: Situation) -> datetime:
    """An hour before; where that is a quiet hour, at the last 20:30 before it."""
    due_at = planned.begins - _BEFORE
    if not _QUIET.holds(due_at, situation.zone):
        return due_at
    evenings = (situation.at(day, _THE_EVENING_BEFORE) for day in (planned.day, planned.day - ONE_DAY))
    return next(each for each in evenings if each < due_at)


def _why_not(planned: _Planned, situation: Situation) -> str | None:
    if situation.is_excused(planned.day):
        return "nothing is asked on that day"
    week = situation.this_week
    item = next((each for each in week.items if each.prescription.exercise is planned.exercise), None)
    if planned.day not in week.week.days or item is None:
        return None  # of next week nothing is done yet
    if any(each.session.day == planned.day for each in item.credits):
        return "it is done"
    if item.weight and not undone(item):
        return "the week has all of it already"
    return None


RULE: Final = Rule(
    "R3", "planned reminder", Kind.ASKED_FOR, 70, propose, tell, urges=True, opt_in=True, at=(_THE_EVENING_BEFORE,)
)
