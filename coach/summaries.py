"""From the store to a week on a page: the person's letter, and the page that they may hand to a clinician."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.adherence import Status
from coach.history import History
from coach.judgement import JudgedWeek, Standing, judge_week, judge_weeks, stand
from coach.safety.flares import concerns
from coach.store import histories, safety
from coach.store.tables import Person, key
from coach.summary.clinician.report import Report, Told, report
from coach.summary.content import NOTHING_AHEAD, Ahead, Letter, letter
from coach.weeks import IsoWeek, day_of
from config.messages import catalogue

_TREND_WEEKS: Final = 8


def trend_of(week: IsoWeek) -> list[IsoWeek]:
    """The weeks up to and with one that its page looks back on, oldest first."""
    return [IsoWeek.of(week.monday - timedelta(weeks=n)) for n in reversed(range(_TREND_WEEKS))]


def summary_of(session: Session, person: Person, week: IsoWeek, now: datetime) -> Letter:
    """The weekly summary of a person, worded; with the step on offer, where the week is the last that has closed."""
    history = _history(session, person, week, now)
    return letter_of(person, week, history, stand(history, now), now)


def report_of(session: Session, person: Person, week: IsoWeek, now: datetime) -> Report:
    """The same week for a clinician."""
    history = _history(session, person, week, now)
    seen = _Seen.of(week, history, stand(history, now), now)
    starts_at, ends_at = week.starts_at(history.zone), week.ends_at(history.zone)
    return report(
        name=person.name,
        zone=history.zone,
        judged=seen.weeks[-1],
        trend=seen.trend,
        ahead=seen.ahead,
        told=Told(
            answers=safety.answers(session, key(person), starts_at, ends_at),
            locks=[each for each in history.locks if starts_at <= each.raised_at < ends_at],
        ),
        words=catalogue(person.language),
    )


def letter_of(person: Person, week: IsoWeek, history: History, stood: Standing, now: datetime) -> Letter:
    """The letter of a week, where history (from `trend_of` on) and standing are known already."""
    seen = _Seen.of(week, history, stood, now)
    return letter(
        name=person.name,
        emergency_number=person.emergency_number,
        judged=seen.weeks[-1],
        trend=seen.trend,
        ahead=seen.ahead,
        concerns=concerns(seen.weeks[-1].flares, now, history.zone) if seen.is_last else (),
        words=catalogue(person.language),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A week and those before it, judged, and what lies ahead; `is_last`: no later one has closed."""

    weeks: Sequence[JudgedWeek]
    ahead: Ahead
    is_last: bool

    @classmethod
    def of(cls, week: IsoWeek, history: History, stood: Standing, now: datetime) -> "_Seen":
        is_last = stood.week.adherence.week == week
        *before, last = trend_of(week)
        weeks = [*judge_weeks(history, before, now), stood.week if is_last else judge_week(history, last, now)]
        offer = stood.offer if is_last and not stood.waits else None
        version = history.version_on(week.next.sunday)
        nothing = stood.locked or version is None
        return cls(weeks, NOTHING_AHEAD if nothing or version is None else Ahead(version.plan, offer), is_last)

    @property
    def trend(self) -> Sequence[JudgedWeek]:
        """From the first plan on."""
        first = next((n for n, each in enumerate(self.weeks) if each.adherence.status is not Status.NO_PLAN), None)
        return () if first is None else self.weeks[first:]


def _history(session: Session, person: Person, week: IsoWeek, now: datetime) -> History:
    """One serves it all: back to the first week of the trend, and on to today."""
    running = IsoWeek.of(day_of(now, ZoneInfo(person.timezone)))
    return histories.load(session, person, min(trend_of(week)[0], running.previous), max(week, running))
