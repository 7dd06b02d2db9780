"""What one session is worth to one item: eligible minutes, less those that a violation takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from coach.adherence.model import Credit, Session, Violation
from coach.adherence.sessions import served_as
from coach.effort.model import Exclusion, Predicate, predicate_of
from coach.effort.spans import NOTHING, Spans, after, intersect, subtract, total_s, union
from coach.plan.model import Exercise, Plan, Prescription, RestrictionCode
from coach.plan.thresholds import thresholds
from coach.plan.violations import Severity

LOCKED: Final = "while_locked"
TOO_LONG: Final = "too_long"

INSIDE_WALKS: Final = frozenset({Exercise.FAST_WALK, Exercise.UPHILL_WALK})
"""Exercises that have no sessions of their own: their minutes are found inside walks."""


def hosts(item: Prescription, plan: Plan) -> frozenset[Exercise]:
    """The exercises whose sessions can hold the item's minutes: a walk holds fast and uphill ones."""
    if item.exercise in INSIDE_WALKS:
        return frozenset({Exercise.LEVEL_WALK})
    return frozenset(each for each in Exercise if served_as(each, plan) is item.exercise)


def credit(session: Session, item: Prescription, plan: Plan) -> Credit:
    """Hold a session against an item. Minutes that the item shares with another count where the plan nests them."""
    eligible = session.predicates.get(predicate_of(item.exercise), NOTHING)
    excluded = [] if item.exercise in INSIDE_WALKS else list(session.excluded)
    for other in _rivals(item, plan):
        theirs = intersect(eligible, session.predicates.get(predicate_of(other.exercise), NOTHING))
        excluded += [Exclusion(span, f"counted_as_{other.exercise}") for span in theirs]
        eligible = subtract(eligible, theirs)
    takings = (*_left_out(session, eligible, plan), *_past_the_limit(session, eligible, item, plan))
    return _less(takings, session, eligible, excluded, reported=item.nested_in is None)


def unasked(session: Session, plan: Plan) -> Credit:
    """A session that serves no item of the plan, all of it to lend; what the plan leaves out is left out here too."""
    eligible = session.predicates.get(predicate_of(session.exercise), NOTHING)
    return _less(tuple(_left_out(session, eligible, plan)), session, eligible, list(session.excluded), reported=True)


def _less(
    takings: tuple["_Taking", ...], session: Session, eligible: Spans, excluded: list[Exclusion], *, reported: bool
) -> Credit:
    """What is left of the eligible seconds. Each second is given one reason: that of the first that took it."""
    left = eligible
    for taking in takings:
        excluded += [Exclusion(span, taking.code) for span in intersect(left, taking.spans)]
        left = subtract(left, taking.spans)
    return Credit(
        session=session,
        eligible=eligible,
        credited=left,
        excluded=tuple(sorted(excluded, key=lambda each: each.span)),
        violations=tuple(
            Violation(taking.code, taking.severity, taking.minutes, session.activity_ids[0], taking.exercise)
            for taking in takings
            if taking.severity is not None and reported
        ),
    )


def _rivals(item: Prescription, plan: Plan) -> Iterator[Prescription]:
    """Items that claim minutes of the same sessions for themselves alone."""
    if item.exercise is Exercise.LEVEL_WALK:
        for other in plan.items:
            if other is not item and other.nested_in is None and Exercise.LEVEL_WALK in hosts(other, plan):
                yield other


@dataclass(frozen=True, slots=True)
class _Taking:
    """Minutes that earn nothing. No severity: too little to be called a violation, still no credit."""

    code: str
    spans: Spans
    minutes: float
    severity: Severity | None
    exercise: Exercise


def _left_out(session: Session, eligible: Spans, plan: Plan) -> Iterator[_Taking]:
    """What the plan leaves out whatever the item."""
    if plan.locked:
        yield _Taking(LOCKED, eligible, total_s(eligible) / 60, Severity.MAJOR if eligible else None, session.exercise)
    if plan.restricts(RestrictionCode.UPHILL_AVOID):
        yield from _uphill(session)


def _past_the_limit(session: Session, eligible: Spans, item: Prescription, plan: Plan) -> Iterator[_Taking]:
    if item.nested_in is None:
        yield from _too_long(eligible, item)
    elif (host := plan.item(item.nested_in)) is not None:
        yield from _too_long(session.predicates.get(predicate_of(host.exercise), NOTHING), host)


def _uphill(session: Session) -> Iterator[_Taking]:
    uphill = session.predicates.get(Predicate.UPHILL, NOTHING)
    if not uphill:
        return
    limits = thresholds().violations.uphill_avoid
    minutes = total_s(uphill) / 60
    share = total_s(uphill) / max(1.0, total_s(union(uphill, session.predicates.get(Predicate.MOVING, NOTHING))))
    steep = total_s(session.predicates.get(Predicate.STEEP, NOTHING)) / 60
    severity = Severity.MINOR
    if minutes > limits.major_over_minutes or share > limits.major_over_share or steep >= limits.major_steep_minutes:
        severity = Severity.MAJOR
    told = severity if minutes >= limits.minor_from_minutes else None
    yield _Taking("uphill_avoid", uphill, minutes, told, session.exercise)


def _too_long(eligible: Spans, item: Prescription) -> Iterator[_Taking]:
    past = after(eligible, item.limit_minutes * 60)
    if past:
        ratio = total_s(eligible) / 60 / item.limit_minutes
        major = ratio > thresholds().violations.too_long.major_over_ratio
        severity = Severity.MAJOR if major else Severity.MINOR
        yield _Taking(TOO_LONG, past, total_s(past) / 60, severity, item.exercise)
