"""Which exercise a recording is, and its figures in one line."""

from typing import Any

import numpy as np
import pytest

from coach.effort import efforts_of, kind_of, totals_of
from coach.plan import Exercise

NAN = float("nan")


@pytest.mark.parametrize(
    ("sport", "sub_sport", "position", "exercise", "reason"),
    [
        ("walking", None, False, "level_walk", "recorded as walking"),
        ("walking", "generic", True, "level_walk", "recorded as walking"),
        ("walking", "treadmill", False, "level_walk", "recorded as walking"),
        ("hiking", None, True, "level_walk", "recorded as hiking"),
        ("swimming", "lap_swimming", False, "swim", "recorded as swimming"),
        ("swimming", "open_water", True, "swim", "recorded as swimming"),
        ("cycling", "indoor_cycling", False, "exercise_bike", "recorded as indoor_cycling"),
        ("cycling", "indoor_cycling", True, "exercise_bike", "recorded as indoor_cycling"),  # virtual GPS
        ("cycling", "spin", False, "exercise_bike", "recorded as spin"),
        ("cycling", "virtual_activity", True, "exercise_bike", "recorded as virtual_activity"),
        ("cycling", "generic", False, "exercise_bike", "a ride without any position is taken for an exercise bike"),
        ("cycling", None, False, "exercise_bike", "a ride without any position is taken for an exercise bike"),
        ("cycling", "generic", True, "outdoor_ride", "recorded outdoors"),
        ("cycling", None, True, "outdoor_ride", "recorded outdoors"),
        ("cycling", "road", True, "outdoor_ride", "recorded outdoors"),
        ("cycling", "road", False, "outdoor_ride", "recorded as road"),
        ("running", None, True, None, "running is not part of any plan"),
        ("transition", None, False, None, "transition is not part of any plan"),
        ("generic", None, False, None, "generic is not part of any plan"),
        ("fitness_equipment", "indoor_cycling", False, "exercise_bike", "recorded as indoor_cycling"),
        ("fitness_equipment", "indoor_walking", False, "level_walk", "recorded as indoor_walking"),
        ("fitness_equipment", "elliptical", False, None, "fitness_equipment is not part of any plan"),
        ("fitness_equipment", "treadmill", False, None, "fitness_equipment is not part of any plan"),  # or a run
    ],
)
def test_the_kind_and_why(
    bench: Any, sport: str, sub_sport: str | None, position: bool, exercise: str | None, reason: str
) -> None:
    where = {"latitude_deg": 48.0, "longitude_deg": 7.0} if position else {}
    kind = kind_of(bench.recording(10, sport=sport, sub_sport=sub_sport, **where))
    assert (kind.exercise, kind.reason) == (exercise, reason)


@pytest.mark.parametrize("sport", ["running", "fitness_equipment"])
@pytest.mark.parametrize("sub_sport", ["treadmill", "indoor_running"])
@pytest.mark.parametrize(("strides", "walked"), [(55, True), (70, True), (71, False), (85, False), (0, False)])
def test_a_treadmill_is_walked_on_at_a_walking_cadence(
    bench: Any, sport: str, sub_sport: str, strides: int, walked: bool
) -> None:
    kind = kind_of(bench.recording(600, sport=sport, sub_sport=sub_sport, cadence_rpm=strides))
    assert kind.exercise == (Exercise.LEVEL_WALK if walked else None)
    assert kind.reason == ("a treadmill at a walking cadence" if walked else f"{sport} is not part of any plan")


def test_a_run_outdoors_is_none_at_any_cadence(bench: Any) -> None:
    assert kind_of(bench.recording(600, sport="running", cadence_rpm=55)).exercise is None


def test_what_no_plan_asks_for_has_no_efforts_and_has_its_totals(bench: Any) -> None:
    run = bench.recording(600, sport="running", distance_m=np.arange(601) * 3.0)
    assert efforts_of(run, None) == ()
    totals = totals_of(run, ())
    assert (totals.elapsed_s, totals.moving_s, totals.distance_m) == (600, 600, 1800)


def test_the_totals_are_those_of_the_records(bench: Any) -> None:
    walk = bench.recording(
        600,
        timer=[(0, 500)],
        distance_m=np.minimum(np.arange(601), 400) * 1.2,
        heart_rate_bpm=np.where(np.arange(601) < 300, 90, 110),
        cadence_rpm=np.where(np.arange(601) < 400, 52, 0),
        power_w=[NAN] * 600 + [50],
    )
    totals = totals_of(walk, efforts_of(walk, Exercise.LEVEL_WALK))
    assert totals.elapsed_s == 600
    assert totals.timer_s == 500
    assert totals.moving_s == pytest.approx(400, abs=1)
    assert totals.distance_m == pytest.approx(480)
    assert totals.avg_heart_rate_bpm == pytest.approx(100, abs=0.1)
    assert totals.max_heart_rate_bpm == 110
    assert totals.avg_cadence_rpm == 52
    assert totals.avg_power_w == 50
    assert totals.ascent_m is None


def test_what_is_not_known_is_none_and_never_zero(bench: Any) -> None:
    empty = bench.recording(time_s=np.empty(0), seconds=0, timer=[])
    totals = totals_of(empty, ())
    assert {getattr(totals, name) for name in totals.__dataclass_fields__} == {None}


def test_a_pool_is_as_far_as_its_active_lengths(bench: Any) -> None:
    lengths = [(0, 40, True), (40, 60, False), (60, 100, True), (100, 140, True)]
    swim = bench.recording(
        140, sport="swimming", time_s=[40, 100, 140], distance_m=[25, 50, 70], lengths=lengths, pool_length_m=25.0
    )
    assert totals_of(swim, efforts_of(swim, Exercise.SWIM)).distance_m == 75


def test_a_ride_moves_while_it_is_pedalled(bench: Any) -> None:
    ride = bench.recording(600, sport="cycling", power_w=np.where(np.arange(601) < 300, 60, 0))
    assert totals_of(ride, efforts_of(ride, Exercise.EXERCISE_BIKE)).moving_s == 300
