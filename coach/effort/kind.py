"""Which exercise of a plan a recording is, and why we think so."""

from dataclasses import dataclass
from typing import Final

from coach.plan.model import Exercise
from devices.recording import Recording

# A trainer's virtual ride has virtual GPS: a position never makes a ride an outdoor one, its sub-sport does.
_INDOOR_RIDES: Final = frozenset({"indoor_cycling", "spin", "virtual_activity"})
_UNSPECIFIED: Final = frozenset({None, "generic"})
_WALKS: Final = frozenset({"walking", "hiking"})


@dataclass(frozen=True, slots=True)
class Kind:
    """`exercise` is None for sports that no plan asks for; they are kept and shown, and count for nothing."""

    exercise: Exercise | None
    reason: str


def kind_of(recording: Recording) -> Kind:
    """The exercise by FIT sport and sub-sport; a ride that says neither is indoor if it has no position."""
    sport, sub_sport = recording.sport, recording.sub_sport
    if sport in _WALKS:
        return Kind(Exercise.LEVEL_WALK, f"recorded as {sport}")
    if sport == "swimming":
        return Kind(Exercise.SWIM, f"recorded as {sport}")
    if sport != "cycling":
        return Kind(None, f"{sport} is not part of any plan")
    if sub_sport in _INDOOR_RIDES:
        return Kind(Exercise.EXERCISE_BIKE, f"recorded as {sub_sport}")
    if sub_sport in _UNSPECIFIED and not recording.has_position:
        return Kind(Exercise.EXERCISE_BIKE, "a ride without any position is taken for an exercise bike")
    return Kind(Exercise.OUTDOOR_RIDE, "recorded outdoors" if recording.has_position else f"recorded as {sub_sport}")
