"""Moving and fast: which seconds of a walk count."""

from typing import Any

import numpy as np
import pytest

from coach.effort import Reason

NAN = float("nan")


class TestMoving:
    """Speed from 0.4 m/s; cadence where there is no speed; the timer where there is neither."""

    @pytest.mark.parametrize(("speed", "counts"), [(0.4, True), (0.39, False), (0.0, False), (1.3, True)])
    def test_ground_is_covered_from_0_4_metres_a_second(self, bench: Any, speed: float, counts: bool) -> None:
        moving = bench.walk(600, speed_mps=speed)["moving"]
        assert moving.minutes == (10 if counts else 0)
        assert {each.reason for each in moving.excluded} == (set() if counts else {Reason.STANDING_STILL})

    def test_speed_is_taken_from_the_distance(self, bench: Any) -> None:
        distance = np.minimum(np.arange(601) * 1.2, 360)  # stands still from the fifth minute on
        moving = bench.walk(600, distance_m=distance)["moving"]
        assert moving.minutes * 60 == pytest.approx(300, abs=1)

    def test_a_speed_that_froze_does_not_matter_where_there_is_distance(self, bench: Any) -> None:
        for frozen in (0.0, 1.4):
            distance = np.minimum(np.arange(601) * 1.2, 360)
            moving = bench.walk(600, distance_m=distance, speed_mps=frozen)["moving"]
            assert moving.minutes * 60 == pytest.approx(300, abs=1)

    def test_a_distance_that_never_grows_does_not_hide_the_speed(self, bench: Any) -> None:
        assert bench.walk(600, distance_m=0, speed_mps=1.2)["moving"].minutes == 10

    def test_without_speed_steps_tell(self, bench: Any) -> None:
        cadence = np.where(np.arange(601) < 240, 55, 0)
        moving = bench.walk(600, cadence_rpm=cadence)["moving"]
        assert moving.minutes == 4
        assert moving.note is None

    def test_where_speed_is_missing_steps_tell(self, bench: Any) -> None:
        """Two minutes in a tunnel are no stop."""
        speed = np.where((np.arange(601) >= 200) & (np.arange(601) <= 320), NAN, 1.2)
        assert bench.walk(600, speed_mps=speed, cadence_rpm=55)["moving"].minutes == 10
        assert bench.walk(600, speed_mps=speed)["moving"].minutes < 8.1

    def test_with_neither_the_timer_s_minutes_count_and_it_says_so(self, bench: Any) -> None:
        moving = bench.walk(600, heart_rate_bpm=90, timer=[(0, 240)])["moving"]
        assert moving.minutes == 4
        assert moving.note is not None
        assert "timer" in moving.note

    def test_a_pause_never_counts(self, bench: Any) -> None:
        moving = bench.walk(600, speed_mps=1.2, timer=[(0, 200), (400, 600)])["moving"]
        assert [tuple(each) for each in moving.spans] == [(0, 200), (400, 600)]
        assert [(*each.span, each.reason) for each in moving.excluded] == [(200, 400, Reason.PAUSED)]

    @pytest.mark.parametrize("step", [1, 4, 39])
    def test_a_watch_that_writes_now_and_then_walks_as_far(self, bench: Any, step: int) -> None:
        at = np.arange(0, 1171, step)
        moving = bench.walk(time_s=at, distance_m=at * 1.2)["moving"]
        assert moving.minutes * 60 == at[-1]


class TestFast:
    """A fast minute is a 60 s mean from 100 steps; a watch counts the strides of one leg."""

    @pytest.mark.parametrize(
        ("cadence", "fast"),
        [
            (50, True),  # strides: 100 steps
            (49.5, False),
            (70, True),
            (71, False),  # above 70 it has been doubled: 71 steps are slow
            (100, True),
            (99, False),
        ],
    )
    def test_the_doubling_rule(self, bench: Any, cadence: float, fast: bool) -> None:
        assert bench.walk(600, speed_mps=1.3, cadence_rpm=cadence)["fast"].minutes == (10 if fast else 0)

    def test_the_median_of_steps_decides_not_that_of_stops(self, bench: Any) -> None:
        """90 steps a minute, already doubled, and twice as long on a bench."""
        cadence = np.where(np.arange(901) < 300, 90, 0)
        assert bench.walk(900, cadence_rpm=cadence)["fast"].spans == ()

    def test_a_rounding_error_costs_no_minute(self, bench: Any) -> None:
        cadence = np.where(np.arange(3601) % 2, 49.9, 50.1)
        assert bench.walk(3600, speed_mps=1.3, cadence_rpm=cadence)["fast"].minutes == pytest.approx(60, abs=0.1)

    @pytest.mark.parametrize("minutes", [1, 2, 10])
    def test_a_walk_that_is_brisk_throughout_is_fast_to_its_last_second(self, bench: Any, minutes: int) -> None:
        assert bench.walk(minutes * 60, speed_mps=1.3, cadence_rpm=50)["fast"].minutes == minutes

    def test_a_brisk_stretch_shorter_than_a_minute_is_none(self, bench: Any) -> None:
        at = np.arange(601)
        assert (
            bench.walk(600, speed_mps=1.3, cadence_rpm=np.where((at >= 300) & (at < 330), 55, 40))["fast"].spans == ()
        )
        assert bench.walk(50, speed_mps=1.3, cadence_rpm=55)["fast"].spans == ()

    def test_a_minute_is_the_mean_around_each_second(self, bench: Any) -> None:
        at = np.arange(601)
        fast = bench.walk(600, speed_mps=1.3, cadence_rpm=np.where((at >= 240) & (at < 360), 60, 40))["fast"]
        # Mean 100 where half of the minute is at 120 and half at 80: from edge to edge of the brisk part.
        assert fast.minutes * 60 == pytest.approx(120, abs=2)
        assert fast.spans[0].start_s == pytest.approx(240, abs=2)

    def test_one_step_missed_does_not_end_it(self, bench: Any) -> None:
        at = np.arange(601)
        assert bench.walk(600, speed_mps=1.3, cadence_rpm=np.where(at % 30 == 7, 30, 55))["fast"].minutes == 10

    def test_standing_still_is_never_fast(self, bench: Any) -> None:
        at = np.arange(601)
        walk = bench.walk(600, speed_mps=np.where(at < 300, 1.3, 0), cadence_rpm=55)
        assert walk["fast"].spans[-1].end_s <= 300

    def test_without_cadence_it_is_unknown(self, bench: Any) -> None:
        fast = bench.walk(600, speed_mps=1.3)["fast"]
        assert fast.spans == ()
        assert fast.note is not None
        assert fast.note.startswith("cadence unavailable")
