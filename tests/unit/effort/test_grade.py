"""Uphill and steep: bouts of a walk by the slope of the ground."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.effort.grade import _median, fitted
from devices.recording import Device

NAN = float("nan")


def minutes(efforts: Any) -> tuple[float, float]:
    return efforts["uphill"].minutes, efforts["steep"].minutes


@pytest.mark.parametrize("per_cent", [-6.0, 0.0, 2.0, 3.0, 12.0])
def test_the_slope_of_a_plane_is_its_own(per_cent: float) -> None:
    distance = np.cumsum(np.random.default_rng(1).uniform(0.5, 2, 2000)) + 1e6
    assert fitted(distance, 500 + distance * per_cent / 100).slope * 100 == pytest.approx(per_cent, abs=1e-6)


def test_the_slope_is_that_of_least_squares() -> None:
    rng = np.random.default_rng(2)
    distance = np.cumsum(rng.uniform(0.5, 2, 400))
    altitude = np.cumsum(rng.normal(0, 0.3, 400))
    for at in (0, 57, 200, 399):
        near = np.abs(distance - distance[at]) <= 50
        assert fitted(distance, altitude).slope[at] == pytest.approx(
            np.polyfit(distance[near], altitude[near], 1)[0], abs=1e-9
        )


def test_where_no_ground_was_covered_there_is_no_slope() -> None:
    assert fitted(np.full(50, 7.0), np.arange(50.0)).slope.tolist() == [0.0] * 50


def test_a_flat_walk_under_a_noisy_barometer_reads_uphill_under_one_per_cent_of_the_time(bench: Any) -> None:
    read = [bench.efforts(bench.hill((3600, 0.0), noise=1.0, seed=seed))["uphill"].minutes for seed in range(12)]
    assert sum(read) / (60 * len(read)) < 0.01


def test_a_true_five_per_cent_is_seen_through_the_noise(bench: Any) -> None:
    seen = [
        bench.efforts(bench.hill((600, 0), (1200, 5.0), (600, 0), noise=1.0, seed=seed))["uphill"].minutes
        for seed in range(12)
    ]
    assert np.mean(seen) == pytest.approx(20, rel=0.06)
    assert min(seen) > 17


def test_uphill_starts_at_three_per_cent_and_ends_below_two(bench: Any) -> None:
    """Between the two a second goes on as the one before."""
    falling = bench.efforts(bench.hill((600, 0), (600, 4.0), (600, 2.5), (600, 0)))["uphill"]
    assert len(falling.spans) == 1
    assert falling.minutes == pytest.approx(20, abs=0.7)
    rising = bench.efforts(bench.hill((600, 0), (600, 2.5), (600, 4.0), (600, 0)))["uphill"]
    assert rising.minutes == pytest.approx(10, abs=0.7)
    assert bench.efforts(bench.hill((600, 0), (1200, 2.8), (600, 0)))["uphill"].spans == ()


def test_a_bout_begins_and_ends_near_its_ramp(bench: Any) -> None:
    [bout] = bench.efforts(bench.hill((600, 0), (600, 6.0), (600, 0)))["uphill"].spans
    assert bout.start_s == pytest.approx(600, abs=15)
    assert bout.end_s == pytest.approx(1200, abs=20)


@pytest.mark.parametrize(("seconds", "seen"), [(30, False), (240, True)])
def test_a_bout_lasts_a_minute_at_least(bench: Any, seconds: int, seen: bool) -> None:
    efforts = bench.efforts(bench.hill((600, 0), (seconds, 6.0), (600, -1.0)))
    assert bool(efforts["uphill"].spans) is seen


def test_a_treadmill_s_bout_of_59_seconds_is_none_and_of_60_is_one(bench: Any) -> None:
    for seconds, seen in ((59, 0), (60, 60)):
        grade = np.where((np.arange(601) >= 100) & (np.arange(601) < 100 + seconds), 6.0, 0.0)
        walk = bench.walk(600, sub_sport="treadmill", speed_mps=1.2, grade_pct=grade)
        assert walk["uphill"].minutes * 60 == seen


@pytest.mark.parametrize(("per_cent", "steep"), [(4.0, False), (6.0, True)])
def test_steep_is_from_five_per_cent(bench: Any, per_cent: float, steep: bool) -> None:
    uphill_min, steep_min = minutes(bench.efforts(bench.hill((300, 0), (900, per_cent), (300, 0))))
    assert uphill_min == pytest.approx(15, abs=0.7)
    assert steep_min == (pytest.approx(15, abs=1.5) if steep else 0)


def test_a_barometer_that_jumps_for_a_second_makes_no_hill(bench: Any) -> None:
    altitude = np.where(np.arange(1201) % 300 == 150, 400.0, 300.0)
    assert minutes(bench.walk(1200, distance_m=np.arange(1201) * 0.6, altitude_m=altitude)) == (0, 0)


def test_downhill_is_not_uphill(bench: Any) -> None:
    assert minutes(bench.efforts(bench.hill((300, 0), (900, -6.0), (300, 0)))) == (0, 0)


def test_a_stop_in_the_middle_of_a_hill_neither_counts_nor_ends_it(bench: Any) -> None:
    at = np.arange(1501)
    walked = np.where(at < 700, at, np.where(at < 800, 700, at - 100)) * 1.25
    altitude = np.clip(walked - 375, 0, None) * 0.06
    uphill = bench.walk(1500, distance_m=walked, altitude_m=altitude)["uphill"]
    before, after = uphill.spans
    assert before.end_s == pytest.approx(700, abs=1)
    assert after.start_s == pytest.approx(800, abs=1)
    assert uphill.minutes * 60 == pytest.approx(1500 - 300 - 100, abs=40)


def test_what_the_barometer_drifts_by_in_a_stop_is_no_hill(bench: Any) -> None:
    """Two metres in an hour on a bench; 100 m of ground around them would make two per cent of it."""
    at = np.arange(4801)
    walked = np.where(at < 600, at, np.where(at < 4200, 600, at - 3600)) * 1.25
    walk = bench.walk(4800, distance_m=walked, altitude_m=300 + np.interp(at, [600, 4200], [0, 2]))
    assert walk["uphill"].minutes == 0


class TestTreadmill:
    """Indoors only the treadmill knows."""

    def test_its_own_inclination_is_used(self, bench: Any) -> None:
        grade = np.where(np.arange(1201) < 600, 0.0, 6.0)
        walk = bench.walk(1200, sub_sport="treadmill", speed_mps=1.2, grade_pct=grade, altitude_m=100)
        assert minutes(walk) == pytest.approx((10, 10), abs=0.1)

    def test_without_one_the_grade_is_unavailable_whatever_the_barometer_says(self, bench: Any) -> None:
        walk = bench.efforts(bench.hill((600, 0), (600, 6.0), sub_sport="treadmill"))
        assert minutes(walk) == (0, 0)
        assert walk["uphill"].note == "grade unavailable: the treadmill sent no inclination"

    def test_outdoors_a_grade_field_is_not_believed(self, bench: Any) -> None:
        walk = bench.efforts(bench.hill((1200, 0), grade_pct=8.0))
        assert minutes(walk) == (0, 0)


@pytest.mark.parametrize(
    ("columns", "note"),
    [
        ({"distance_m": np.arange(601.0)}, "no altitude"),
        ({"speed_mps": 1.2, "altitude_m": 300.0}, "no distance"),
        ({"speed_mps": 1.2, "altitude_m": np.linspace(300, 330, 601), "distance_m": 0.0}, "no distance"),
        ({"speed_mps": 0.0, "distance_m": 5.0, "altitude_m": 300.0}, "no altitude while moving"),
        ({"distance_m": np.arange(601.0), "altitude_m": NAN}, "no altitude"),
        ({"distance_m": np.arange(601.0) % 300, "altitude_m": 300.0}, "the distance runs backwards"),
    ],
)
def test_what_cannot_be_told_is_unavailable_and_not_level(bench: Any, columns: Any, note: str) -> None:
    walk = bench.walk(600, **columns)
    assert minutes(walk) == (0, 0)
    assert walk["uphill"].note == walk["steep"].note == f"grade unavailable: {note}"


def test_where_altitude_is_missing_in_part_the_rest_is_used(bench: Any) -> None:
    at = np.arange(1801)
    altitude = np.clip(at - 900, 0, None) * 1.25 * 0.06
    altitude = np.where((at > 200) & (at < 700), NAN, altitude)
    walk = bench.walk(1800, distance_m=at * 1.25, altitude_m=altitude)
    assert walk["uphill"].note is None
    assert walk["uphill"].minutes == pytest.approx(15, abs=0.7)


def test_a_jump_of_the_altitude_over_a_gap_is_no_hill(bench: Any) -> None:
    """A minute and a half without records, 5 m higher after 600 m of distance: less than one per cent."""
    time_s = np.concatenate([np.arange(0, 600), np.arange(1080, 1681)])
    walk = bench.walk(time_s=time_s, distance_m=time_s * 1.25, altitude_m=np.where(time_s < 600, 300, 305))
    assert minutes(walk) == (0, 0)


@pytest.mark.parametrize(("noise_m", "correlated_s", "trusted"), [(0.6, 20, True), (4.0, 60, False), (6.0, 60, False)])
def test_altitude_as_noisy_as_without_a_barometer_is_not_trusted(
    bench: Any, noise_m: float, correlated_s: float, trusted: bool
) -> None:
    """First-order noise with this deviation and correlation time, on a flat walk of half an hour."""
    rng, seconds = np.random.default_rng(1), 1801
    keeps = np.exp(-1 / correlated_s)
    noise = np.zeros(seconds)
    for at, step in enumerate(rng.normal(0, noise_m * np.sqrt(1 - keeps**2), seconds - 1), start=1):
        noise[at] = keeps * noise[at - 1] + step
    found = bench.walk(seconds - 1, distance_m=np.arange(seconds) * 1.25, altitude_m=100 + noise)
    assert (found["uphill"].note is None) is trusted
    if not trusted:
        assert found["uphill"].note == "grade unavailable: the altitude is as noisy as without a barometer"
        assert found["uphill"].spans == found["steep"].spans == ()


def test_downhill_is_uphill_turned_over(bench: Any) -> None:
    """From -3 %, up to -2 %, for 60 s and more."""
    walk = bench.efforts(bench.hill((600, 0), (600, -4.0), (600, -2.5), (600, 0), (600, 5.0)))
    assert walk["downhill"].minutes == pytest.approx(20, abs=0.7)
    assert walk["uphill"].minutes == pytest.approx(10, abs=0.7)
    assert bench.efforts(bench.hill((600, 0), (1200, -2.8)))["downhill"].spans == ()
    assert bench.efforts(bench.hill((600, 0), (40, -5.0), (600, 0)))["downhill"].spans == ()


@given(st.integers(0, 2**32 - 1))
def test_a_walk_there_is_the_walk_back_turned_over(bench: Any, seed: int) -> None:
    slopes = [(120.0, float(each)) for each in np.random.default_rng(seed).uniform(-8, 8, 6)]
    there, back = (bench.efforts(bench.hill(*((s, sign * g) for s, g in slopes))) for sign in (1, -1))
    assert there["uphill"].spans == back["downhill"].spans
    assert there["downhill"].spans == back["uphill"].spans


class TestOnATreadmill:
    """Its own inclination, in bouts as outdoors."""

    def grades(self, bench: Any, *grades: float, sub_sport: str = "treadmill") -> Any:
        inclined = np.repeat(grades, 300)
        at = np.arange(len(inclined))
        return bench.efforts(bench.recording(time_s=at, sub_sport=sub_sport, speed_mps=1.3, grade_pct=inclined))

    def test_a_bout_starts_at_three_and_ends_below_two_per_cent(self, bench: Any) -> None:
        walk = self.grades(bench, 0, 3, 2.5, 1.5, 2.5, -3)
        assert [(each.start_s, each.end_s) for each in walk["uphill"].spans] == [(300, 900)]
        assert [(each.start_s, each.end_s) for each in walk["downhill"].spans] == [(1500, 1799)]

    def test_level_is_known_to_be_level(self, bench: Any) -> None:
        walk = self.grades(bench, 0, 0)
        assert (walk["uphill"].spans, walk["uphill"].note) == ((), None)

    def test_outdoors_the_device_s_own_grade_is_not_asked(self, bench: Any) -> None:
        """It lags, and nobody says over how many metres it was taken."""
        walk = self.grades(bench, 6, 6, sub_sport="generic")
        assert (walk["uphill"].spans, walk["uphill"].note) == ((), "grade unavailable: no altitude")


def test_a_device_without_a_barometer_is_not_believed_however_smooth_its_altitude(bench: Any) -> None:
    hill = bench.hill((600, 0), (600, 6.0))
    assert bench.efforts(hill)["uphill"].minutes > 9
    walk = bench.efforts(replace(hill, device=Device("garmin", "fr735xt")))
    assert {walk[each].note for each in ("uphill", "steep", "downhill")} == {
        "grade unavailable: this device has no barometer"
    }
    assert not any(walk[each].spans for each in ("uphill", "steep", "downhill"))


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60))
def test_the_quick_median_is_the_median(values: list[float]) -> None:
    column = np.array(values)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(column, 2, mode="edge"), 5)
    assert _median(column).tolist() == np.median(windows, axis=1).tolist()
