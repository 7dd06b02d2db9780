"""Which sessions a file holds, and which stretch of its time, in the file's own seconds, belongs to each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from typing import Final

import numpy as np

from devices.errors import DamagedFitError
from devices.fit.columns import Records
from devices.fit.messages import FAR_S, Messages, Row, duration, number
from devices.recording import Column

MOST_SESSIONS: Final = 100
"""A race of swims and runs in turns has some fifty legs; each session becomes an activity."""

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

    Raises:
        DamagedFitError: there are more than anybody recorded.
    """
    moments = _moments(messages, records)
    begun = dict(_begun(messages)) or {float(first): {} for first in moments[:1]}
    if not begun:
        return ()
    if len(begun) > MOST_SESSIONS:
        raise DamagedFitError(f"The file says that it holds {len(begun):,} sessions; no recording has so many.")
    first, *others = sorted(begun)
    stated, note = _believable(first, moments)
    begins = (stated, *others)
    edges = (min([stated, *moments[:1].tolist()]), *others, inf)
    rows = [begun[moment] for moment in (first, *others)]
    found = [
        Window(row, start, _end(row, begin, until, moments), since=start, until=until)
        for row, begin, (start, until) in zip(rows, begins, pairwise(edges), strict=True)
    ]
    found[0] = replace(found[0], since=found[0].start - FAR_S, note=note if rows[0] else _NO_SUMMARY)
    found[-1] = replace(found[-1], until=found[-1].end + FAR_S)
    return tuple(found)


def _begun(messages: Messages) -> Iterator[tuple[float, Row]]:
    """When each session says that it began."""
    for row in messages.of("session"):
        saved, start = number(row, "timestamp"), number(row, "start_time")
        if start is not None:
            yield start, row
        elif saved is not None:
            yield saved - (duration(row, "total_elapsed_time") or 0), row


def _believable(start: float, moments: Column) -> tuple[float, str | None]:
    """The start of the first session, where it is no week away from the first record; else that record's."""
    absurd = len(moments) > 0 and abs(start - moments[0]) > FAR_S
    return (float(moments[0]), _ABSURD_START) if absurd else (start, None)


def _end(row: Row, start: float, until: float, moments: Column) -> float:
    last: list[float] = moments[: np.searchsorted(moments, until)][-1:].tolist()
    return min(max(start, start + (duration(row, "total_elapsed_time") or 0), *last), until)


def _moments(messages: Messages, records: Records) -> Column:
    """All moments at which something was recorded, ascending; of laps and lengths where records have none."""
    stamps = records.get("timestamp")
    if stamps is not None and len(stamps):
        return stamps
    stretches = [
        (start, start + (duration(row, "total_elapsed_time") or 0))
        for name in ("lap", "length")
        for row in messages.of(name)
        if (start := number(row, "start_time")) is not None
    ]
    return np.sort(np.array(stretches, dtype=np.float64).ravel())
