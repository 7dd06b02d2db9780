"""From the store to a week on a page: the person's letter, and the page that they may hand to a clinician."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.adherence import Status
from coach.history import History
from coach.judged import past_weeks
from coach.judgement import JudgedWeek, Standing, judge_week, stand
from coach.past import TREND_WEEKS, PastWeek, in_short
from coach.safety.flares import concerns
from coach.store import histories, people, sign_answers
from coach.store.asking import Asked
from coach.store.tables import Person, key
from coach.summary.clinician.report import Report, Told, report
from coach.summary.content import NOTHING_AHEAD, Ahead, Letter, letter
from coach.weeks import IsoWeek, day_of
from config.messages import Messages, catalogue


def trend_of(week: IsoWeek) -> list[IsoWeek]:
    """The weeks up to and with one that its page looks back on, oldest first."""
    return week.and_before(TREND_WEEKS)


def summary_of(session: Session, person: Person, week: IsoWeek, now: datetime) -> Letter:
    """The weekly summary of a person, worded; with the step on offer, where the week is the last that has closed."""
    history = _history(session, person, week, now)
    return letter_of(session, person, week, history, stand(history, now), now)


def report_of(session: Session, person: Person, week: IsoWeek, now: datetime, words: Messages | None = None) -> Report:
    """The same week for a clinician; without `words` in the person's language."""
    history = _history(session, person, week, now)
    seen = _seen(session, person, week, history, stand(history, now), now)
    starts_at, ends_at = week.starts_at(history.zone), week.ends_at(history.zone)
    return report(
        name=person.name,
        zone=history.zone,
        judged=seen.judged,
        trend=seen.trend,
        ahead=seen.ahead,
        told=Told(
            answers=sign_answers.of(session, key(person), starts_at, ends_at),
            locks=[each for each in history.locks if starts_at <= each.raised_at < ends_at],
        ),
        words=words or catalogue(person.language),
    )


def letter_of(
    asked: Asked, person: people.Someone, week: IsoWeek, history: History, stood: Standing, now: datetime
) -> Letter:
    """The letter of a week, where its history and the standing are known already."""
    seen = _seen(asked, person, week, history, stood, now)
    return letter(
        name=person.name,
        emergency_number=person.emergency_number,
        judged=seen.judged,
        trend=seen.trend,
        ahead=seen.ahead,
        concerns=concerns(seen.judged.flares, now, history.zone) if seen.is_last else (),
        words=catalogue(person.language),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A week, judged, the last ones up to it from the first plan on, and what lies ahead; `is_last`: no later one has
    closed.
    """

    judged: JudgedWeek
    trend: Sequence[PastWeek]
    ahead: Ahead
    is_last: bool


def _seen(
    asked: Asked, person: people.Someone, week: IsoWeek, history: History, stood: Standing, now: datetime
) -> _Seen:
    is_last = stood.week.adherence.week == week
    judged = stood.week if is_last else judge_week(history, week, now)
    weeks = [*past_weeks(asked, person, trend_of(week)[:-1], now), in_short(judged)]
    offer = stood.offer if is_last and not stood.waits else None
    version = history.version_on(week.next.sunday)
    nothing = stood.locked or version is None
    return _Seen(
        judged=judged,
        trend=[*dropwhile(lambda each: each.status is Status.NO_PLAN, weeks)],
        ahead=NOTHING_AHEAD if nothing or version is None else Ahead(version.plan, offer),
        is_last=is_last,
    )


def _history(session: Session, person: Person, week: IsoWeek, now: datetime) -> History:
    """One serves the week and the standing."""
    running = IsoWeek.of(day_of(now, ZoneInfo(person.timezone)))
    return histories.load(session, person, min(week, running.previous), max(week, running))
