"""From columns to what a plan asks about. One module a predicate; here is who answers for which exercise."""

from collections.abc import Callable, Mapping
from typing import Final

from coach.effort import cadence, cycling, grade, swimming, walking
from coach.effort.algorithm import ALGORITHM
from coach.effort.body import Body, Zones, zones
from coach.effort.grid import Grid
from coach.effort.kind import Kind, kind_of
from coach.effort.model import Effort, Exclusion, Predicate, Reason
from coach.effort.totals import totals_of
from coach.plan.model import Exercise
from devices.recording import Recording

__all__ = [
    "ALGORITHM",
    "Body",
    "Effort",
    "Exclusion",
    "Kind",
    "Predicate",
    "Reason",
    "Zones",
    "efforts_of",
    "kind_of",
    "totals_of",
    "zones",
]

_Measure = Callable[[Grid], tuple[Effort, ...]]

_MEASURES: Final[Mapping[Exercise, tuple[_Measure, ...]]] = {
    Exercise.LEVEL_WALK: (walking.efforts, cadence.efforts, grade.efforts),
    Exercise.EXERCISE_BIKE: (cycling.efforts,),
    Exercise.OUTDOOR_RIDE: (cycling.efforts,),
    Exercise.SWIM: (swimming.efforts,),
}


def efforts_of(recording: Recording, exercise: Exercise | None) -> tuple[Effort, ...]:
    """Every predicate that bears on the exercise, put to the recording; nothing for other sports."""
    if exercise is None:
        return ()
    grid = Grid(recording)
    return tuple(effort for measure in _MEASURES.get(exercise, ()) for effort in measure(grid))
