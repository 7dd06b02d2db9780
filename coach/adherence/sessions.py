"""Recordings become sessions: those that belong together are joined, and no moment counts twice."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from coach.adherence.model import Session
from coach.adherence.recordings import Performed
from coach.plan.model import Exercise, Plan, Prescription
from coach.plan.thresholds import thresholds
from coach.weeks import day_of


def sessions_of(performed: Iterable[Performed], plan: Plan | None, zone: ZoneInfo) -> tuple[Session, ...]:
    """Sessions in order of time. Recordings of a sport that no plan asks for are left out."""
    known = sorted(
        [(served_as(each.exercise, plan), each.turn, each) for each in performed if each.exercise is not None],
        key=itemgetter(0, 1),
    )
    joined = (
        _join(parts, zone)
        for exercise, group in groupby(known, key=itemgetter(0))
        for parts in _together([each for _, _, each in group], plan.item(exercise) if plan else None, zone)
    )
    return tuple(sorted(joined, key=in_time))


def in_time(session: Session) -> tuple[datetime, str, int]:
    """The order of a week: the earlier first, whatever came in first."""
    return session.recordings[0].turn


def served_as(exercise: Exercise, plan: Plan | None) -> Exercise:
    """A ride outdoors counts as the bike where the plan has the bike and no outdoor ride of its own."""
    if plan is None:
        return exercise
    as_bike = exercise is Exercise.OUTDOOR_RIDE and plan.item(exercise) is None
    return Exercise.EXERCISE_BIKE if as_bike and plan.item(Exercise.EXERCISE_BIKE) else exercise


def _together(recordings: list[Performed], item: Prescription | None, zone: ZoneInfo) -> Iterator[list[Performed]]:
    """Less than ten minutes apart, or, where the item may be split, on one local day; there is one at least."""
    whole_day = item is not None and item.may_split
    gap = timedelta(seconds=thresholds().adherence.join_gap_s)
    parts, ended_at = recordings[:1], recordings[0].ended_at
    for each in recordings[1:]:
        if each.started_at - ended_at < gap or (
            whole_day and day_of(each.started_at, zone) == day_of(parts[0].started_at, zone)
        ):
            parts, ended_at = [*parts, each], max(ended_at, each.ended_at)
        else:
            yield parts
            parts, ended_at = [each], each.ended_at
    yield parts


def _join(parts: list[Performed], zone: ZoneInfo) -> Session:
    first = parts[0]
    assert first.exercise is not None  # noqa: S101  sessions_of has filtered them
    whole = _told_of_all(parts) if len(parts) > 1 else (first.borg, first.water_c, first.distance_m)
    borg, water_c, distance_m = whole
    return Session(
        activity_ids=tuple([part.activity_id for part in parts]),
        exercise=first.exercise,
        day=day_of(first.started_at, zone),
        started_at=first.started_at,
        ended_at=max([part.ended_at for part in parts]),
        recordings=tuple(parts),
        borg=borg,
        water_c=water_c,
        distance_m=distance_m,
        self_reported=any(part.self_reported for part in parts),
    )


def _told_of_all(parts: list[Performed]) -> tuple[float | None, float | None, float | None]:
    """How hard it felt and how warm the water was, the most that was told of any; and how far it went in all."""
    borg = max((part.borg for part in parts if part.borg is not None), default=None)
    water_c = max((part.water_c for part in parts if part.water_c is not None), default=None)
    return borg, water_c, _distance_m(parts)


def _distance_m(parts: list[Performed]) -> float | None:
    """All together; of recordings that overlap, two devices covered the same ground: the longest counts."""
    covered: list[float] = []
    end: datetime | None = None
    for part in parts:
        if part.distance_m is None:
            continue
        if end is not None and part.started_at < end:
            covered[-1] = max(covered[-1], part.distance_m)
        else:
            covered.append(part.distance_m)
        end = part.ended_at if end is None else max(end, part.ended_at)
    return sum(covered) if covered else None
