"""Everybody whom a clinician looks after, in one line each: out of kept weeks and of what was told, judging nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from coach.adherence import Band
from coach.judged import last_settled
from coach.past import PastWeek
from coach.plan.thresholds import thresholds
from coach.safety import CheckIn
from coach.safety.flares import FLARE, current, episodes
from coach.store import caseloads, kept
from coach.store.caseloads import Stored
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
    """A person.

    Attributes:
        last, before: the last week that is settled wherever people are, and the one before; None: not kept yet.
        morning: the last that was told; morning_on: its local day.
        locked_on: since which local day a warning sign locks the plan.
        eased: why nothing is asked today: a flare, illness, a pause.
        silent_days: since a source was last heard; None: never.
    """

    person_id: int
    name: str
    last: PastWeek | None
    before: PastWeek | None
    morning: CheckIn | None
    morning_on: date | None
    trend: Trend | None
    has_diagnosis: bool
    locked_on: date | None
    eased: str | None
    silent_days: int | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Caseload:
    week: IsoWeek
    lines: Sequence[Line]


def caseload(session: Session, account_id: int, now: datetime) -> Caseload:
    """Everybody whom the account looks after, in no order."""
    week = last_settled(now)
    stored = caseloads.of(session, account_id, now, timedelta(days=thresholds().pain.baseline_days))
    weeks = kept.of(session, [each.person_id for each in stored], week.previous, week, now)
    return Caseload(week, [_line(each, weeks[each.person_id], week, now) for each in stored])


def _line(stored: Stored, weeks: Mapping[IsoWeek, PastWeek], week: IsoWeek, now: datetime) -> Line:
    last, before = weeks.get(week), weeks.get(week.previous)
    heard, told, locked = stored.heard_at, stored.morning, stored.locked_at
    return Line(
        person_id=stored.person_id,
        name=stored.name,
        last=last,
        before=before,
        morning=told,
        morning_on=None if told is None else told.at.astimezone(stored.zone).date(),
        trend=trend(last, before),
        has_diagnosis=stored.has_diagnosis,
        locked_on=None if locked is None else locked.astimezone(stored.zone).date(),
        eased=_eased(stored, now),
        silent_days=None if heard is None else max((now - heard).days, 0),
        marks=tuple(_marks(stored, last, now)),
    )


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


def _eased(stored: Stored, now: datetime) -> str | None:
    if current(episodes(stored.flares, stored.mornings, now, stored.zone)) is not None:
        return FLARE
    today = day_of(now, stored.zone)
    return next((str(each.kind) for each in stored.excusals if each.covers(today)), None)


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
