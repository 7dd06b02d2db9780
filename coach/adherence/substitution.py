"""Surplus sessions stand in for what is missing elsewhere, as far as the plan allows."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from coach.adherence.model import Credit
from coach.adherence.score import capped
from coach.adherence.sessions import in_time
from coach.plan.felt import INSIDE_WALKS
from coach.plan.model import Exercise, Plan, Prescription, Role
from coach.plan.thresholds import thresholds


def keep_longest(served: Sequence[Credit], asked: int) -> tuple[tuple[Credit, ...], tuple[Credit, ...]]:
    """The n longest sessions stay the item's own (ties: the earlier, then by hash); the rest may be lent."""
    ranked = sorted(served, key=longest_first)
    return tuple(ranked[:asked]), tuple(ranked[asked:])


def lend(
    asked: Sequence[tuple[Prescription, int]],
    own: Mapping[Exercise, Sequence[Credit]],
    surplus: Sequence[Credit],
    plan: Plan,
) -> dict[Exercise, tuple[Credit, ...]]:
    """Who stands in for what: the item that lacks most is served first, each session is used once.

    Args:
        asked: the plan's items, each with the sessions asked of it this week.
        own: the credits that stay with their own item.
        surplus: what may be lent. A session with a violation never stands in for anything.
        plan: says which exercise may stand in for which, and for how much.
    """
    available = sorted((each for each in surplus if not each.violations and each.credited), key=longest_first)
    if not available:
        return {}
    lent: dict[Exercise, tuple[Credit, ...]] = {}
    away: set[tuple[int, ...]] = set()
    for item, sessions in sorted(asked, key=lambda pair: -_deficit(pair[0], pair[1], own, away)):
        if not sessions or item.role is Role.OPTIONAL or item.no_substitute or item.exercise in INSIDE_WALKS:
            continue
        deficit = _deficit(item, sessions, own, away)  # what it has lent by now it lacks itself
        room = thresholds().adherence.substitution_share * sessions * item.dose.minutes
        taken: list[Credit] = []
        for candidate in list(available):
            factor = plan.credit(candidate.session.exercise, item.exercise)
            if factor is None or deficit <= 0 or room <= 0:
                continue
            stand_in = replace(candidate, factor=factor, cap_minutes=room, stands_in=True)
            worth = capped(stand_in.credited_minutes, item.dose.minutes)
            deficit, room = deficit - worth, room - worth
            taken.append(stand_in)
            available.remove(candidate)
            away.add(candidate.session.activity_ids)
        if taken:
            lent[item.exercise] = tuple(taken)
    return lent


def _deficit(
    item: Prescription, sessions: int, own: Mapping[Exercise, Sequence[Credit]], away: AbstractSet[tuple[int, ...]]
) -> float:
    minutes = item.dose.minutes
    there = (each for each in own.get(item.exercise, ()) if each.session.activity_ids not in away)
    return sessions * minutes - sum(capped(each.credited_minutes, minutes) for each in there)


def longest_first(served: Credit) -> tuple[float, tuple[datetime, str, int]]:
    """The order of an item's sessions: the longer, then the earlier, then by hash."""
    return -served.credited_s, in_time(served.session)
