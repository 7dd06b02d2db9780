"""When activities were: what a check-in can be about."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from coach.errors import NotFoundError
from coach.store.tables import Activity
from coach.weeks import day_of


@dataclass(frozen=True, slots=True)
class Recorded:
    """When an activity was; a `coach.safety.told.Bout`."""

    activity_ids: tuple[int, ...]
    started_at: datetime
    ended_at: datetime
    day: date

    @property
    def turn(self) -> tuple[datetime, str, int]:
        """Without the hash: the phase of an answer is the same for any of those that began at once."""
        return self.started_at, "", self.activity_ids[0]


def between(session: Session, person_id: int, start: datetime, end: datetime, zone: ZoneInfo) -> list[Recorded]:
    """What could count for a plan and began in [start, end), each activity for itself, in order of time."""
    rows = session.exec(
        select(Activity.id, Activity.started_at, Activity.ended_at)
        .where(Activity.person_id == person_id, Activity.started_at >= start, Activity.started_at < end)
        .where(col(Activity.exercise).is_not(None))
        .order_by(col(Activity.started_at), col(Activity.id))
    )
    return [
        Recorded((number,), started_at, ended_at, day_of(started_at, zone))
        for number, started_at, ended_at in rows
        if number is not None
    ]


def at(session: Session, person_id: int, activity_id: int) -> datetime:
    """When an activity of the person began.

    Raises:
        NotFoundError: they have no such activity.
    """
    own = select(Activity.started_at).where(Activity.person_id == person_id, Activity.id == activity_id)
    started_at = session.exec(own).first()
    if started_at is None:
        raise NotFoundError(f"There is no activity {activity_id}. `coach activities` lists them.")
    return started_at
