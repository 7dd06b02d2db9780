"""A stored person's weeks, judged: the history is loaded, and `coach.judgement` asked."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.adherence import WeekAdherence
from coach.judgement import JudgedWeek, Standing, judge_week, stand
from coach.store import histories
from coach.store.tables import Person
from coach.weeks import IsoWeek, day_of


def judged_week(session: Session, person: Person, week: IsoWeek, now: datetime) -> JudgedWeek:
    """`judge_week`, of a person in the store."""
    return judge_week(histories.load(session, person, week, week), week, now)


def weeks_until(session: Session, person: Person, week: IsoWeek, count: int, now: datetime) -> list[WeekAdherence]:
    """The last `count` weeks up to and with `week`, oldest first."""
    wanted = [IsoWeek.of(week.monday - timedelta(weeks=n)) for n in reversed(range(count))]
    history = histories.load(session, person, wanted[0], week)
    return [judge_week(history, each, now).adherence for each in wanted]


def standing(session: Session, person: Person, now: datetime) -> Standing:
    """`stand`, of a person in the store."""
    running = IsoWeek.of(day_of(now, ZoneInfo(person.timezone)))
    return stand(histories.load(session, person, running.previous, running), now)
