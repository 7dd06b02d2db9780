"""A stored person's weeks, judged: the history is loaded, and `coach.judgement` asked."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session

from coach.adherence import WeekAdherence
from coach.alone import alone
from coach.judgement import JudgedWeek, Standing, judge_week, judge_weeks, stand
from coach.past import STILL_TOLD, TREND_WEEKS, PastWeek, in_short, settled_at
from coach.store import histories, kept, people
from coach.store.asking import Asked
from coach.store.engine import kept_open, reading, writing
from coach.store.tables import Person, key
from coach.weeks import IsoWeek, day_of
from scheduler.turns import leave_room

log = logging.getLogger(__name__)

# By the zone that is the last to begin a day (UTC-12).
_WESTERNMOST: Final = timedelta(hours=12)


def judged_week(session: Session, person: Person, week: IsoWeek, now: datetime) -> JudgedWeek:
    """`judge_week`, of a person in the store."""
    return judge_week(histories.load(session, person, week, week), week, now)


def weeks_until(session: Session, person: Person, week: IsoWeek, count: int, now: datetime) -> list[WeekAdherence]:
    """The last `count` weeks up to and with `week`, oldest first."""
    wanted = week.and_before(count)
    history = histories.load(session, person, wanted[0], week)
    return [judge_week(history, each, now).adherence for each in wanted]


def standing(session: Session, person: Person, now: datetime) -> Standing:
    """`stand`, of a person in the store."""
    running = IsoWeek.of(day_of(now, ZoneInfo(person.timezone)))
    return stand(histories.load(session, person, running.previous, running), now)


def past_weeks(asked: Asked, person: people.Someone, weeks: Sequence[IsoWeek], now: datetime) -> list[PastWeek]:
    """These weeks in one line each: as they are kept, or else judged. Nothing is written."""
    if not weeks:
        return []
    known = kept.of(asked, [key(person)], min(weeks), max(weeks), now)[key(person)]
    known |= {each.week: each for each in _in_short(asked, person, [each for each in weeks if each not in known], now)}
    return [known[each] for each in weeks]


def weeks_kept(
    engine: Engine, person_ids: Sequence[int], last: IsoWeek, count: int, now: datetime
) -> Mapping[int, Sequence[PastWeek]]:
    """Of each person the `count` weeks up to and with `last` that are settled, oldest first, in one line each.

    What is not kept yet is judged in one go and kept, person by person: others may write in between.
    """
    weeks = last.and_before(count)
    with kept_open(engine):
        with reading(engine) as session:
            found = kept.of(session, person_ids, weeks[0], last, now)
            zones = people.zones(session, person_ids)
        for number, zone in zones.items():
            known = found[number]
            lacking = [each for each in weeks if each not in known and settled_at(each, zone) <= now]
            if lacking:
                with writing(engine, number) as session:
                    known |= _kept_now(session, number, lacking, now)
    return {number: [lines[week] for week in weeks if week in lines] for number, lines in found.items()}


def last_settled(now: datetime) -> IsoWeek:
    """The last week that is settled wherever people are."""
    return IsoWeek.of((now - STILL_TOLD - _WESTERNMOST).date()).previous


def keep_weeks(engine: Engine, now: datetime) -> int:
    """Judge and keep what is settled, as far back as letters look: on Monday morning it is there. Gives of how many
    persons something was kept.
    """
    with reading(engine) as session:
        persons = lacking(session, now)
    return keep_each(engine, persons, now)


def lacking(session: Session, now: datetime) -> Sequence[int]:
    """The persons of whom something is not kept that could be."""
    return kept.lacking(session, last_settled(now), TREND_WEEKS)


def keep_each(engine: Engine, persons: Sequence[int], now: datetime) -> int:
    """Judge and keep what is settled of these; what is wrong with one of them stops no other, and others who write
    find room in between.
    """
    done = 0
    with kept_open(engine):
        for number in persons:
            with alone(log, "person=%d no weeks kept", number):
                weeks_kept(engine, [number], last_settled(now), TREND_WEEKS, now)
                done += 1
            leave_room(engine.dialect)
    return done


def _kept_now(session: Session, person_id: int, weeks: Sequence[IsoWeek], now: datetime) -> Mapping[IsoWeek, PastWeek]:
    person = kept.hold_still(session, person_id)
    if person is None:
        return {}
    lines = _in_short(session, person, weeks, now)
    kept.keep(session, person_id, ZoneInfo(person.timezone), lines)
    return {each.week: each for each in lines}


def _in_short(asked: Asked, person: people.Someone, weeks: Sequence[IsoWeek], now: datetime) -> list[PastWeek]:
    if not weeks:
        return []
    history = histories.load(asked, person, min(weeks), max(weeks))
    return [in_short(each) for each in judge_weeks(history, weeks, now)]
