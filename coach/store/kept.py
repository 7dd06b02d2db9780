"""What closed weeks came to, kept: judged once, read as often as one likes.

A line stays true until something changes that the week rests on; then the database itself drops it, whoever writes
(`coach.store.dropping`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, func, insert
from sqlalchemy import select as sql_select
from sqlmodel import Field, Session, SQLModel, col, select

from coach.adherence import Band, Status
from coach.past import PastWeek, settled_at
from coach.progression import DecisionKind
from coach.store.asking import PERSON, UNTIL, Asked, ask
from coach.store.judges import made_by
from coach.store.tables import Person, reference
from coach.weeks import IsoWeek
from scheduler.columns import UtcDateTime


class KeptWeek(SQLModel, table=True):
    """`coach.past.PastWeek`. `until`: what happens from then on bears on it no more."""

    __tablename__ = "kept_week"

    person_id: int = Field(sa_column=reference("person.id", primary_key=True))
    monday: date = Field(primary_key=True)
    until: datetime = Field(sa_type=UtcDateTime)
    made_by: str
    status: str
    score: float | None = None
    band: str | None = None
    mornings: int
    pain_total: int
    decision: str | None = None
    asked_minutes: int
    done_minutes: float


_SETTLED: Final = (
    sql_select(
        *(KeptWeek.person_id, KeptWeek.monday, KeptWeek.status, KeptWeek.score, KeptWeek.band, KeptWeek.mornings),  # type: ignore[call-overload]
        *(KeptWeek.pain_total, KeptWeek.decision, KeptWeek.asked_minutes, KeptWeek.done_minutes),
    )
    .where(
        col(KeptWeek.monday).between(bindparam("first"), bindparam("last")),
        col(KeptWeek.until) <= UNTIL,
        col(KeptWeek.made_by) == bindparam("made_by"),
    )
    .order_by(col(KeptWeek.monday))
)
_OF_ONE: Final = _SETTLED.where(col(KeptWeek.person_id) == PERSON)
_OF_SOME: Final = _SETTLED.where(col(KeptWeek.person_id).in_(bindparam("persons", expanding=True)))


def of(
    asked: Asked, person_ids: Iterable[int], first: IsoWeek, last: IsoWeek, now: datetime
) -> dict[int, dict[IsoWeek, PastWeek]]:
    """What is kept of these persons' weeks that are settled by now, in order of time."""
    found: dict[int, dict[IsoWeek, PastWeek]] = {number: {} for number in person_ids}
    given = {"first": first.monday, "last": last.monday, "until": now, "made_by": made_by()}
    weeks: dict[date, IsoWeek] = {}  # lines are many, weeks few
    persons = list(found)
    whose = (_OF_ONE, {"person": persons[0]}) if len(persons) == 1 else (_OF_SOME, {"persons": persons})
    for number, monday, *line in ask(asked, whose[0], **whose[1], **given):
        if (week := weeks.get(monday)) is None:
            week = weeks[monday] = IsoWeek.of(monday)
        found[number][week] = _past(week, *line)
    return found


# A line a thousand times: to look a member up costs less than to make one.
_STATUSES: Final = {each.value: each for each in Status}
_BANDS: Final = {each.value: each for each in Band}
_DECISIONS: Final = {each.value: each for each in DecisionKind}


def _past(week: IsoWeek, status: str, score: float | None, band: str | None, *rest: Any) -> PastWeek:
    mornings, pain_total, decision, asked_minutes, done_minutes = rest
    return PastWeek(
        week=week,
        status=_STATUSES[status],
        score=score,
        band=None if band is None else _BANDS[band],
        mornings=mornings,
        pain_total=pain_total,
        decision=None if decision is None else _DECISIONS[decision],
        asked_minutes=asked_minutes,
        done_minutes=done_minutes,
    )


def lacking(session: Session, last: IsoWeek, count: int) -> Sequence[int]:
    """The persons of whom not all of the `count` weeks up to and with `last` are kept."""
    first = last.and_before(count)[0]
    lines = (
        sql_select(func.count())
        .where(col(KeptWeek.person_id) == Person.id, col(KeptWeek.made_by) == made_by())
        .where(col(KeptWeek.monday) >= first.monday, col(KeptWeek.monday) <= last.monday)
        .scalar_subquery()
    )
    found = session.exec(select(Person.id).where(lines < count).order_by(col(Person.id)))
    return [number for number in found if number is not None]


def hold_still(session: Session, person_id: int) -> Person | None:
    """The person, for whom nobody writes anything until this transaction ends: what it judges is what it keeps.

    On SQLite there is one that writes at a time; PostgreSQL has the others wait for the person's row.
    """
    return session.exec(select(Person).where(Person.id == person_id).with_for_update()).first()


def keep(session: Session, person_id: int, zone: ZoneInfo, weeks: Sequence[PastWeek]) -> None:
    """Keep these, in the place of what another program made of them."""
    if not weeks:
        return
    mondays = [each.week.monday for each in weeks]
    session.execute(delete(KeptWeek).where(col(KeptWeek.person_id) == person_id, col(KeptWeek.monday).in_(mondays)))
    session.execute(insert(KeptWeek), [_row(person_id, zone, each) for each in weeks])


def _row(person_id: int, zone: ZoneInfo, past: PastWeek) -> Mapping[str, Any]:
    return {
        "person_id": person_id,
        "monday": past.week.monday,
        "until": settled_at(past.week, zone),
        "made_by": made_by(),
        "status": past.status,
        "score": past.score,
        "band": past.band,
        "mornings": past.mornings,
        "pain_total": past.pain_total,
        "decision": past.decision,
        "asked_minutes": past.asked_minutes,
        "done_minutes": past.done_minutes,
    }
