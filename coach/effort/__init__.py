"""From columns to what a plan asks about. One module a predicate; here is who answers for which exercise."""

from collections.abc import Callable, Mapping
from typing import Final

from coach.effort import cadence, cycling, grade, intensity, strokes, swimming, walking, water
from coach.effort.algorithm import ALGORITHM
from coach.effort.body import Body, Zones, zones
from coach.effort.grid import Grid
from coach.effort.kind import Kind, kind_of
from coach.effort.model import Effort, Exclusion, Predicate, Reason
from coach.effort.told import efforts_told
from coach.effort.totals import totals_of
from coach.plan.exercises import facts
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
    "efforts_told",
    "kind_of",
    "totals_of",
    "zones",
]

_NOBODY: Final = Body()
_Measure = Callable[[Grid], tuple[Effort, ...]]

_WATER: Final = (water.efforts,)
_MEASURES: Final[Mapping[Exercise, tuple[_Measure, ...]]] = {
    Exercise.LEVEL_WALK: (walking.efforts, cadence.efforts, grade.efforts),
    Exercise.EXERCISE_BIKE: (cycling.efforts,),
    Exercise.OUTDOOR_RIDE: (cycling.efforts,),
    Exercise.SWIM: (swimming.efforts, strokes.efforts),
    Exercise.POOL_WALK: _WATER,
    Exercise.DEEP_WATER_WALK: _WATER,
    Exercise.DEEP_WATER_RUN: _WATER,
    Exercise.HOT_POOL_EXERCISE: _WATER,
}


def efforts_of(recording: Recording, exercise: Exercise | None, body: Body = _NOBODY) -> tuple[Effort, ...]:
    """Every predicate that bears on the exercise, put to the recording; nothing for other sports."""
    if exercise is None:
        return ()
    grid = Grid(recording)
    found = [effort for measure in _MEASURES.get(exercise, ()) for effort in measure(grid)]
    return (*found, *intensity.efforts(grid, body, facts(exercise).family))
