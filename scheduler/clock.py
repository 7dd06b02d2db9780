"""Moments and hours: local times that exist, and the hours in which nobody is disturbed.

Inside, every moment is an aware UTC datetime. A local time is turned into one here and nowhere else, because
twice a year a clock on the wall shows times that never were, or shows the same time twice.
"""

from bisect import bisect_left
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from math import floor
from typing import NamedTuple
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

ONE_DAY = timedelta(days=1)


def utc_now() -> datetime:
    return datetime.now(UTC)


@lru_cache(maxsize=4096)  # a judged week asks some fifty times, of the same few days
def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which the clock on the wall in `zone` first shows `at` on `day`.

    A time that is skipped in spring, or that lies in a whole skipped day (Apia, 2011-12-30), becomes the
    first moment after the gap. Of a time that comes twice in autumn, it is the first.
    """
    wall = datetime.combine(day, at.replace(fold=0, tzinfo=None), zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _end_of_gap(wall)


def _end_of_gap(skipped: datetime) -> datetime:
    """The change of the clocks that skipped this local time.

    Read with the offset from after the change (fold 1) the time falls before it, read with the offset from
    before (fold 0) it falls after it: the change is between the two, and on a whole second.
    """
    zone = skipped.tzinfo
    after = skipped.replace(fold=1).utcoffset()
    seconds = range(floor(skipped.replace(fold=1).timestamp()), floor(skipped.timestamp()) + 1)
    changed = bisect_left(seconds, True, key=lambda s: datetime.fromtimestamp(s, zone).utcoffset() == after)
    return datetime.fromtimestamp(seconds[changed], UTC)


class QuietHours(NamedTuple):
    """The hours, local to the person, in which only what is urgent is sent: from `start` up to `end`.

    Each night is one unbroken stretch between two moments, also when the clocks change within it. `end`
    before `start` means over midnight; equal ones mean no quiet hours at all. 21:00 to 08:00 is the clinical
    default (clinical rules, section 9).
    """

    start: time = time(21)
    end: time = time(8)

    def holds(self, instant: datetime, zone: ZoneInfo) -> bool:
        return self._end_of_night(instant, zone) is not None

    @lru_cache(maxsize=1024)  # noqa: B019 (a value; a batch asks for one moment and a handful of zones)
    def next_allowed(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """The first moment (UTC) from `instant` on that is not quiet; `instant` itself when it is not."""
        while (end := self._end_of_night(instant, zone)) is not None:
            instant = end
        return instant.astimezone(UTC)

    def _end_of_night(self, instant: datetime, zone: ZoneInfo) -> datetime | None:
        """The end of the night that `instant` is in, if it is in one.

        A night that has begun can bear tomorrow's date: clocks that go back at midnight show 23:00 again.
        """
        today = instant.astimezone(zone).date()
        over_midnight = ONE_DAY if self.end < self.start else timedelta()
        for first_day in (today - ONE_DAY, today, today + ONE_DAY):
            begins = local_instant(first_day, self.start, zone)
            ends = local_instant(first_day + over_midnight, self.end, zone)
            if begins <= instant < ends:
                return ends
        return None
