"""What persons said of activities, in and out of the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from coach.effort.borg import borg_of_cr10
from coach.labels import Like, Memory, Said
from coach.plan.model import Exercise
from coach.store.asking import PERSON, ask
from coach.store.tables import Activity, ActivityLabel


class Saying(NamedTuple):
    """What a recording was said to have been, and when; the next like it counts as the same."""

    at: datetime
    like: Like
    said: Said


_SAID: Final = (
    sql_select(
        *(ActivityLabel.said_at, Activity.sport, Activity.sub_sport, Activity.manufacturer, Activity.product),  # type: ignore[call-overload]
        *(ActivityLabel.exercise, ActivityLabel.activity_id),
    )
    .join(Activity, col(Activity.id) == ActivityLabel.activity_id)
    .where(
        col(Activity.person_id) == PERSON,
        col(Activity.original_id).is_not(None),
        col(ActivityLabel.exercise).is_not(None),
    )
    .order_by(col(ActivityLabel.said_at), col(ActivityLabel.activity_id))
)


def said(session: Session, person_id: int) -> list[Saying]:
    """All that the person said of their recordings' exercise, in the order of time."""
    rows = ask(session, _SAID, person=person_id)
    return [Saying(at, Like(*like), Said(Exercise(exercise), number)) for at, *like, exercise, number in rows]


def memory(sayings: Sequence[Saying], until: datetime | None = None) -> Memory:
    """What counts for a recording that comes now, or came in at that time: of those alike, the last that was said."""
    return {each.like: each.said for each in sayings if until is None or each.at <= until}


def of(session: Session, activity_ids: Sequence[int]) -> Mapping[int, ActivityLabel]:
    rows = session.exec(select(ActivityLabel).where(col(ActivityLabel.activity_id).in_(activity_ids)))
    return {row.activity_id: row for row in rows}


def borg_told(told: int | None, exertion: float | None) -> float | None:
    """How hard it felt, 6-20: as the person told us; else as they told their watch, 0-10."""
    if told is not None:
        return float(told)
    return None if exertion is None else borg_of_cr10(exertion)


def say(
    session: Session,
    activity_id: int,
    at: datetime,
    *,
    exercise: Exercise | None = None,
    borg: int | None = None,
    water_c: float | None = None,
) -> None:
    """Keep what is said of an activity; None leaves what was said before. `said_at` is that of the exercise."""
    if exercise is None and borg is None and water_c is None:
        return
    row = session.get(ActivityLabel, activity_id) or ActivityLabel(activity_id=activity_id, said_at=at)
    if exercise is not None and exercise != row.exercise:
        row.exercise, row.said_at = exercise, at
    row.borg = row.borg if borg is None else borg
    row.water_c = row.water_c if water_c is None else water_c
    session.add(row)
    session.flush()


def forget(session: Session, activity_id: int) -> bool:
    """Whether there was anything to forget."""
    row = session.get(ActivityLabel, activity_id)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True
