"""Recordings become sessions: those that belong together are joined, and no moment counts twice."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from coach.adherence.model import Performed, Session
from coach.effort.model import Exclusion, Predicate, predicate_of
from coach.effort.spans import shift, subtract, union
from coach.plan.model import Exercise, Plan
from coach.plan.thresholds import thresholds
from coach.weeks import day_of
from devices.recording import Span


def sessions_of(performed: Iterable[Performed], plan: Plan, zone: ZoneInfo) -> tuple[Session, ...]:
    """Sessions in order of time. Recordings of a sport that no plan asks for are left out."""
    known = sorted(
        (each for each in performed if each.exercise is not None),
        key=lambda each: (str(each.exercise), each.started_at, each.activity_id),
    )
    joined = (
        _join(parts, zone)
        for exercise, group in groupby(known, key=lambda each: each.exercise)
        for parts in _together(list(group), exercise, plan, zone)
    )
    return tuple(sorted(joined, key=lambda session: (session.day, session.activity_ids)))


def _together(
    recordings: list[Performed], exercise: Exercise | None, plan: Plan, zone: ZoneInfo
) -> Iterator[list[Performed]]:
    """Less than ten minutes apart, or, where the item may be split, on one local day."""
    item = plan.item(exercise) if exercise else None
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
        excluded=tuple(
            Exclusion(rest, exclusion.reason)
            for part in parts
            if (effort := part.efforts.get(predicate_of(exercise)))
            for exclusion in effort.excluded
            for rest in subtract((_moved(exclusion.span, part),), counted)
        ),
        notes=tuple(sorted({effort.note for part in parts for effort in part.efforts.values() if effort.note})),
    )


def _moved(span: Span, part: Performed) -> Span:
    offset = part.started_at.timestamp()
    return Span(span.start_s + offset, span.end_s + offset)
