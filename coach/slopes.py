"""How steep it was: the originals of a session, decoded again to tell the mean grade of each uphill stretch."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session as Database
from sqlmodel import col, select

from coach.adherence import Session
from coach.effort.grade import Climb, climbs
from coach.effort.model import Predicate
from coach.effort.spans import Spans, intersect, shift, subtract
from coach.recorded import recording_of
from coach.store.tables import Activity
from devices.recording import Recording, Span


@dataclass(frozen=True, slots=True)
class _Part:
    recording: Recording
    started_at: datetime
    ended_at: datetime


def uphill(database: Database, session: Session) -> tuple[Climb, ...]:
    """The session's uphill stretches, in POSIX seconds, each with its mean grade; none where none was found."""
    left = session.predicates.get(Predicate.UPHILL, ())
    found: list[Climb] = []
    for part in _parts(database, session) if left else ():
        begun = part.started_at.timestamp()
        within = intersect(left, (Span(begun, part.ended_at.timestamp()),))
        found += [
            Climb(Span(each.span.start_s + begun, each.span.end_s + begun), each.grade_pct)
            for each in climbs(part.recording, shift(within, -begun))
        ]
        left = subtract(left, within)
    return tuple(sorted((*found, *_unknown(left)), key=lambda each: each.span))


def grade_pct(span: Span, uphill: Iterable[Climb]) -> float | None:
    """The mean grade of a stretch that lies inside one of these; None where it does not, or the grade is unknown."""
    inside = (each.grade_pct for each in uphill if intersect((span,), (each.span,)) == (span,))
    return next((each for each in inside if each is not None), None)


def _unknown(left: Spans) -> Iterator[Climb]:
    return (Climb(span, None) for span in left)


def _parts(database: Database, session: Session) -> Iterator[_Part]:
    """The recordings that the session was made of, in order of time."""
    rows = database.exec(
        select(Activity)
        .where(col(Activity.id).in_(session.activity_ids))
        .order_by(col(Activity.started_at), col(Activity.id))
    )
    for activity in rows:
        recording = recording_of(database, activity)
        if recording is not None:
            yield _Part(recording, activity.started_at, activity.ended_at)
