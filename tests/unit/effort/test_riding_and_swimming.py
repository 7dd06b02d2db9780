"""Pedalling and swimming: which seconds count."""

from typing import Any

import numpy as np
import pytest

from coach.effort import Reason


class TestPedalling:
    """Timer seconds with cadence, power or speed above zero."""

    @pytest.mark.parametrize("sign", ["cadence_rpm", "power_w", "speed_mps"])
    @pytest.mark.parametrize("exercise", ["exercise_bike", "outdoor_ride"])
    def test_any_sign_will_do(self, bench: Any, sign: str, exercise: str) -> None:
        signs = {"cadence_rpm": 0, "power_w": 0, "speed_mps": 0, sign: np.where(np.arange(601) < 300, 5, 0)}
        ride = bench.efforts(bench.recording(600, sport="cycling", **signs), exercise)["pedalling"]
        assert ride.minutes == 5
        assert [(*each.span, each.reason) for each in ride.excluded] == [(300, 600, Reason.NOT_PEDALLING)]

    def test_without_any_sign_the_timer_s_minutes_count_and_it_says_so(self, bench: Any) -> None:
        ride = bench.efforts(bench.recording(600, heart_rate_bpm=100, timer=[(0, 240)]), "exercise_bike")["pedalling"]
        assert ride.minutes == 4
        assert ride.note is not None
        assert "timer" in ride.note

    def test_a_pause_never_counts(self, bench: Any) -> None:
        recording = bench.recording(600, power_w=60, timer=[(0, 200), (400, 600)])
        ride = bench.efforts(recording, "exercise_bike")["pedalling"]
        assert ride.minutes * 60 == 400
        assert {each.reason for each in ride.excluded} == {Reason.PAUSED}

    def test_what_was_not_recorded_was_not_pedalled_and_not_idle_either(self, bench: Any) -> None:
        recording = bench.recording(time_s=[*range(301), *range(500, 601)], power_w=60)
        ride = bench.efforts(recording, "exercise_bike")["pedalling"]
        assert [(*each.span, each.reason) for each in ride.excluded] == [(301, 500, Reason.NO_DATA)]


class TestSwimming:
    """Timer seconds with rests of at most a minute."""

    def swim(self, bench: Any, *lengths: tuple[float, float, bool], seconds: float = 600, **given: Any) -> Any:
        ends = [0, *(end for _, end, _ in lengths)]
        recording = bench.recording(seconds, sport="swimming", time_s=ends, lengths=lengths, **given)
        return bench.efforts(recording, "swim")["swimming"]

    @pytest.mark.parametrize(("rest", "counts"), [(20, True), (60, True), (61, False), (200, False)])
    def test_a_rest_of_a_minute_is_swimming_a_longer_one_is_not(self, bench: Any, rest: int, counts: bool) -> None:
        swim = self.swim(bench, (0, 100, True), (100, 100 + rest, False), (100 + rest, 600, True))
        assert swim.minutes * 60 == (600 if counts else 600 - rest)
        assert [(*each.span, each.reason) for each in swim.excluded] == (
            [] if counts else [(100, 100 + rest, Reason.LONG_REST)]
        )

    def test_two_idle_lengths_in_a_row_are_one_rest(self, bench: Any) -> None:
        swim = self.swim(bench, (0, 100, True), (100, 140, False), (140, 180, False), (180, 600, True))
        assert swim.minutes * 60 == 520

    def test_two_rests_with_a_length_between_are_two(self, bench: Any) -> None:
        swim = self.swim(bench, (0, 100, True), (100, 140, False), (140, 180, True), (180, 220, False))
        assert swim.minutes == 10

    def test_a_pause_never_counts(self, bench: Any) -> None:
        swim = self.swim(bench, (0, 600, True), timer=[(0, 300), (350, 600)])
        assert swim.minutes * 60 == 550

    def test_in_open_water_the_timer_counts(self, bench: Any) -> None:
        assert self.swim(bench, seconds=900).minutes == 15
