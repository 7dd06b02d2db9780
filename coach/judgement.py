"""From the store to a judged week: reads what `adherence.judge` needs, and nothing more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.adherence import LOCKED_DAY, Circumstances, WeekAdherence, judge
from coach.plan import Plan
from coach.store import people, performances
from coach.store.tables import Person, key
from coach.weeks import IsoWeek

# A session before four on Monday morning belongs to Sunday: look that far past both ends of the week.
_MARGIN: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class JudgedWeek:
    """A week with the plan that it was held against; both None before the first plan."""

    adherence: WeekAdherence
    plan: Plan | None
    version: int | None


def judged_week(session: Session, person: Person, week: IsoWeek, now: datetime) -> JudgedWeek:
    """Hold a person's week against the plan that was in force on its last day."""
    zone = ZoneInfo(person.timezone)
    version, plan = people.plan_on(session, key(person), week.sunday) or (None, None)
    performed = performances.between(session, key(person), week.starts_at(zone) - _MARGIN, week.ends_at(zone) + _MARGIN)
    around = Circumstances(
        zone=zone,
        now=now,
        last_contact=people.last_contact(session, key(person)),
        excused=dict.fromkeys(people.locked_days(session, key(person), week.days), LOCKED_DAY),
        first_day=people.first_plan_day(session, key(person)),
    )
    return JudgedWeek(judge(week, plan, performed, around), plan, version)


def weeks_until(session: Session, person: Person, week: IsoWeek, count: int, now: datetime) -> list[WeekAdherence]:
    """The last `count` weeks up to and with `week`, oldest first."""
    wanted = [week]
    while len(wanted) < count:
        wanted.append(wanted[-1].previous)
    return [judged_week(session, person, each, now).adherence for each in reversed(wanted)]
