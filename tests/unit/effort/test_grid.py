"""A recording on whole seconds."""

from typing import Any

import numpy as np
import pytest

from coach.effort import Reason
from coach.effort.grid import Grid

NAN = float("nan")


def test_between_two_records_lies_the_line_between_them(bench: Any) -> None:
    grid = Grid(bench.recording(time_s=[0, 4, 8, 12], heart_rate_bpm=[80, 84, 84, 96]))
    assert grid.seconds == 12
    column = grid.column("heart_rate_bpm")
    assert column is not None
    assert column.tolist() == [80, 81, 82, 83, 84, 84, 84, 84, 84, 87, 90, 93]


def test_a_missing_value_is_bridged_by_its_neighbours(bench: Any) -> None:
    column = Grid(bench.recording(4, power_w=[10, NAN, 30, NAN, 50])).column("power_w")
    assert column is not None
    assert column.tolist() == [10, 20, 30, 40]


@pytest.mark.parametrize(("gap", "known"), [(60, True), (61, False)])
def test_past_a_minute_nobody_knows_what_happened(bench: Any, gap: int, known: bool) -> None:
    column = Grid(bench.recording(time_s=[0, 10, 10 + gap, 20 + gap], power_w=50)).column("power_w")
    assert column is not None
    inside = column[11 : 10 + gap]
    assert (~np.isnan(inside)).all() if known else np.isnan(inside).all()
    assert not np.isnan(column[:11]).any()
    assert not np.isnan(column[10 + gap :]).any()


def test_a_value_holds_for_half_a_minute_past_the_first_and_the_last(bench: Any) -> None:
    values = [NAN] * 101
    values[50] = 7.0
    column = Grid(bench.recording(100, power_w=values)).column("power_w")
    assert column is not None
    assert np.flatnonzero(~np.isnan(column)).tolist() == list(range(20, 81))


@pytest.mark.parametrize("last", [3 * 24 * 3600.0, 40 * 365 * 24 * 3600.0])
def test_an_absurd_clock_does_not_make_a_year_of_seconds(bench: Any, last: float) -> None:
    recording = bench.recording(time_s=[0, 1, 2, last], timer=[(0, last)], distance_m=[0, 1, 2, 3], cadence_rpm=50)
    assert Grid(recording).seconds == 48 * 3600
    assert bench.efforts(recording)  # and nothing warns


def test_records_that_are_all_past_the_end_say_nothing(bench: Any) -> None:
    far = 60 * 3600.0
    recording = bench.recording(time_s=[far, far + 5], timer=[(0, 600)], distance_m=[0, 5], cadence_rpm=50)
    assert Grid(recording).speed_mps is None
    assert bench.efforts(recording)["moving"].spans == ()


@pytest.mark.parametrize("timer", [[(0, 0)], [(0, 1)], [(0, 20)], [(0, 600)], []])
def test_a_single_record_is_no_fault(bench: Any, timer: Any) -> None:
    recording = bench.recording(
        time_s=[0], timer=timer, distance_m=[0], altitude_m=[5], cadence_rpm=[50], speed_mps=[1], power_w=[50]
    )
    for exercise in ("level_walk", "exercise_bike", "swim"):
        assert bench.efforts(recording, exercise)


def test_no_record_at_all_is_no_fault(bench: Any) -> None:
    empty = bench.recording(time_s=np.empty(0), seconds=0, timer=[])
    assert Grid(empty).seconds == 0
    for exercise in ("level_walk", "exercise_bike", "swim"):
        assert all(not each.spans for each in bench.efforts(empty, exercise).values())


def test_a_column_without_a_value_is_none(bench: Any) -> None:
    grid = Grid(bench.recording(10, power_w=NAN))
    assert grid.column("power_w") is None
    assert grid.column("cadence_rpm") is None


def test_two_records_of_one_second_are_no_fault(bench: Any) -> None:
    column = Grid(bench.recording(time_s=[0, 1, 1, 2], power_w=[1, 2, 4, 5])).column("power_w")
    assert column is not None
    assert not np.isnan(column).any()


def test_the_timer_says_where_it_ran(bench: Any) -> None:
    grid = Grid(bench.recording(10, timer=[(0, 3), (6, 10)]))
    assert np.flatnonzero(grid.running).tolist() == [0, 1, 2, 6, 7, 8, 9]


def test_every_second_that_did_not_count_has_one_reason(bench: Any) -> None:
    """Paused, nothing recorded, or standing still: a gap in the records is not a rest."""
    time_s = [*range(301), *range(500, 701)]
    speed = np.where(np.asarray(time_s) < 600, 1.2, 0.0)
    moving = bench.walk(time_s=time_s, timer=[(0, 100), (160, 700)], speed_mps=speed)["moving"]
    assert [(*each.span, each.reason) for each in moving.excluded] == [
        (100, 160, Reason.PAUSED),
        (301, 500, Reason.NO_DATA),
        (600, 700, Reason.STANDING_STILL),
    ]
    assert moving.minutes * 60 == 700 - 60 - 199 - 100
