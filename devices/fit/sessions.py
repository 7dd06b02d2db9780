"""Which sessions a file holds, and which stretch of its time, in the file's own seconds, belongs to each."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from devices.fit.columns import FAR_S, Records
from devices.fit.messages import Messages, Row, number
from devices.recording import Column

_NO_SUMMARY: Final = "The file has no summary of the session; it was put together from what was recorded."
_ABSURD_START: Final = "The session's own start was absurd; it begins with its first record instead."


@dataclass(frozen=True, slots=True)
class Window:
    """One session's stretch.

    Attributes:
        row: its `session` message, empty where there is none.
        start: its first moment.
        end: its last moment.
        since: what begins in [since, until) belongs to it.
        until: see `since`.
        note: a sentence where the session had to be worked out.
    """

    row: Row
    start: float
    end: float
    since: float
    until: float
    note: str | None = None

    def holds(self, moment: float) -> bool:
        return self.since <= moment < self.until


def windows(messages: Messages, records: Records) -> tuple[Window, ...]:
    """The sessions in order of time; none where there is nothing to make one of.

    Several sessions share the file's time, each up to the start of the next; the first and the last also take
    what lies up to a week outside. Of two that start together, the later message counts.
    """
    moments = _moments(messages, records)
    begun = dict(_begun(messages)) or {float(first): {} for first in moments[:1]}
    if not begun:
        return ()
    first, *others = sorted(begun)
    start, note = _first_start(first, moments)
    edges = [start, *others, np.inf]
    rows = [begun[moment] for moment in (first, *others)]
    return tuple(
        Window(
            row=row,
            start=since,
            end=(end := _end(row, since, until, moments)),
            since=since - FAR_S if since == start else since,
            until=end + FAR_S if until == np.inf else until,
            note=note if since == start and note else None if row else _NO_SUMMARY,
        )
        for row, (since, until) in zip(rows, pairwise(edges), strict=True)
    )


def _begun(messages: Messages) -> Iterator[tuple[float, Row]]:
    """When each session says that it began."""
    for row in messages.of("session"):
        saved, start = number(row, "timestamp"), number(row, "start_time")
        if start is not None:
            yield start, row
        elif saved is not None:
            yield saved - (number(row, "total_elapsed_time") or 0), row


def _first_start(stated: float, moments: Column) -> tuple[float, str | None]:
    """The first session begins no later than the first record, and not a week away from it."""
    if not len(moments):
        return stated, None
    recorded = float(moments[0])
    return (recorded, _ABSURD_START) if abs(stated - recorded) > FAR_S else (min(stated, recorded), None)


def _end(row: Row, start: float, until: float, moments: Column) -> float:
    last: list[float] = moments[(moments >= start) & (moments < until)][-1:].tolist()
    return min(max(start, start + (number(row, "total_elapsed_time") or 0), *last), until)


def _moments(messages: Messages, records: Records) -> Column:
    """All moments at which something was recorded, ascending; of laps and lengths where records have none."""
    stamps = records.get("timestamp")
    if stamps is not None and len(stamps):
        return stamps
    stretches = [
        (start, start + (number(row, "total_elapsed_time") or 0))
        for name in ("lap", "length")
        for row in messages.of(name)
        if (start := number(row, "start_time")) is not None
    ]
    return np.sort(np.array(stretches, dtype=np.float64).ravel())
