"""The week as a whole: who serves which item, what was excused, what is still unknown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from coach.adherence.credit import INSIDE_WALKS, credit, hosts, unasked
from coach.adherence.model import Credit, ItemAdherence, Performed, Session, Status, WeekAdherence
from coach.adherence.score import asked_after, band, item_score, over_dose, week_score
from coach.adherence.sessions import in_time, sessions_of
from coach.adherence.substitution import keep_longest, lend
from coach.plan.model import Exercise, Plan, Prescription, Role
from coach.plan.thresholds import thresholds
from coach.safety.model import CheckIn, Lock
from coach.weeks import IsoWeek, day_of

NOT_STARTED = "not_started"
LOCKED_DAY = "locked"
"""Reasons for which nothing is asked on a day; what is done on a locked one earns nothing either."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a judgement needs besides the plan and the sessions.

    Attributes:
        now: the clock.
        last_contact: the last time any source was heard, also with nothing to bring; None for never.
        excused: local days on which nothing is asked, with the reason.
        first_day: the day the person's first plan began; earlier days are excused.
        check_ins: what the person told of pain, from the day before the week to the day after it at least.
        locks: what warning signs have stopped.
    """

    zone: ZoneInfo
    now: datetime
    last_contact: datetime | None = None
    excused: Mapping[date, str] = field(default_factory=dict)
    first_day: date | None = None
    check_ins: Sequence[CheckIn] = ()
    locks: Sequence[Lock] = ()


def judge(week: IsoWeek, plan: Plan | None, performed: Iterable[Performed], around: Circumstances) -> WeekAdherence:
    """Hold a week against the plan that was in force. A function of its arguments alone."""
    if plan is None:
        return WeekAdherence(week, Status.NO_PLAN)
    sessions = [each for each in sessions_of(performed, plan, around.zone) if each.day in week.days]
    excused = {
        day: around.excused.get(day, NOT_STARTED)
        for day in week.days
        if day in around.excused or (around.first_day is not None and day < around.first_day)
    }
    items, unplanned = _items(plan, sessions, excused)
    # Two items that find their minutes in one walk find the same hill in it: it is told once.
    violations = dict.fromkeys(
        violation
        for each in (*(credit for item in items for credit in item.credits if not credit.stands_in), *unplanned)
        for violation in each.violations
    )
    status = _status(week, plan, items, around)
    low = week_score((item.weight, item.score) for item in items if item.score is not None)
    unheard = _unheard_days(week, around)
    high = None if low is None else _best_case(items, len(unheard - frozenset(excused)))
    scored = low if status in (Status.OPEN, Status.COMPLETE) else None
    ranged = scored is not None or status is Status.INCOMPLETE
    certain = low is not None and high is not None and band(low) is band(high)
    return WeekAdherence(
        week=week,
        status=status,
        score=scored,
        score_low=low if ranged else None,
        score_high=(low if status is Status.COMPLETE else high) if ranged else None,
        band=band(low) if low is not None and ranged and (status is Status.COMPLETE or certain) else None,
        items=items,
        violations=tuple(violations),
        unplanned=tuple(each.session for each in unplanned),
        excused=excused,
    )


def _items(
    plan: Plan, sessions: Sequence[Session], excused: Mapping[date, str]
) -> tuple[tuple[ItemAdherence, ...], tuple[Credit, ...]]:
    """The plan's items with what serves each, and what serves none."""
    asked = [(item, _asked(item, frozenset(excused))) for item in plan.items]
    locked = plan.model_copy(update={"diagnosis": None})

    def in_force(session: Session) -> Plan:
        return locked if excused.get(session.day) == LOCKED_DAY else plan

    own: dict[Exercise, tuple[Credit, ...]] = {}
    surplus: list[Credit] = []
    for item, count in asked:
        serving = hosts(item, plan)
        served = [credit(session, item, in_force(session)) for session in sessions if session.exercise in serving]
        # A walk without a fast minute is no fast walk; without a moving one it is still a walk that came to nothing.
        own[item.exercise] = tuple(each for each in served if each.eligible or item.exercise not in INSIDE_WALKS)
        if item.exercise not in INSIDE_WALKS:
            surplus += keep_longest(own[item.exercise], count)[1]
    serving_one = {each.session.activity_ids for served in own.values() for each in served}
    strangers = [unasked(session, in_force(session)) for session in sessions if session.activity_ids not in serving_one]
    lent = lend(asked, own, [*surplus, *strangers], plan)
    away = {each.session.activity_ids for served in lent.values() for each in served}
    items = tuple(
        _judged(
            item,
            count,
            tuple(
                each
                for each in own[item.exercise]
                if item.exercise in INSIDE_WALKS or each.session.activity_ids not in away
            ),
            lent.get(item.exercise, ()),
        )
        for item, count in asked
    )
    return items, tuple(each for each in strangers if each.session.activity_ids not in away)


def _asked(item: Prescription, excused: frozenset[date]) -> int:
    """What is left of n: less the sessions planned for excused days, or, where no days are planned, their share."""
    if item.planned is None:
        return asked_after(item.dose.sessions, len(excused))
    weekdays = {each.weekday() for each in excused}
    return max(0, item.dose.sessions - sum(slot.day in weekdays for slot in item.planned))


def _judged(item: Prescription, asked: int, own: tuple[Credit, ...], lent: tuple[Credit, ...]) -> ItemAdherence:
    served = tuple(sorted((*own, *lent), key=lambda each: in_time(each.session)))
    if asked == 0:
        return ItemAdherence(item, 0, served, None, None, None, None, 0.0)
    minutes = item.dose.minutes
    result = item_score(asked, minutes, [each.credited_minutes for each in served])
    return ItemAdherence(
        prescription=item,
        asked=asked,
        credits=served,
        frequency=result.frequency,
        dose=result.dose,
        score=result.score,
        over_dose=over_dose(asked, minutes, [each.eligible_minutes for each in own]),
        weight=0.0 if item.role is Role.OPTIONAL else float(asked * minutes),
    )


def _status(week: IsoWeek, plan: Plan, items: Sequence[ItemAdherence], around: Circumstances) -> Status:
    if plan.locked:
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


def _unheard_days(week: IsoWeek, around: Circumstances) -> frozenset[date]:
    """Days of the week of which nothing is known yet: not over, or since the last contact."""
    heard = around.now if around.last_contact is None else min(around.now, around.last_contact)
    if around.last_contact is None:
        heard = min(around.now, week.starts_at(around.zone))
    return frozenset(day for day in week.days if day >= day_of(heard, around.zone))


def _best_case(items: Iterable[ItemAdherence], days: int) -> float | None:
    """W if every session still undone had been done on the unheard days, at most one an item and day."""

    def best(item: ItemAdherence) -> float:
        minutes = item.prescription.dose.minutes
        supposed = [float(minutes)] * min(undone(item), days)
        return item_score(item.asked, minutes, [*(each.credited_minutes for each in item.credits), *supposed]).score

    return week_score((item.weight, best(item)) for item in items if item.asked)
