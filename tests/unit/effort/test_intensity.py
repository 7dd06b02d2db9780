"""Moderate, vigorous and beyond, by heart rate or by steps."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.effort import Body, efforts_of, zones
from coach.effort.borg import borg_of_cr10
from coach.plan import Exercise
from coach.plan.thresholds import Band, thresholds

LEVELS = ("moderate", "vigorous", "beyond")
AT_60 = Body(birth_year=1966, resting_heart_rate_bpm=65)  # in 2026
bodies = st.builds(Body, st.integers(1920, 2010), st.integers(35, 100), st.none() | st.integers(110, 210))


def minutes(recording: Any, exercise: str = "exercise_bike", body: Body = AT_60) -> tuple[float, ...]:
    found = {each.predicate: each for each in efforts_of(recording, Exercise(exercise), body)}
    return tuple(found[level].minutes for level in LEVELS)


def notes(recording: Any, exercise: str = "exercise_bike", body: Body = AT_60) -> set[str | None]:
    return {each.note for each in efforts_of(recording, Exercise(exercise), body) if each.predicate in LEVELS}


class TestZones:
    """Clinical rules, section 3."""

    def test_the_worked_example_age_60_resting_65_highest_160(self) -> None:
        by_reserve = zones(Body(1966, 65), 2026)
        by_highest = zones(Body(1966), 2026)
        assert by_reserve is not None
        assert by_highest is not None
        assert by_reserve.moderate == Band(103, 121)
        assert by_highest.moderate == Band(102, 122)
        assert (by_reserve.basis, by_highest.basis) == ("heart-rate reserve", "the highest heart rate")

    def test_a_highest_that_was_measured_comes_before_220_less_the_age(self) -> None:
        assert Body(1966, None, 175).highest_bpm(2026) == 175
        assert Body(None, None, 175).highest_bpm(2026) == 175
        assert Body(1966).highest_bpm(2026) == 160
        assert Body(1966).highest_bpm(2016) == 170  # the age in the year of the session

    @given(bodies)
    def test_in_water_they_are_17_lower(self, body: Body) -> None:
        land, water = zones(body, 2026), zones(body, 2026, in_water=True)
        if land is None or water is None:
            assert land is water
            return
        assert {
            a - b for a, b in zip((*land.moderate, *land.vigorous), (*water.moderate, *water.vigorous), strict=True)
        } == {17}

    @given(bodies)
    def test_they_rise(self, body: Body) -> None:
        found = zones(body, 2026)
        if found is not None:
            limits = (*found.moderate, *found.vigorous)
            assert list(limits) == sorted(limits)

    @pytest.mark.parametrize("body", [Body(), Body(None, 60), Body(1966, 170), Body(None, 150, 150)])
    def test_unknown_without_a_highest_or_where_the_two_contradict(self, body: Body) -> None:
        assert zones(body, 2026) is None


class TestByHeartRate:
    def test_each_level_holds_at_that_intensity_or_harder(self, bench: Any) -> None:
        heart = np.repeat([102, 103, 122, 150, 151], 600)
        ride = bench.recording(time_s=np.arange(3000), power_w=60, heart_rate_bpm=heart)
        assert minutes(ride) == pytest.approx((40, 30, 10), abs=0.05)
        (note,) = notes(ride)
        assert note == "intensity by heart-rate reserve: moderate from 103, vigorous from 122 beats a minute"

    def test_a_jump_of_five_seconds_does_not_show_and_a_minute_does(self, bench: Any) -> None:
        heart = np.full(1201, 90.0)
        heart[300:305] = 180
        heart[600:660] = 125
        assert minutes(bench.recording(1200, power_w=60, heart_rate_bpm=heart)) == pytest.approx((1, 1, 0))

    def test_a_pause_is_no_effort(self, bench: Any) -> None:
        ride = bench.recording(600, power_w=60, heart_rate_bpm=130, timer=[(0, 300)])
        assert minutes(ride) == (5, 5, 0)

    def test_in_a_pool_the_limits_are_lower(self, bench: Any) -> None:
        swim = bench.recording(600, sport="swimming", heart_rate_bpm=103 - 17)
        assert minutes(swim, "swim") == (10, 0, 0)
        assert minutes(swim, "pool_walk") == (10, 0, 0)
        assert minutes(swim, "exercise_bike") == (0, 0, 0)
        assert notes(swim, "swim") == {
            "intensity by heart-rate reserve, 17 lower in water: moderate from 86, vigorous from 105 beats a minute"
        }

    @given(st.lists(st.integers(50, 200), min_size=30, max_size=200), bodies)
    def test_harder_is_inside_of_easier(self, bench: Any, beats: list[int], body: Body) -> None:
        moderate, vigorous, beyond = minutes(
            bench.recording(time_s=np.arange(len(beats)), power_w=60, heart_rate_bpm=np.array(beats)), body=body
        )
        assert moderate >= vigorous >= beyond


class TestByCadence:
    """Where the heart rate says nothing, a walk's steps do: 100 and 130 a minute."""

    @pytest.mark.parametrize(("strides", "expected"), [(49, (0, 0, 0)), (50, (10, 0, 0)), (65, (10, 10, 0))])
    def test_of_a_walk_without_heart_rate(self, bench: Any, strides: int, expected: tuple[float, ...]) -> None:
        walk = bench.recording(600, cadence_rpm=strides, speed_mps=1.3)
        assert minutes(walk, "level_walk") == expected
        (note,) = notes(walk, "level_walk")
        assert note is not None
        assert note.startswith("intensity by cadence, for no heart rate was recorded")

    def test_of_a_walk_whose_heart_rate_means_nothing_yet(self, bench: Any) -> None:
        walk = bench.recording(600, cadence_rpm=60, speed_mps=1.3, heart_rate_bpm=150)
        assert minutes(walk, "level_walk", Body()) == (10, 0, 0)
        assert minutes(walk, "level_walk", AT_60) == (10, 10, 0)

    def test_of_a_walk_whose_strap_lost_contact_for_most_of_it(self, bench: Any) -> None:
        heart = np.where(np.arange(601) < 200, 150.0, np.nan)
        walk = bench.recording(600, cadence_rpm=60, speed_mps=1.3, heart_rate_bpm=heart)
        assert minutes(walk, "level_walk") == (10, 0, 0)

    def test_a_ride_s_cadence_says_nothing_of_its_intensity(self, bench: Any) -> None:
        ride = bench.recording(600, cadence_rpm=90)
        assert minutes(ride) == (0, 0, 0)
        assert notes(ride) == {"intensity unknown: no heart rate was recorded"}


