"""How hard somebody has ridden so far."""

from sqlmodel import Session, col, func, select

from coach.plan.model import Exercise
from coach.store.tables import Activity, ActivityTotals


def highest_mean_w(session: Session, person_id: int, exercise: Exercise) -> float | None:
    """The highest mean power of a session of that exercise; None where no power was recorded."""
    return session.exec(
        select(func.max(ActivityTotals.avg_power_w))
        .join(Activity, col(Activity.id) == col(ActivityTotals.activity_id))
        .where(Activity.person_id == person_id, Activity.exercise == exercise.value)
    ).one()
