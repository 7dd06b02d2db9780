"""What no sensor knows: that this "pool swim" was a pool walk. A person says it once, and it is remembered.

Recordings are alike that have the same sport and sub-sport and come from the same model of device. What was said last
of one of them is what the next such file counts as.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from coach.effort.kind import Kind, kind_of
from coach.errors import UsageError
from coach.plan.exercises import can_have_been, facts
from coach.plan.model import Exercise
from devices.recording import Recording

BORG: Final = (6, 20)
# Colder is no bath, and hotter scalds.
WATER_C: Final = (5, 45)

AS_YOU_SAID: Final = "as you said"


class Like(NamedTuple):
    """What makes recordings alike."""

    sport: str
    sub_sport: str | None
    manufacturer: str | None
    product: str | None


class Said(NamedTuple):
    """What one of them was said to have been."""

    exercise: Exercise
    activity_id: int


Memory = Mapping[Like, Said]
NOTHING_SAID: Final[Memory] = {}  # not a proxy: it goes to workers


def kind_by(recording: Recording, memory: Memory) -> Kind:
    """As the person said of one like it; else as it was recorded."""
    device = recording.device
    said = memory.get(Like(recording.sport, recording.sub_sport, device.manufacturer, device.product))
    if said is None:
        return kind_of(recording)
    return Kind(said.exercise, f"{AS_YOU_SAID} of activity {said.activity_id}")


def check(exercise: Exercise, sport: str) -> None:
    """Refuse what a recording of that sport cannot have been.

    Raises:
        UsageError: with what it can have been.
    """
    possible = can_have_been(sport)
    if exercise in possible:
        return
    if exercise in (Exercise.FAST_WALK, Exercise.UPHILL_WALK):
        raise UsageError(
            f"A {facts(exercise).one} is a walk: label it {Exercise.LEVEL_WALK}, and the coach finds its fast and "
            "uphill minutes itself."
        )
    if not possible:
        raise UsageError(f"A recording of {sport} cannot have been an exercise of any plan.")
    raise UsageError(
        f"A recording of {sport} cannot have been a {facts(exercise).one}. Possible: {', '.join(possible)}."
    )


def faults(exercise: Exercise | None, borg: int | None, water_c: float | None) -> Iterator[str]:
    """What cannot be meant of an effort and of a temperature, a sentence each.

    Args:
        exercise: what the session was; None for none of a plan.
        borg: how hard it felt.
        water_c: the water's temperature.
    """
    if borg is not None and not BORG[0] <= borg <= BORG[1]:
        yield "Effort on Borg's scale is {} (none at all) to {} (all there is).".format(*BORG)
    if water_c is not None and not WATER_C[0] <= water_c <= WATER_C[1]:
        yield "The water's temperature is in degrees Celsius, {} to {}.".format(*WATER_C)
    if water_c is not None and not (exercise and facts(exercise).family.in_water):
        yield "Only a session in the water has a water temperature."
