"""The mornings of a person: what counts as one, and the first score of each."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from coach.plan.thresholds import thresholds
from coach.safety.model import CheckIn, Extent, Phase
from scheduler.clock import local_instant

# The hours in which pain is "this morning" (clinical rules, section 6).
_FROM: Final = time(4)
_UNTIL: Final = time(12)


def morning_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The morning of a local day, as instants: from 04:00 up to noon."""
    return local_instant(day, _FROM, zone), local_instant(day, _UNTIL, zone)


def is_in_morning(clock: time) -> bool:
    """Whether a local time lies in the hours of the morning."""
    return _FROM <= clock < _UNTIL


def is_morning(check_in: CheckIn, zone: ZoneInfo) -> bool:
    """Whether it was said of a morning, and in one: what is said after noon came too late to tell."""
    return check_in.phase is Phase.MORNING and is_in_morning(check_in.at.astimezone(zone).time())


def mornings(check_ins: Iterable[CheckIn], zone: ZoneInfo) -> dict[date, int]:
    """The first morning score of each local day that has one, by day, in order."""
    scores: dict[date, int] = {}
    for each in sorted(check_ins, key=lambda check_in: check_in.at):
        if each.pain is not None and is_morning(each, zone):
            scores.setdefault(each.at.astimezone(zone).date(), each.pain)
    return scores


def extents(check_ins: Iterable[CheckIn], zone: ZoneInfo) -> dict[date, Extent]:
    """How far down symptoms reached on each local morning that tells it, by the first answer of each, in order."""
    told: dict[date, Extent] = {}
    for each in sorted(check_ins, key=lambda check_in: check_in.at):
        if each.extent is not None and is_morning(each, zone):
            told.setdefault(each.at.astimezone(zone).date(), each.extent)
    return told


def baseline(check_ins: Iterable[CheckIn], day: date, zone: ZoneInfo) -> float | None:
    """The median morning of the 14 days before a local day; None where none of them has a score."""
    first = day - timedelta(days=thresholds().pain.baseline_days)
    scores = [pain for each, pain in mornings(check_ins, zone).items() if first <= each < day]
    return median(scores) if scores else None
