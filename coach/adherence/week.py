"""The week as a whole: what was done in it, what was excused, what is still unknown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from coach.adherence.aftermath import resting, with_verdicts
from coach.adherence.credit import NOT_STARTED, before_the_plan
from coach.adherence.eligible import EFFORT_UNKNOWN, lacks_effort
from coach.adherence.excusals import LOCKED_DAY, Circumstances, excused_days, is_locked, lock_of
from coach.adherence.items import Done, Held, hold
from coach.adherence.model import ItemAdherence, Session, Status, Violation, WeekAdherence
from coach.adherence.recordings import Performed
from coach.adherence.score import band, item_score, week_score
from coach.adherence.sessions import sessions_of
from coach.plan.model import Plan
from coach.plan.thresholds import thresholds
from coach.weeks import IsoWeek, day_of

# A RED of Saturday's session, told on Sunday morning, excuses Monday.
_REST_REACHES_DAYS: Final = 2

# A session before four on Monday morning belongs to Sunday.
_MARGIN: Final = timedelta(hours=6)

__all__ = ["LOCKED_DAY", "NOT_STARTED", "Circumstances", "judge", "undone"]


def judge(week: IsoWeek, plan: Plan | None, performed: Iterable[Performed], around: Circumstances) -> WeekAdherence:
    """Hold a week against the plan that was in force. A function of its arguments alone.

    Args:
        week: the person's local one.
        plan: the one in force on its Sunday, or None before the first.
        performed: what was done in it, and in the days before from which rest is reckoned; other weeks may be among it.
        around: the rest.
    """
    if plan is None:
        return _without_plan(week, performed, around.zone)
    near = _near(week, plan, performed, around.zone)
    known = with_verdicts([_noted(each, plan) for each in sessions_of(near, plan, around.zone)], plan, around)
    monday, sunday = week.monday, week.sunday
    sessions = tuple([each for each in known if monday <= each.day <= sunday])
    excused = excused_days(week, resting(known, around.zone), around)
    done = Done(
        sessions=[each for each in sessions if not around.is_early(each.day)],
        early=[each for each in sessions if around.is_early(each.day)],
        before=[each for each in known if each.day < monday and not around.is_early(each.day)],
        lock=lambda session: lock_of(session, plan, around),
    )
    held = hold(plan, done, excused)
    items = held.items
    status = _status(week, plan, items, around)
    low = week_score((item.weight, item.score) for item in items if item.score is not None)
    scored = low if status in (Status.OPEN, Status.COMPLETE) else None
    ranged = scored is not None or status is Status.INCOMPLETE
    high = low if low is None or status is Status.COMPLETE else _best_case(items, _unheard(week, excused, around))
    certain = low is not None and high is not None and band(low) is band(high)
    return WeekAdherence(
        week=week,
        status=status,
        score=scored,
        score_low=low if ranged else None,
        score_high=high if ranged else None,
        band=band(low) if low is not None and ranged and certain else None,
        items=items,
        violations=_violations(held),
        unplanned=held.unplanned,
        sessions=sessions,
        excused=excused,
        outside=held.outside,
    )


def _near(week: IsoWeek, plan: Plan, performed: Iterable[Performed], zone: ZoneInfo) -> list[Performed]:
    """What bears on the week: the same, whatever else is given."""
    days = max(_REST_REACHES_DAYS, *(item.rest_days for item in plan.items), 0)
    since = week.starts_at(zone) - timedelta(days=days) - _MARGIN
    until = week.ends_at(zone) + _MARGIN
    return [each for each in performed if since <= each.started_at < until]


def _without_plan(week: IsoWeek, performed: Iterable[Performed], zone: ZoneInfo) -> WeekAdherence:
    sessions = tuple(each for each in sessions_of(performed, None, zone) if each.day in week.days)
    return WeekAdherence(
        week, Status.NO_PLAN, sessions=sessions, outside=tuple(before_the_plan(each) for each in sessions)
    )


def _noted(session: Session, plan: Plan) -> Session:
    if not lacks_effort(session, plan):
        return session
    return replace(session, noted=(EFFORT_UNKNOWN,))


def _violations(held: Held) -> tuple[Violation, ...]:
    """Two items that find their minutes in one walk find the same hill in it: it is told once."""
    told = (*(each for item in held.items for each in item.credits if not each.stands_in), *held.outside)
    return tuple(dict.fromkeys(violation for each in told for violation in each.violations))


def _status(week: IsoWeek, plan: Plan, items: Sequence[ItemAdherence], around: Circumstances) -> Status:
    if is_locked(week, plan, around):
        return Status.LOCKED
    if not any(item.asked for item in items):
        return Status.PAUSED
    end = week.ends_at(around.zone)
    if around.now < end:
        return Status.OPEN
    silent_from = max(around.last_contact or week.starts_at(around.zone), week.starts_at(around.zone))
    silence = timedelta(hours=thresholds().adherence.silence_hours)
    return Status.INCOMPLETE if end - silent_from >= silence and any(map(undone, items)) else Status.COMPLETE


def undone(item: ItemAdherence) -> int:
    """Sessions that are asked, weigh something, and have not been done."""
    if not item.weight:
        return 0
    enough = thresholds().adherence.session_counts_from * item.prescription.dose.minutes
    return max(0, item.asked - sum(each.credited_minutes >= enough for each in item.credits))


def _unheard(week: IsoWeek, excused: Mapping[date, str], around: Circumstances) -> int:
    """How many days of the week something is asked on and nothing is known of yet: not over, or since the last
    contact.
    """
    heard = around.now if around.last_contact is None else min(around.now, around.last_contact)
    if around.last_contact is None:
        heard = min(around.now, week.starts_at(around.zone))
    since = day_of(heard, around.zone)
    return sum(day >= since and day not in excused for day in week.days)


def _best_case(items: Iterable[ItemAdherence], days: int) -> float | None:
    """W if every session still undone had been done on the unheard days, at most one an item and day."""

    def best(item: ItemAdherence) -> float:
        minutes = item.prescription.dose.minutes
        supposed = [float(minutes)] * min(undone(item), days)
        return item_score(item.asked, minutes, [*(each.credited_minutes for each in item.credits), *supposed]).score

    return week_score((item.weight, best(item)) for item in items if item.asked)
