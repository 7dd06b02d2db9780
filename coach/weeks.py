"""ISO weeks as people live them: from local Monday to local Sunday, in the person's zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from re import compile as pattern
from typing import Final, Self
from zoneinfo import ZoneInfo

from coach.errors import UsageError
from scheduler.clock import local_instant

_WEEK: Final = pattern(r"(\d{4})-?[Ww](\d{2})")

YEARS: Final = range(1900, 2127)
"""What a date may lie in: a diagnosis may be old, and FIT, which counts seconds in 32 bits, ends in 2126. At the ends
of the calendar itself there is no week before, or none after."""

OLDEST_YEARS: Final = 120
"""Nobody is older: of a moment before that there is nobody to tell."""

# A session that starts before four in the morning ends an evening, it does not begin a day.
_DAY_BEGINS: Final = time(4)
_NIGHT: Final = timedelta(hours=4)  # by the clock on the wall, whatever the night is that the clocks are changed in


@dataclass(frozen=True, slots=True, order=True)
class IsoWeek:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `2026-W45`, or the week of a date such as `2026-11-05`."""
        try:
            if match := _WEEK.fullmatch(text.strip()):
                day = date.fromisocalendar(int(match[1]), int(match[2]), 1)
            else:
                day = date.fromisoformat(text.strip())
        except ValueError:
            raise UsageError(
                f"'{text}' is neither a week nor a date. Write a week as 2026-W45, or a date as 2026-11-05."
            ) from None
        if day.year not in YEARS:
            raise UsageError(f"'{text}' is no week of our time. Write one as 2026-W45.")
        return cls.of(day)

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def days(self) -> tuple[date, ...]:
        return _days(self.monday)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def next(self) -> "IsoWeek":
        return IsoWeek.of(self.monday + timedelta(days=7))

    @property
    def previous(self) -> "IsoWeek":
        return IsoWeek.of(self.monday - timedelta(days=7))

    def and_before(self, count: int) -> "list[IsoWeek]":
        """So many weeks up to and with this one, oldest first."""
        return [IsoWeek.of(self.monday - timedelta(weeks=n)) for n in reversed(range(count))]

    def starts_at(self, zone: ZoneInfo) -> datetime:
        return local_instant(self.monday, time(0), zone)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """The first instant of the next week."""
        return local_instant(self.monday + timedelta(days=7), time(0), zone)

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"


@lru_cache(maxsize=1024)
def _days(monday: date) -> tuple[date, ...]:
    return tuple(monday + timedelta(days=n) for n in range(7))


def day_of(started_at: datetime, zone: ZoneInfo) -> date:
    """The local day that a session belongs to."""
    return (started_at.astimezone(zone) - _NIGHT).date()


def day_starts_at(day: date, zone: ZoneInfo) -> datetime:
    """The first instant that `day_of` gives to a local day."""
    return local_instant(day, _DAY_BEGINS, zone)
