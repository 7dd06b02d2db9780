"""When a person was last heard: they did something, or said something. A sync that brought nothing is neither."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import String, cast, func, select, union_all

from coach.store.asking import PERSON, Asked, ask, moment
from coach.store.tables import Activity, PlanVersion
from coach.store.told import CheckInRow, ExcusalRow, FlareRow, SignAnswers, StepChoice
from scheduler.tables import NUDGE

_NOW: Final = moment("now")
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
_LATEST: Final = union_all(
    *(select(func.max(at).label("at")).where(who == PERSON, at <= _NOW) for at, who in _SIGNS_OF_LIFE),
    select(func.max(NUDGE.c.answered_at)).where(
        NUDGE.c.recipient_id == cast(PERSON, String), NUDGE.c.answered_at <= _NOW
    ),
)


def last(asked: Asked, person_id: int, now: datetime) -> datetime | None:
    """The latest sign of life until now; None for none."""
    found = ask(asked, _LATEST, person=person_id, now=now)
    return max((at for (at,) in found if at is not None), default=None)
