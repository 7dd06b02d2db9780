"""What is to be said with a session in hot water. It has happened: nothing is refused, the caution is told."""

from collections.abc import Iterator

from coach.plan.exercises import facts
from coach.plan.model import Exercise, HeatScreen, Plan
from coach.plan.thresholds import thresholds
from config.messages import Messages, catalogue


def advice(
    exercise: str | None, water_c: float | None, plan: Plan | None, words: Messages | None = None
) -> Iterator[str]:
    """Sentences; none where the water is not hot. A hot pool is hot whether or not its temperature is known."""
    limits = thresholds().hot_water
    if exercise is None or not facts(Exercise(exercise)).family.in_water:
        return
    if exercise != Exercise.HOT_POOL_EXERCISE and (water_c is None or water_c < limits.from_c):
        return
    text = (words or catalogue()).text
    if plan is None or plan.traits.heat_screen is not HeatScreen.CLEAR:
        yield text("hot_water.ask_clinician", degrees=f"{limits.from_c:.0f}")
    if water_c is not None and water_c > limits.never_above_c:
        yield text("hot_water.too_hot", degrees=f"{limits.never_above_c:.0f}")
    elif water_c is not None and water_c >= limits.passive_from_c:
        yield text("hot_water.passive", degrees=f"{limits.passive_from_c:.0f}", minutes=limits.passive_max_minutes)
