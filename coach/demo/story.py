"""What happens in the fortnight: a disc herniation, bending forward not tolerated, two weeks of a real life.

The first week ends well, though the watch stays in a drawer for two days. In the second there is little until
Thursday, and one walk goes over a hill, which the plan leaves out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from coach.demo import sessions
from devices.recording import Recording
from scheduler.clock import local_instant

NAME: Final = "Robin"
ZONE: Final = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Moment:
    """The person syncs these recordings at `at`; none is a sync that brings nothing, or just a look at the clock."""

    at: datetime
    recordings: tuple[tuple[str, Recording], ...] = ()
    synced: bool = False


_Made = Callable[[datetime], Recording]
_SESSIONS: Final[tuple[tuple[int, time, str, _Made], ...]] = (
    (0, time(17, 40), "walk", lambda at: sessions.walk(at, 12)),
    (1, time(17, 30), "walk", lambda at: sessions.walk(at, 11)),
    (2, time(18, 0), "swim", lambda at: sessions.swim(at, 20)),
    (3, time(17, 45), "walk", lambda at: sessions.walk(at, 12)),
    (4, time(17, 30), "walk", lambda at: sessions.walk(at, 13)),
    (5, time(10, 30), "swim", lambda at: sessions.swim(at, 20)),
    (6, time(11, 0), "walk", lambda at: sessions.walk(at, 12)),
    (8, time(17, 30), "walk", lambda at: sessions.walk(at, 12)),
    (10, time(18, 0), "swim", lambda at: sessions.swim(at, 20)),
    (11, time(17, 20), "walk", lambda at: sessions.walk(at, 11)),
    (12, time(15, 0), "hilly-walk", lambda at: sessions.walk(at, 19, hill_minutes=7)),
    (13, time(11, 0), "ride", lambda at: sessions.ride(at, 15)),
)

# When the watch is synced: day of the fortnight and local time. Between day 0 and day 3 it lies in a drawer.
_SYNCS: Final = (
    *((day, time(18, 30)) for day in (0, 3, 4)),
    *((day, time(12, 0)) for day in (5, 6)),
    *((day, time(18, 30)) for day in (8, 9, 10, 11)),
    (12, time(16, 0)),
    (13, time(12, 0)),
)

# When the coach may have something to say of its own.
_LOOKS: Final = ((3, time(12, 30)), (7, time(8, 30)), (10, time(12, 30)), (14, time(8, 30)))


def first_monday(today: date) -> date:
    """The Monday of the fortnight that has just closed."""
    return today - timedelta(days=today.weekday() + 14)


def moments(monday: date) -> Iterator[Moment]:
    """The fortnight in order of time."""
    recorded = [
        (local_instant(monday + timedelta(days=day), at, ZONE).astimezone(ZONE), name, make)
        for day, at, name, make in _SESSIONS
    ]
    heard = local_instant(monday, time(0), ZONE)
    happens = sorted([(day, at, True) for day, at in _SYNCS] + [(day, at, False) for day, at in _LOOKS])
    for day, at, synced in happens:
        now = local_instant(monday + timedelta(days=day), at, ZONE)
        brought = tuple(
            (f"{start:%Y-%m-%d}-{name}.fit", make(start)) for start, name, make in recorded if heard <= start < now
        )
        if synced:
            heard = now
        yield Moment(now, brought if synced else (), synced)
