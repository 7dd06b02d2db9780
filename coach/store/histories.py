"""A person's history out of the database: at most one query a table, whatever the number of weeks."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Text, cast, exists
from sqlalchemy import select as sql_select
from sqlmodel import col, func

from coach.history import Choice, History, Version
from coach.past import STILL_TOLD
from coach.plan.model import Plan
from coach.safety.told import NEAR_BEFORE
from coach.store import check_ins, excusals, flares, locks, people, performances
from coach.store.asking import PERSON, UNTIL, Asked, ask, through
from coach.store.tables import Activity, PlanVersion, key
from coach.store.told import ExcusalRow, FlareRow, PlanLock, StepChoice
from coach.weeks import IsoWeek

# A session before four on Monday morning belongs to Sunday.
_MARGIN: Final = timedelta(hours=6)
# A RED of Saturday's session, told on Sunday morning, excuses Monday; a plan asks for 6 days of rest at the most.
_REST_REACHES: Final = timedelta(days=6)
# A baseline looks back on the mornings of 14 days, flares on those of 28.
_LOOKS_BACK: Final = timedelta(days=28)


def load(asked: Asked, person: people.Someone, first: IsoWeek, last: IsoWeek) -> History:
    """What the judgement of the weeks from `first` to `last` rests on."""
    whom, who = through(asked), key(person)
    zone = ZoneInfo(person.timezone)
    starts_at, ends_at = first.starts_at(zone), last.ends_at(zone)
    since = starts_at - _REST_REACHES - _MARGIN
    there = _at_a_glance(whom, who, since)
    flared = flares.of(whom, who) if there.flares else []
    lasting = min((each.began_at for each in flared if each.ended_at is None), default=starts_at)
    return History(
        zone=zone,
        versions=versions(whom, who),
        performed=performances.between(whom, who, since, ends_at + _MARGIN),
        check_ins=check_ins.with_mornings(
            *(whom, who, min(starts_at, lasting) - _LOOKS_BACK, since - NEAR_BEFORE, ends_at + STILL_TOLD)
        ),
        locks=locks.of(whom, who) if there.locks else [],
        flares=flared,
        excusals=excusals.of(whom, who) if there.excusals else [],
        choices=_choices(whom, who) if there.choices else [],
        last_before=there.last_before,
        last_contact=there.last_contact,
    )


_VERSIONS: Final = (
    sql_select(col(PlanVersion.version), cast(col(PlanVersion.document), Text))
    .where(col(PlanVersion.person_id) == PERSON)
    .order_by(col(PlanVersion.version))
)


def versions(asked: Asked, person_id: int) -> list[Version]:
    """Every version of a person's plan, in order."""
    return [Version(number, _plan(document)) for number, document in ask(asked, _VERSIONS, person=person_id)]


@lru_cache(maxsize=1024)
def _plan(document: str) -> Plan:
    """A version is never edited: read once, it serves every judgement after."""
    return Plan.model_validate_json(document)


_CHOICES: Final = (
    sql_select(col(StepChoice.week), col(StepChoice.offer), col(StepChoice.choice), col(StepChoice.at))
    .where(col(StepChoice.person_id) == PERSON)
    .order_by(col(StepChoice.week))
)


def _choices(asked: Asked, person_id: int) -> list[Choice]:
    return [Choice(*row) for row in ask(asked, _CHOICES, person=person_id)]


class _Glance(NamedTuple):
    """Of what there is seldom any, whether there is any; and two moments: to ask is most of what an answer costs."""

    flares: bool
    locks: bool
    excusals: bool
    choices: bool
    last_before: datetime | None
    last_contact: datetime | None


_AT_A_GLANCE: Final = sql_select(
    *[exists().where(col(table.person_id) == PERSON) for table in (FlareRow, PlanLock, ExcusalRow, StepChoice)],
    sql_select(func.max(Activity.started_at))
    .where(col(Activity.person_id) == PERSON, col(Activity.started_at) < UNTIL, col(Activity.exercise).is_not(None))
    .scalar_subquery(),
    people.LAST_CONTACT.scalar_subquery(),
)


def _at_a_glance(asked: Asked, person_id: int, at: datetime) -> _Glance:
    (found,) = ask(asked, _AT_A_GLANCE, person=person_id, until=at)
    return _Glance(*found)
