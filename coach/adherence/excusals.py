"""The days of a week on which nothing is asked, and why; and when the plan was locked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from coach.adherence.credit import NOT_STARTED
from coach.adherence.model import Session
from coach.adherence.violations.locked import NO_DIAGNOSIS, WARNING_SIGN
from coach.plan.model import Plan
from coach.safety.model import CheckIn, Lock
from coach.weeks import IsoWeek, day_of

LOCKED_DAY: Final = "locked"
"""The reason of days on which the plan was locked, for want of a diagnosis or by a warning sign."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a judgement needs besides the plan and the sessions.

    Attributes:
        now: the clock.
        last_contact: the last time any source was heard, also with nothing to bring; None for never.
        excused: local days on which nothing is asked, with the reason; `LOCKED_DAY` where the plan of the day had no
            diagnosis: what was done then earns nothing either.
        first_day: the day the person's first plan began; earlier days are excused.
        check_ins: what the person told of pain, from two days before the week to the day after it at least.
        locks: what warning signs have stopped.
    """

    zone: ZoneInfo
    now: datetime
    last_contact: datetime | None = None
    excused: Mapping[date, str] = field(default_factory=dict)
    first_day: date | None = None
    check_ins: Sequence[CheckIn] = ()
    locks: Sequence[Lock] = ()

    @property
    def today(self) -> date:
        return day_of(self.now, self.zone)

    def is_early(self, day: date) -> bool:
        return self.first_day is not None and day < self.first_day


def excused_days(week: IsoWeek, resting: Mapping[date, str], around: Circumstances) -> dict[date, str]:
    """The week's days on which nothing is asked. Where several reasons hold, the gravest is told.

    Args:
        week: whose days they are.
        resting: the days after a session that was RED, with the reason.
        around: who said what, and when the plan began.
    """
    reasons: dict[date, str] = {}
    early = {day: NOT_STARTED for day in week.days if around.is_early(day)}
    stopped = dict.fromkeys(_stopped(around), LOCKED_DAY)
    for lesser in (early, resting, around.excused, stopped):
        reasons |= lesser
    return {day: reasons[day] for day in week.days if day in reasons}


def _stopped(around: Circumstances) -> Iterator[date]:
    """Every day on which a warning sign's lock held at some time. What has not been cleared yet may be tomorrow."""
    for lock in around.locks:
        day = day_of(lock.raised_at, around.zone)
        last = around.today if lock.cleared_at is None else day_of(min(lock.cleared_at, around.now), around.zone)
        while day <= last:
            yield day
            day += timedelta(days=1)


def lock_of(session: Session, plan: Plan, around: Circumstances) -> str | None:
    """The rule by which the plan was locked when the session began; None where it was not."""
    if plan.locked or around.excused.get(session.day) == LOCKED_DAY:
        return NO_DIAGNOSIS
    return WARNING_SIGN if any(lock.holds(session.started_at) for lock in around.locks) else None


def is_locked(week: IsoWeek, plan: Plan, around: Circumstances) -> bool:
    """Whether the plan is locked now, or was when the week ended."""
    last = min(around.now, week.ends_at(around.zone) - timedelta(microseconds=1))
    day = min(around.today, week.sunday)
    return plan.locked or around.excused.get(day) == LOCKED_DAY or any(lock.holds(last) for lock in around.locks)
