"""What is worth saying of a session to whoever has just told of it. For every face of the program."""

from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.felt import question
from coach.hot_water import advice
from coach.plan.model import Exercise
from coach.store import people
from coach.store.activities import Measured
from coach.store.labels import borg_told
from coach.store.tables import Person, key
from coach.weeks import day_of
from config.messages import catalogue


def cautions(session: Session, person: Person, measured: Measured) -> list[str]:
    """Of hot water, of a bad shoulder, and the question of how hard it felt where the plan goes by that."""
    row, label = measured.activity, measured.label
    in_force = people.plan_on(session, key(person), day_of(row.started_at, ZoneInfo(person.timezone)))
    plan = in_force[1] if in_force else None
    found = list(advice(row.exercise, label.water_c if label else None, plan))
    if row.exercise == Exercise.SWIM and plan is not None and plan.traits.shoulder_injury:
        found.append(catalogue(person.language).text("shoulder.ask"))
    exercise = Exercise(row.exercise) if row.exercise else None
    asked = question(
        key(row), exercise, borg_told(label.borg if label else None, row.exertion), plan, catalogue(person.language)
    )
    return [*found, asked] if asked else found