def test_a_ride_of_somebody_whose_age_is_not_known(bench: Any) -> None:
    ride = bench.recording(600, power_w=60, heart_rate_bpm=150)
    assert minutes(ride, body=Body(None, 60)) == (0, 0, 0)
    assert notes(ride, body=Body(None, 60)) == {
        "intensity unknown: the heart-rate ranges need a birth year or a highest heart rate"
    }


class TestBorg:
    def test_what_a_watch_was_told_by_the_words_that_both_scales_give(self) -> None:
        words = {0: 6, 1: 9, 2: 11, 3: 12, 4: 13, 5: 15, 7: 17, 9: 19, 10: 20}
        assert {felt: borg_of_cr10(felt) for felt in words} == words

    def test_moderate_and_vigorous_are_so_on_both(self) -> None:
        """CR10: 3-4 is moderate to somewhat strong, 5-7 strong to very strong."""
        intensity = thresholds().intensity
        assert (borg_of_cr10(3), borg_of_cr10(4)) == intensity.moderate.borg
        assert all(
            intensity.vigorous.borg.low <= borg_of_cr10(felt) <= intensity.vigorous.borg.high for felt in (5, 6, 7)
        )

    @given(st.floats(0, 10), st.floats(0, 10))
    def test_harder_is_never_less(self, one: float, other: float) -> None:
        low, high = sorted((one, other))
        assert 6 <= borg_of_cr10(low) <= borg_of_cr10(high) <= 20

    def test_a_half_lies_between(self) -> None:
        assert borg_of_cr10(4.5) == 14
