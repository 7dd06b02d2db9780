"""Pedalling and swimming: which seconds count."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coach.effort import Reason
from coach.effort.water import temperature_note

STROKES = ("freestyle", "backstroke", "breaststroke", "butterfly")


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


class TestStrokes:
    """Lengths of a pool by how they were swum."""

    @staticmethod
    def of(bench: Any, *strokes: str | None) -> Any:
        lengths = [(30.0 * index, 30.0 * index + 28, True) for index in range(len(strokes))]
        swim = bench.recording(30 * len(strokes), sport="swimming", lengths=lengths, pool_length_m=25)
        told = tuple(replace(each, stroke=stroke) for each, stroke in zip(swim.lengths, strokes, strict=True))
        return bench.efforts(replace(swim, lengths=told), "swim")

    def test_the_time_of_each_stroke(self, bench: Any) -> None:
        swim = self.of(bench, "freestyle", "breaststroke", "freestyle", "drill")
        assert [swim[each].minutes * 60 for each in STROKES] == [56, 0, 28, 0]
        assert {swim[each].note for each in STROKES} == {None}

    def test_a_rest_has_no_stroke(self, bench: Any) -> None:
        swim = bench.recording(60, sport="swimming", lengths=[(0, 30, True), (30, 60, False)])
        lengths = tuple(replace(each, stroke="backstroke") for each in swim.lengths)
        assert bench.efforts(replace(swim, lengths=lengths), "swim")["backstroke"].minutes * 60 == 30

    @pytest.mark.parametrize("strokes", [(), (None, None)])
    def test_unknown_where_the_device_told_none(self, bench: Any, strokes: tuple[None, ...]) -> None:
        swim = self.of(bench, *strokes) if strokes else bench.efforts(bench.recording(60, sport="swimming"), "swim")
        assert {swim[each].spans for each in STROKES} == {()}
        assert {swim[each].note for each in STROKES} == {"strokes unavailable: the device told none"}


class TestWater:
    """Of exercise in the water a watch sees its timer."""

    @pytest.mark.parametrize("exercise", ["pool_walk", "deep_water_walk", "deep_water_run", "hot_pool_exercise"])
    def test_timer_seconds(self, bench: Any, exercise: str) -> None:
        lengths = [(0, 60, True), (60, 400, False), (400, 600, True)]  # a watch set to swimming thinks of rests
        pool = bench.recording(600, sport="swimming", lengths=lengths, timer=[(0, 200), (300, 600)])
        found = bench.efforts(pool, exercise)["timer"]
        assert sum(each.duration_s for each in found.spans) == 500
        assert [(*each.span, each.reason) for each in found.excluded] == [(200, 300, Reason.PAUSED)]

    @pytest.mark.parametrize(
        ("sport", "degrees", "told"),
        [
            ("swimming", 28, "The watch read 28 °C in the water."),
            ("swimming", 5, None),
            ("swimming", 55, None),
            ("walking", 28, None),
        ],
    )
    def test_the_temperature_is_told_where_it_can_be_that_of_water(
        self, bench: Any, sport: str, degrees: float, told: str | None
    ) -> None:
        assert temperature_note(bench.recording(60, sport=sport, temperature_c=degrees)) == told
