"""Recordings become sessions: those that belong together are joined, and no moment counts twice."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from coach.adherence.model import Performed, Session
from coach.effort.model import Exclusion, Predicate, predicate_of
from coach.effort.spans import Spans, shift, subtract, union
from coach.plan.model import Exercise, Plan, Prescription
from coach.plan.thresholds import thresholds
from coach.weeks import day_of


def sessions_of(performed: Iterable[Performed], plan: Plan, zone: ZoneInfo) -> tuple[Session, ...]:
    """Sessions in order of time. Recordings of a sport that no plan asks for are left out."""
    known = sorted(
        ((served_as(each.exercise, plan), each) for each in performed if each.exercise is not None),
        key=lambda pair: (pair[0], pair[1].started_at, pair[1].activity_id),
    )
    joined = (
        _join(parts, zone)
        for exercise, group in groupby(known, key=itemgetter(0))
        for parts in _together([each for _, each in group], plan.item(exercise), zone)
    )
    return tuple(sorted(joined, key=in_time))


def in_time(session: Session) -> tuple[datetime, tuple[int, ...]]:
    """The order of a week: the earlier first, whatever came in first."""
    return session.started_at, session.activity_ids


def served_as(exercise: Exercise, plan: Plan) -> Exercise:
    """A ride outdoors counts as the bike where the plan has the bike and no outdoor ride of its own."""
    as_bike = exercise is Exercise.OUTDOOR_RIDE and plan.item(exercise) is None
    return Exercise.EXERCISE_BIKE if as_bike and plan.item(Exercise.EXERCISE_BIKE) else exercise


def _together(recordings: list[Performed], item: Prescription | None, zone: ZoneInfo) -> Iterator[list[Performed]]:
    """Less than ten minutes apart, or, where the item may be split, on one local day."""
    whole_day = item is not None and item.may_split
    gap = timedelta(seconds=thresholds().adherence.join_gap_s)
    parts: list[Performed] = []
    for each in recordings:
        if parts and not (
            each.started_at - max(part.ended_at for part in parts) < gap
            or (whole_day and day_of(each.started_at, zone) == day_of(parts[0].started_at, zone))
        ):
            yield parts
            parts = []
        parts.append(each)
    if parts:
        yield parts


def _join(parts: list[Performed], zone: ZoneInfo) -> Session:
    exercise = parts[0].exercise
    assert exercise is not None  # noqa: S101  sessions_of has filtered them
    predicates = {
        predicate: union(
            *(
                shift(part.efforts[predicate].spans, part.started_at.timestamp())
                for part in parts
                if predicate in part.efforts
            )
        )
        for predicate in Predicate
        if any(predicate in part.efforts for part in parts)
    }
    counted = predicates.get(predicate_of(exercise), ())
    return Session(
        activity_ids=tuple(part.activity_id for part in parts),
        exercise=exercise,
        day=day_of(parts[0].started_at, zone),
        started_at=parts[0].started_at,
        ended_at=max(part.ended_at for part in parts),
        predicates=predicates,
        excluded=tuple(_excluded(parts, predicate_of(exercise), counted)),
        notes=tuple(sorted({effort.note for part in parts for effort in part.efforts.values() if effort.note})),
    )


def _excluded(parts: list[Performed], predicate: Predicate, counted: Spans) -> Iterator[Exclusion]:
    """What none of the devices counted. Where several left out the same moment, the first says why."""
    told = counted
    for part in parts:
        if (effort := part.efforts.get(predicate)) is None:
            continue
        for exclusion in effort.excluded:
            rests = subtract(shift((exclusion.span,), part.started_at.timestamp()), told)
            yield from (Exclusion(rest, exclusion.reason) for rest in rests)
            told = union(told, rests)
