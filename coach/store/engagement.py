"""When a person was last heard: they did something, or said something. A sync that brought nothing is neither."""

from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, func, select

from coach.store.tables import Activity, CheckInRow, ExcusalRow, FlareRow, PlanVersion, SignAnswers, StepChoice
from scheduler.tables import Nudge

_SIGNS_OF_LIFE: Final[tuple[tuple[Any, Any], ...]] = (
    (Activity.ended_at, Activity.person_id),
    (CheckInRow.at, CheckInRow.person_id),
    (SignAnswers.at, SignAnswers.person_id),
    (StepChoice.at, StepChoice.person_id),
    (FlareRow.began_at, FlareRow.person_id),
    (FlareRow.ended_at, FlareRow.person_id),
    (ExcusalRow.created_at, ExcusalRow.person_id),
    (PlanVersion.created_at, PlanVersion.person_id),
)


def last(session: Session, person_id: int, now: datetime) -> datetime | None:
    """The latest sign of life until now; None for none."""
    latest = [_latest(session, at, col(who) == person_id, now) for at, who in _SIGNS_OF_LIFE]
    latest.append(_latest(session, Nudge.answered_at, col(Nudge.recipient_id) == str(person_id), now))
    return max((each for each in latest if each is not None), default=None)


def _latest(session: Session, at: Any, theirs: Any, now: datetime) -> datetime | None:
    return session.exec(select(func.max(at)).where(theirs, at <= now)).one()  # type: ignore[no-any-return]
