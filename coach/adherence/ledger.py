"""Where every minute of a judged week went, and why: read off the judgement, nothing is worked out again."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from coach.adherence.model import Credit, Session, WeekAdherence
from coach.effort.model import Reason
from coach.effort.spans import Spans, subtract, union
from coach.plan.felt import INSIDE_WALKS
from coach.plan.model import Exercise
from devices.recording import Span


class Went(StrEnum):
    """Where a minute went that nothing took. Any other reason of an entry is one of the judgement's own."""

    COUNTED = "counted"
    STOOD_IN = "stood_in"  # for another exercise
    UNPLANNED = "unplanned"


@dataclass(frozen=True, slots=True)
class Entry:
    """A stretch of a session, and where it went.

    Attributes:
        session: whose stretch it is.
        span: POSIX seconds.
        item: the item that was looking at it: the one that the session served; None where it served none.
        reason: `Went`, or the code by which the judgement left it out (of `Reason`, `ViolationCode`, `Beyond` ...).
        factor: what a minute of it counts as; 0 where it counts for nothing.
        inside: the item is one inside walks: the stretch has an entry of its session's own item as well.
    """

    session: Session
    span: Span
    item: Exercise | None
    reason: str
    factor: float
    inside: bool = False

    @property
    def minutes(self) -> float:
        return self.span.duration_s / 60

    @property
    def exercise(self) -> Exercise | None:
        """The item that it counted for; None where it counted for nothing."""
        return self.item if self.factor else None


@dataclass(frozen=True, slots=True)
class Account:
    """Where a session's time went.

    Attributes:
        own: entries in order of time, each second of the session in exactly one of them.
        inside: entries of items inside walks, which look at the same time again.
    """

    session: Session
    own: tuple[Entry, ...]
    inside: tuple[Entry, ...]

    @property
    def elapsed(self) -> Spans:
        """The session's time. A device's own clock may end a moment before or after its records do."""
        return union(self.session.elapsed, [each.span for each in self.own])


def ledger(week: WeekAdherence) -> tuple[Account, ...]:
    """An account of each session of the week, in order of time."""
    own: defaultdict[tuple[int, ...], list[Entry]] = defaultdict(list)
    inside: defaultdict[tuple[int, ...], list[Entry]] = defaultdict(list)
    for entry in _entries(week):
        (inside if entry.inside else own)[entry.session.activity_ids].append(entry)
    return tuple(
        Account(session, _whole(session, own[session.activity_ids]), _in_time(inside[session.activity_ids]))
        for session in week.sessions
    )


def _entries(week: WeekAdherence) -> Iterator[Entry]:
    for item in week.items:
        exercise = item.prescription.exercise
        for credit in item.credits:
            yield from _of(credit, exercise, Went.STOOD_IN if credit.stands_in else Went.COUNTED)
    for credit in week.outside:
        yield from _of(credit, None, Went.UNPLANNED)


def _of(credit: Credit, item: Exercise | None, went: Went) -> Iterator[Entry]:
    session, inside = credit.session, item in INSIDE_WALKS
    counted, factor = (credit.credited, 0.0) if item is None else (credit.counted, credit.factor)
    for span in counted:
        yield Entry(session, span, item, went, factor, inside)
    for each in (*credit.beyond, *credit.excluded):
        yield Entry(session, each.span, item, each.reason, 0.0, inside)


def _whole(session: Session, entries: list[Entry]) -> tuple[Entry, ...]:
    """With what nothing was told of: the device ran, and recorded nothing."""
    untold = subtract(session.elapsed, union([each.span for each in entries]))
    item = entries[0].item if entries else None
    return _in_time([*entries, *(Entry(session, span, item, Reason.NO_DATA, 0.0) for span in untold)])


def _in_time(entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda each: (each.span, each.item or "", each.reason)))
