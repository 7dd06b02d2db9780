"""How hard a session felt (Borg, 6-20): asked where the plan goes by that, and nobody has said."""

from coach.plan.felt import goes_by_effort
from coach.plan.model import Exercise, Plan
from config.messages.catalogue import Messages


def question(
    activity_id: int, exercise: Exercise | None, borg: float | None, plan: Plan | None, words: Messages
) -> str | None:
    """How it can be told of a session; None where it is known, or says nothing under the plan."""
    asked = borg is None and exercise is not None and plan is not None and goes_by_effort(exercise, plan)
    return words.text("effort.ask", activity=activity_id) if asked else None
