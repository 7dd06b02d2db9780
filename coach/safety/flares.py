"""Flares: when they are over, which days they excuse, when they are for the clinician (clinical rules, section 6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Final
from zoneinfo import ZoneInfo

from coach.plan.thresholds import thresholds
from coach.safety.model import CheckIn, Flare
from coach.safety.mornings import baseline, morning_told
from coach.weeks import day_of

FLARE: Final = "flare"
"""Why the day is excused; the text is `text.excused` in the message catalogue."""


class Ending(StrEnum):
    """What ended a flare."""

    WORD = "word"  # the person said so
    MORNINGS = "mornings"  # two in a row near the baseline


class Concern(StrEnum):
    """Why a flare is for the clinician; the texts are `text.flare` in the message catalogue."""

    LONG = "long"  # its seventh day
    AGAIN = "again"  # the second within 28 days


@dataclass(frozen=True, slots=True)
class Episode:
    """A flare and what became of it; days are local.

    Attributes:
        baseline: the median morning before it, 0-10; None: unknown, so that only the person's word ends it.
        ended_at, ended_on, ended_by: None while it lasts.
    """

    flare: Flare
    began_on: date
    baseline: float | None
    ended_at: datetime | None = None
    ended_on: date | None = None
    ended_by: Ending | None = None

    def day_number(self, day: date) -> int:
        """1 on the day that it began."""
        return (day - self.began_on).days + 1


def episodes(
    flares: Iterable[Flare], check_ins: Iterable[CheckIn], now: datetime, zone: ZoneInfo
) -> tuple[Episode, ...]:
    """The flares that have begun, in order, as they stand now.

    Args:
        flares: the person's, in any order.
        check_ins: theirs, from 14 days before the first flare on, for its baseline.
        now: what was told later is not known yet.
        zone: theirs.
    """
    begun = sorted([each for each in flares if each.began_at <= now], key=attrgetter("began_at"))
    if not begun:
        return ()
    known = sorted([each for each in check_ins if each.at <= now], key=attrgetter("at"))
    return tuple(_episode(flare, known, now, zone) for flare in begun)


def _episode(flare: Flare, check_ins: Sequence[CheckIn], now: datetime, zone: ZoneInfo) -> Episode:
    began_on = day_of(flare.began_at, zone)
    usual = baseline(check_ins, began_on, zone)
    endings = []
    if flare.ended_at is not None and flare.ended_at <= now:
        endings.append((flare.ended_at, Ending.WORD))
    if usual is not None and (settled := _settled_at(began_on, usual, check_ins, zone)) is not None:
        endings.append((settled, Ending.MORNINGS))
    if not endings:
        return Episode(flare, began_on, usual)
    ended_at, ended_by = min(endings)
    return Episode(flare, began_on, usual, ended_at, day_of(ended_at, zone), ended_by)


def _settled_at(began_on: date, usual: float, check_ins: Sequence[CheckIn], zone: ZoneInfo) -> datetime | None:
    """The morning with which so many in a row were near the usual; those without an answer are passed over."""
    rules = thresholds().flare
    in_a_row = 0
    last = began_on
    for each in check_ins:
        day = None if each.pain is None else morning_told(each, zone)
        if each.pain is None or day is None or day <= last:
            continue  # of a day, the first answer
        last = day
        in_a_row = in_a_row + 1 if each.pain <= usual + rules.settled_rise else 0
        if in_a_row == rules.settled_mornings:
            return each.at
    return None


def current(found: Iterable[Episode]) -> Episode | None:
    """The flare that lasts, if one does."""
    return next((each for each in found if each.ended_at is None), None)


def flare_days(found: Iterable[Episode], now: datetime, zone: ZoneInfo) -> dict[date, str]:
    """The local days that flares excuse up to today, their first and last among them, each with its reason."""
    today = day_of(now, zone)
    return {
        each.began_on + timedelta(days=n): FLARE
        for each in found
        for n in range(((each.ended_on or today) - each.began_on).days + 1)
    }


def concerns(found: Iterable[Episode], now: datetime, zone: ZoneInfo) -> tuple[Concern, ...]:
    """Why the clinician should hear of it now; empty where nothing calls for it."""
    rules = thresholds().flare
    today = day_of(now, zone)
    known = tuple(found)
    long = any(each.ended_at is None and each.day_number(today) >= rules.clinician_from_day for each in known)
    recent = [each for each in known if each.began_on > today - timedelta(days=rules.clinician_within_days)]
    again = len(recent) >= rules.clinician_from_flares
    return tuple(concern for concern, holds in ((Concern.LONG, long), (Concern.AGAIN, again)) if holds)
