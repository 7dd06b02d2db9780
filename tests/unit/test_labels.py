"""What a recording can have been, and what is remembered of those like it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from coach.effort.kind import Kind
from coach.errors import UsageError
from coach.labels import Like, Said, check, faults, kind_by
from coach.plan import Exercise
from devices.recording import Device, Recording

SWIM = Recording("swimming", "lap_swimming", datetime(2026, 6, 1, 9, tzinfo=UTC), Device("garmin", "fr645m"))
MEMORY = {Like("swimming", "lap_swimming", "garmin", "fr645m"): Said(Exercise.POOL_WALK, 7)}


def test_one_like_it_counts_as_was_said() -> None:
    assert kind_by(SWIM, MEMORY) == Kind(Exercise.POOL_WALK, "as you said of activity 7")


@pytest.mark.parametrize(
    "other",
    [
        replace(SWIM, sport="walking"),
        replace(SWIM, sub_sport="open_water"),
        replace(SWIM, device=Device("garmin", "fr735xt")),
        replace(SWIM, device=Device("coros", "fr645m")),
    ],
)
def test_one_that_differs_counts_as_recorded(other: Recording) -> None:
    assert kind_by(other, MEMORY).reason == f"recorded as {other.sport}"


@pytest.mark.parametrize(
    ("sport", "exercise", "possible"),
    [
        ("cycling", "swim", "Possible: exercise_bike, outdoor_ride."),
        ("walking", "swim", "Possible: level_walk, pool_walk,"),
        ("swimming", "level_walk", "Possible: swim, pool_walk,"),
        ("tennis", "level_walk", "cannot have been an exercise of any plan"),
        ("walking", "fast_walk", "label it level_walk"),
        ("walking", "uphill_walk", "label it level_walk"),
    ],
)
def test_what_contradicts_the_sport_is_refused_with_what_is_possible(sport: str, exercise: str, possible: str) -> None:
    with pytest.raises(UsageError, match=possible):
        check(Exercise(exercise), sport)


@pytest.mark.parametrize("exercise", sorted(set(Exercise) - {Exercise.FAST_WALK, Exercise.UPHILL_WALK}))
def test_what_says_nothing_may_have_been_anything(exercise: Exercise) -> None:
    check(exercise, "generic")


@pytest.mark.parametrize(
    ("borg", "water_c", "good"),
    [
        (6, 5, True),
        (20, 45, True),
        (None, None, True),
        (5, 30, False),
        (21, 30, False),
        (10, 60, False),
        (10, 4.9, False),
        (10, float("nan"), False),
    ],
)
def test_effort_and_temperature_that_can_be_meant(borg: int | None, water_c: float | None, good: bool) -> None:
    assert (not list(faults(Exercise.POOL_WALK, borg, water_c))) == good


@pytest.mark.parametrize("exercise", [*Exercise, None])
def test_only_a_session_in_the_water_has_a_temperature(exercise: Exercise | None) -> None:
    in_water = exercise in {"swim", "pool_walk", "deep_water_walk", "deep_water_run", "hot_pool_exercise"}
    assert list(faults(exercise, 11, None)) == []
    assert list(faults(exercise, 11, 30)) == (
        [] if in_water else ["Only a session in the water has a water temperature."]
    )
