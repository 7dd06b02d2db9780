"""spacing: fewer days of rest between two sessions of an item than it asks for. It takes no minutes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from coach.adherence.model import Because, Credit, Violation
from coach.plan.model import Prescription
from coach.plan.thresholds import thresholds
from coach.plan.violations import ViolationCode


def checked(served: Sequence[Credit], before: Iterable[tuple[date, float]], item: Prescription) -> tuple[Credit, ...]:
    """The item's own sessions of the week, those that came too soon with the violation.

    Args:
        served: in order of time.
        before: of the days before the week, as far as they are known: day and eligible minutes of the item's sessions.
        item: one that asks for rest days; a session is what would count as one of its n.
    """
    if not item.rest_days:
        return tuple(served)
    enough = thresholds().adherence.session_counts_from * item.dose.minutes
    last = max((day for day, minutes in before if minutes >= enough), default=None)
    told: list[Credit] = []
    for each in served:
        if each.eligible_minutes < enough:
            told.append(each)
            continue
        day = each.session.day
        told.append(each if last is None else _held(each, (day - last).days - 1, item))
        last = day
    return tuple(told)


def _held(credit: Credit, rested: int, item: Prescription) -> Credit:
    if rested >= item.rest_days:
        return credit
    code = ViolationCode.SPACING
    because = (Because("rest_days", max(0, rested), item.rest_days),)  # two on one day have none between them
    violation = Violation(
        code, thresholds().violations.any[code], 0.0, credit.session.activity_ids[0], item.exercise, because
    )
    return replace(credit, violations=(*credit.violations, violation))
