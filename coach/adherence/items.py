"""Who serves which item of a plan, and what that is worth."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from coach.adherence.allotment import allotted
from coach.adherence.credit import before_the_plan, credit, unasked
from coach.adherence.eligible import eligible_for, hosts
from coach.adherence.model import Credit, ItemAdherence, Session
from coach.adherence.score import asked_after, item_score, over_dose
from coach.adherence.sessions import in_time
from coach.adherence.substitution import keep_longest, lend, longest_first
from coach.adherence.violations import spacing
from coach.effort.spans import total_s
from coach.plan.felt import INSIDE_WALKS
from coach.plan.model import Exercise, Plan, Prescription, Role


@dataclass(frozen=True, slots=True)
class Done:
    """What there is to hold against a plan.

    Attributes:
        sessions: of the week, in order of time; without those of days before the plan.
        early: of the week's days before the plan.
        before: of the days before the week, as far as they are known: rest days are counted from there.
        lock: the rule by which the plan was locked when a session began, or None.
    """

    sessions: Sequence[Session]
    early: Sequence[Session]
    before: Sequence[Session]
    lock: Callable[[Session], str | None]


@dataclass(frozen=True, slots=True)
class Held:
    """The plan's items; `outside` has no item of its own, and of that `unplanned` serves none at all."""

    items: tuple[ItemAdherence, ...]
    outside: tuple[Credit, ...]
    unplanned: tuple[Session, ...]


def hold(plan: Plan, done: Done, excused: Mapping[date, str]) -> Held:
    """The plan's items with what serves each, and what serves none."""
    asked = [(item, _asked(item, frozenset(excused))) for item in plan.items]
    own = {item.exercise: _own(item, plan, done) for item, _ in asked}
    surplus = [
        each
        for item, count in asked
        if item.exercise not in INSIDE_WALKS
        for each in keep_longest(own[item.exercise], count)[1]
    ]
    at_home = {each.session.activity_ids for item, _ in asked for each in _at_home(item, own)}
    serving = {each.session.activity_ids for served in own.values() for each in served}
    homeless = [
        unasked(session, plan, done.lock(session)) for session in done.sessions if session.activity_ids not in at_home
    ]
    strangers = [each for each in homeless if each.session.activity_ids not in serving]
    lent = lend(asked, own, [*surplus, *strangers], plan)
    away = {each.session.activity_ids for served in lent.values() for each in served}
    items = tuple(
        _judged(item, count, _kept(item, own[item.exercise], away), lent.get(item.exercise, ()))
        for item, count in asked
    )
    outside = [*(before_the_plan(session) for session in done.early), *homeless]
    unplanned = [*done.early, *(each.session for each in strangers)]
    return Held(
        items=items,
        outside=tuple(each for each in outside if each.session.activity_ids not in away),
        unplanned=tuple(each for each in unplanned if each.activity_ids not in away),
    )


def _asked(item: Prescription, excused: frozenset[date]) -> int:
    """What is left of n: less the sessions planned for excused days, or, where no days are planned, their share."""
    if item.planned is None:
        return asked_after(item.dose.sessions, len(excused))
    weekdays = {each.weekday() for each in excused}
    return max(0, item.dose.sessions - sum(slot.day in weekdays for slot in item.planned))


def _own(item: Prescription, plan: Plan, done: Done) -> tuple[Credit, ...]:
    serving = hosts(item, plan)
    inside = item.exercise in INSIDE_WALKS  # a walk without a fast minute is no fast walk
    served = [
        credit(each, item, plan, done.lock(each))
        for each in done.sessions
        if each.exercise in serving and not (inside and not eligible_for(item, each))
    ]
    before = ((each.day, total_s(eligible_for(item, each)) / 60) for each in done.before if each.exercise in serving)
    return spacing.checked(served, before, item)


def _at_home(item: Prescription, own: Mapping[Exercise, Sequence[Credit]]) -> Sequence[Credit]:
    return () if item.exercise in INSIDE_WALKS else own[item.exercise]


def _kept(item: Prescription, own: Sequence[Credit], away: set[tuple[int, ...]]) -> tuple[Credit, ...]:
    """What a session holds inside stays there, wherever the session went."""
    return tuple(each for each in own if item.exercise in INSIDE_WALKS or each.session.activity_ids not in away)


def _judged(item: Prescription, asked: int, own: Sequence[Credit], lent: Sequence[Credit]) -> ItemAdherence:
    minutes = item.dose.minutes
    filled = allotted((*sorted(own, key=longest_first), *lent), asked, minutes)
    served = tuple(sorted(filled, key=lambda each: in_time(each.session)))
    if asked == 0:
        return ItemAdherence(item, 0, served, None, None, None, None, 0.0)
    result = item_score(asked, minutes, [each.credited_minutes for each in served])
    return ItemAdherence(
        prescription=item,
        asked=asked,
        credits=served,
        frequency=result.frequency,
        dose=result.dose,
        score=result.score,
        over_dose=over_dose(asked, minutes, [each.eligible_minutes for each in served if not each.stands_in]),
        weight=0.0 if item.role is Role.OPTIONAL else float(asked * minutes),
    )
