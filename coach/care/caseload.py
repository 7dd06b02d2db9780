"""Everybody whom a clinician looks after, in one line each: out of kept weeks and of what was told, judging nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.adherence import Band
from coach.judged import last_settled
from coach.past import PastWeek
from coach.plan.thresholds import thresholds
from coach.safety import CheckIn
from coach.safety.flares import FLARE, current, episodes
from coach.store import caseloads, kept
from coach.store.caseloads import Easing, Stored
from coach.weeks import IsoWeek, day_of


class Mark(StrEnum):
    """What of a person a clinician may want to see first; the rules in words are `text.caseload` of the pages."""

    LOCKED = "locked"
    PAIN = "pain"
    OFF_PLAN = "off_plan"
    SILENT = "silent"


class Trend(StrEnum):
    """Of the mean morning pain, against the week before."""

    UP = "up"
    LEVEL = "level"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Line:
    """A person. Of hundreds a page shows some: what only those need is worked out when it is asked for.

    Attributes:
        last, before: the last week that is settled wherever people are, and the one before; None: not kept yet.
        silent_days: since a source was last heard; None: never.
    """

    stored: Stored
    last: PastWeek | None
    before: PastWeek | None
    silent_days: int | None
    marks: tuple[Mark, ...]

    @property
    def person_id(self) -> int:
        return self.stored.person_id

    @property
    def name(self) -> str:
        return self.stored.name

    @property
    def morning(self) -> CheckIn | None:
        """The last that was told."""
        return self.stored.morning

    @property
    def morning_on(self) -> date | None:
        """Its local day."""
        return None if self.stored.morning is None else self.stored.morning.at.astimezone(self.stored.zone).date()

    @property
    def locked_on(self) -> date | None:
        """Since which local day a warning sign locks the plan."""
        return None if self.stored.locked_at is None else self.stored.locked_at.astimezone(self.stored.zone).date()

    @property
    def trend(self) -> Trend | None:
        return trend(self.last, self.before)


@dataclass(frozen=True, slots=True)
class Caseload:
    week: IsoWeek
    lines: Sequence[Line]


def caseload(session: Session, account_id: int, now: datetime) -> Caseload:
    """Everybody whom the account looks after, in no order."""
    week = last_settled(now)
    before = week.previous
    stored = caseloads.of(session, account_id, now)
    weeks = kept.of(session, [each.person_id for each in stored], before, week, now)
    lines = ((each, weeks[each.person_id]) for each in stored)
    return Caseload(week, [_line(each, known.get(week), known.get(before), now) for each, known in lines])


def eased(session: Session, account_id: int, lines: Sequence[Line], now: datetime) -> dict[int, str]:
    """Of whom of these nothing is asked today, and why: a flare, illness, a pause."""
    looks_back = timedelta(days=thresholds().pain.baseline_days)
    zones = {each.person_id: each.stored.zone for each in lines}
    found = caseloads.easings(session, account_id, zones, now, looks_back)
    reasons = {number: _eased(each, now, zones[number]) for number, each in found.items()}
    return {number: reason for number, reason in reasons.items() if reason is not None}


def _line(stored: Stored, last: PastWeek | None, before: PastWeek | None, now: datetime) -> Line:
    heard = stored.heard_at
    silent_days = None if heard is None else max((now - heard).days, 0)
    return Line(stored, last, before, silent_days, tuple(_marks(stored, last, now)))


def _marks(stored: Stored, last: PastWeek | None, now: datetime) -> Iterator[Mark]:
    if stored.locked_at is not None or not stored.has_diagnosis:
        yield Mark.LOCKED
    if stored.morning is not None and is_in_pain(stored.morning, last, now):
        yield Mark.PAIN
    if last is not None and last.band is Band.OFF_PLAN:
        yield Mark.OFF_PLAN
    silent = timedelta(days=thresholds().caseload.silent_days)
    if stored.heard_at is None or now - stored.heard_at >= silent:
        yield Mark.SILENT


def is_in_pain(morning: CheckIn, last: PastWeek | None, now: datetime) -> bool:
    """Whether a morning that was told lately is one of a sore day, by its score or by how far it lies above the mean of
    the last settled week.
    """
    rules, days = thresholds().pain, thresholds().caseload.pain_days
    if morning.pain is None or now - morning.at >= timedelta(days=days):
        return False
    usual = None if last is None else last.pain
    return morning.pain >= rules.sore_from or (usual is not None and morning.pain >= usual + rules.sore_morning_rise)


def trend(last: PastWeek | None, before: PastWeek | None) -> Trend | None:
    """None where either week tells too few mornings. A change is one that a week's decision would go by."""
    rules = thresholds().decision
    if last is None or before is None or min(last.mornings, before.mornings) < rules.mornings_needed:
        return None
    assert last.pain is not None and before.pain is not None  # noqa: S101, PT018  (there are mornings)
    rise = last.pain - before.pain
    if abs(rise) < rules.step_back_from_morning_rise:
        return Trend.LEVEL
    return Trend.UP if rise > 0 else Trend.DOWN


def _eased(easing: Easing, now: datetime, zone: ZoneInfo) -> str | None:
    if current(episodes(easing.flares, easing.mornings, now, zone)) is not None:
        return FLARE
    today = day_of(now, zone)
    return next((str(each.kind) for each in easing.excusals if each.covers(today)), None)


_LAST: Final = 10**6
"""Past every number that one sorts by."""


def _share(each: Line) -> float:
    return _LAST if each.last is None or each.last.score is None else each.last.score


def _pain(each: Line) -> float:
    return _LAST if each.morning is None or each.morning.pain is None else -each.morning.pain


def _rise(each: Line) -> float:
    return _LAST if each.trend is None else list(Trend).index(each.trend)


def _silence(each: Line) -> float:
    return -_LAST if each.silent_days is None else -each.silent_days


SORTS: Final = {"name": lambda _: 0.0, "share": _share, "pain": _pain, "trend": _rise, "synced": _silence}
"""By what lines can be ordered, the one to look at first on top; those alike by name."""


def chosen(lines: Sequence[Line], *, sort: str, only: Mark | None, name: str) -> list[Line]:
    """Those with a mark, and of whose name that is a part, in an order of `SORTS`."""
    part, by = name.casefold(), SORTS[sort]
    found = [each for each in lines if (only is None or only in each.marks) and part in each.name.casefold()]
    return sorted(found, key=lambda each: (by(each), each.name.casefold()))
