"""The mornings of a person: what counts as one, and the first score of each."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from statistics import median
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from coach.plan.thresholds import thresholds
from coach.safety.model import CheckIn, Extent, Phase
from scheduler.clock import local_instant

T = TypeVar("T")

# The hours in which pain is "this morning" (clinical rules, section 6).
_FROM: Final = time(4)
_UNTIL: Final = time(12)


def morning_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The morning of a local day, as instants: from 04:00 up to noon."""
    return local_instant(day, _FROM, zone), local_instant(day, _UNTIL, zone)


def is_in_morning(clock: time) -> bool:
    """Whether a local time lies in the hours of the morning."""
    return _FROM <= clock < _UNTIL


def morning_told(check_in: CheckIn, zone: ZoneInfo) -> date | None:
    """The local day whose morning it tells; None where it was not said of a morning, or not in one: what is said after
    noon came too late to tell.
    """
    if check_in.phase is not Phase.MORNING:
        return None
    local = check_in.at.astimezone(zone)
    return local.date() if is_in_morning(local.time()) else None


def is_morning(check_in: CheckIn, zone: ZoneInfo) -> bool:
    return morning_told(check_in, zone) is not None


def mornings(check_ins: Iterable[CheckIn], zone: ZoneInfo) -> dict[date, int]:
    """The first morning score of each local day that has one, by day, in order."""
    return _first([(each, each.pain) for each in _of_mornings(check_ins) if each.pain is not None], zone)


def extents(check_ins: Iterable[CheckIn], zone: ZoneInfo) -> dict[date, Extent]:
    """How far down symptoms reached on each local morning that tells it, by the first answer of each, in order."""
    return _first([(each, each.extent) for each in _of_mornings(check_ins) if each.extent is not None], zone)


def _of_mornings(check_ins: Iterable[CheckIn]) -> list[CheckIn]:
    return sorted([each for each in check_ins if each.phase is Phase.MORNING], key=attrgetter("at"))


def _first(told: Iterable[tuple[CheckIn, T]], zone: ZoneInfo) -> dict[date, T]:
    first: dict[date, T] = {}
    for check_in, what in told:
        if (day := morning_told(check_in, zone)) is not None:
            first.setdefault(day, what)
    return first


def baseline(check_ins: Iterable[CheckIn], day: date, zone: ZoneInfo) -> float | None:
    """The median morning of the 14 days before a local day; None where none of them has a score."""
    begins = morning_of(day - timedelta(days=thresholds().pain.baseline_days), zone)[0]
    ends = morning_of(day, zone)[0]
    scores = mornings([each for each in check_ins if begins <= each.at < ends], zone).values()
    return median(scores) if scores else None
