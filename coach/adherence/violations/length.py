"""too_long: what is past the longest session that an item has in mind, or past the farthest."""

from collections.abc import Iterator

from coach.adherence.model import Because
from coach.adherence.violations.case import Case, Taking
from coach.effort.spans import NOTHING, Spans, after, union
from coach.plan.model import Prescription
from coach.plan.thresholds import thresholds
from coach.plan.violations import Severity, ViolationCode


def found(case: Case) -> Iterator[Taking]:
    if case.item is None:
        return
    minutes, distance = _past_minutes(case, case.item), _past_distance(case, case.item)
    if not minutes[0] and not distance[0]:
        return
    past = union(minutes[0], distance[0]) if minutes[0] and distance[0] else minutes[0] or distance[0]
    ratio = max(minutes[1], distance[1])
    major = ratio > thresholds().violations.too_long.major_over_ratio
    because = tuple(each for _, _, reasons in (minutes, distance) for each in reasons)
    yield Taking(ViolationCode.TOO_LONG, past, Severity.MAJOR if major else Severity.MINOR, case.item.exercise, because)


_Past = tuple[Spans, float, tuple[Because, ...]]
"""What is past a limit, the ratio to the limit, and the rules that fired."""


def _past_minutes(case: Case, item: Prescription) -> _Past:
    limit = item.limit_minutes
    past = after(case.eligible, limit * 60)
    return _told(past, case.eligible_s / 60, limit, "minutes")


def _past_distance(case: Case, item: Prescription) -> _Past:
    """Where a session went past the distance is not known: it is taken to have gone at one pace."""
    distance_m, limit_m = case.session.distance_m, item.max_distance_m
    if distance_m is None or limit_m is None or distance_m <= limit_m:
        return NOTHING, 0.0, ()
    return _told(after(case.eligible, case.eligible_s * limit_m / distance_m), distance_m, limit_m, "metres")


def _told(past: Spans, found: float, limit: float, unit: str) -> _Past:
    if not past:
        return NOTHING, 0.0, ()
    ratio, major = found / limit, thresholds().violations.too_long.major_over_ratio
    because = [Because(f"longer_{unit}", found, limit)]
    if ratio > major:
        because.append(Because("longer_by_far", 100 * ratio, 100 * major))
    return past, ratio, tuple(because)
