"""Which exercise of a plan a recording is, and why we think so."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from coach.effort.median import median
from coach.plan.model import Exercise
from coach.plan.thresholds import thresholds
from devices.recording import Recording

# A trainer's virtual ride has virtual GPS: a position never makes a ride an outdoor one, its sub-sport does.
_INDOOR_RIDES: Final = frozenset({"indoor_cycling", "spin", "virtual_activity"})
_UNSPECIFIED: Final = frozenset({None, "generic"})
_WALKS: Final = frozenset({"walking", "hiking"})
_TREADMILLS: Final = frozenset({"treadmill", "indoor_running", "indoor_walking"})
# FIT gives machines two names: the sport with an indoor sub-sport, or this sport with the same sub-sport.
_MACHINES: Final = "fitness_equipment"


@dataclass(frozen=True, slots=True)
class Kind:
    """`exercise` is None for sports that no plan asks for; they are kept and shown, and count for nothing."""

    exercise: Exercise | None
    reason: str


def kind_of(recording: Recording) -> Kind:
    """The exercise by FIT sport and sub-sport.

    FIT has no sport for exercise in the water that is not swimming: such a recording is what the person says it was
    (`coach.labels`).
    """
    sport = recording.sport
    if sport in _WALKS:
        return Kind(Exercise.LEVEL_WALK, f"recorded as {sport}")
    if sport == "swimming":
        return Kind(Exercise.SWIM, f"recorded as {sport}")
    if sport in ("running", _MACHINES) and recording.sub_sport in _TREADMILLS:
        return _on_treadmill(recording)
    if sport == "cycling" or (sport == _MACHINES and recording.sub_sport in _INDOOR_RIDES):
        return _ride(recording)
    return Kind(None, f"{sport} is not part of any plan")


def _on_treadmill(recording: Recording) -> Kind:
    """What was recorded as a run, or as a machine only, is a walk at a walking cadence."""
    if recording.sub_sport == "indoor_walking":
        return Kind(Exercise.LEVEL_WALK, "recorded as indoor_walking")
    if _at_walking_cadence(recording):
        return Kind(Exercise.LEVEL_WALK, "a treadmill at a walking cadence")
    return Kind(None, f"{recording.sport} is not part of any plan")


def _ride(recording: Recording) -> Kind:
    """One that says neither indoors nor out is indoor if it has no position."""
    sub_sport = recording.sub_sport
    if sub_sport in _INDOOR_RIDES:
        return Kind(Exercise.EXERCISE_BIKE, f"recorded as {sub_sport}")
    if sub_sport in _UNSPECIFIED and not recording.has_position:
        return Kind(Exercise.EXERCISE_BIKE, "a ride without any position is taken for an exercise bike")
    return Kind(Exercise.OUTDOOR_RIDE, "recorded outdoors" if recording.has_position else f"recorded as {sub_sport}")


def _at_walking_cadence(recording: Recording) -> bool:
    """Strides of one leg at most as many as walking has; runs have 75 and more. Unknown is no walk."""
    cadence_rpm = recording.column("cadence_rpm")
    stepping = np.empty(0) if cadence_rpm is None else cadence_rpm[cadence_rpm > 0]
    return bool(stepping.size and median(stepping) <= thresholds().walking.already_doubled_above_rpm)
