"""Where the minutes of one session went: its week is judged, and the ledger asked."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.adherence.ledger import Account, ledger
from coach.judged import judged_week
from coach.judgement import JudgedWeek
from coach.store.tables import Activity, Person
from coach.weeks import IsoWeek, day_of


def accounts_of(
    session: Session, person: Person, activity: Activity, now: datetime
) -> tuple[JudgedWeek, tuple[Account, ...]] | None:
    """The week and the account of the session that a person's activity belongs to; None where it is in no judgement,
    as one of a sport that no plan asks for.
    """
    day = day_of(activity.started_at, ZoneInfo(person.timezone))
    # What was joined across the end of a night belongs to the day on which its first recording began.
    for week in dict.fromkeys((IsoWeek.of(day), IsoWeek.of(day - timedelta(days=1)))):
        judged = judged_week(session, person, week, now)
        accounts = tuple(each for each in ledger(judged.adherence) if activity.id in each.session.activity_ids)
        if accounts:
            return judged, accounts
    return None
