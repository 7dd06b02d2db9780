"""Which of a machine's values to believe: its speed or its distance, one foot or both, zeros."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.ble import feet, speeds
from devices.ble.feet import Feet, strides_per_min
from devices.ble.speeds import KM_PER_MILE, Sample, Trust, Verdict, Why
from devices.ble.zeros import false_zeros


def window(*, told_mps: float, really_mps: float, seconds: int = 120, step_m: float = 1) -> list[Sample]:
    """A sample a second of somebody who moves steadily; the distance in whole steps."""
    return [Sample(at, told_mps, really_mps * at // step_m * step_m) for at in range(seconds + 1)]


AGREE = Verdict(Trust.SPEED, Why.AGREE)
STUCK = Verdict(Trust.DISTANCE, Why.SPEED_STUCK, factor=None)


@pytest.mark.parametrize(
    ("samples", "verdict"),
    [
        pytest.param(window(told_mps=1.4, really_mps=1.4), AGREE, id="as it should be"),
        pytest.param(window(told_mps=8.0, really_mps=8.0, step_m=10), AGREE, id="hundredths of a kilometre"),
        pytest.param(window(told_mps=1.4, really_mps=1.5), AGREE, id="about"),
        pytest.param(
            window(told_mps=1.4 / KM_PER_MILE, really_mps=1.4),
            Verdict(Trust.DISTANCE, Why.MILES, factor=KM_PER_MILE),
            id="miles",
        ),
        pytest.param(window(told_mps=0, really_mps=1.4), STUCK, id="a speed that stays at 0"),
        pytest.param(
            window(told_mps=1.4, really_mps=0), Verdict(Trust.SPEED, Why.DISTANCE_STUCK), id="a distance that stays"
        ),
        pytest.param(
            window(told_mps=3, really_mps=1.4),
            Verdict(Trust.DISTANCE, Why.DIFFER, factor=None),
            id="neither here nor there",
        ),
        pytest.param(
            window(told_mps=1.4, really_mps=1.4, seconds=30), Verdict(Trust.UNDECIDED, Why.TOO_SHORT), id="short"
        ),
        pytest.param(window(told_mps=0, really_mps=0), Verdict(Trust.UNDECIDED, Why.TOO_SHORT), id="at rest"),
        pytest.param([], Verdict(Trust.UNDECIDED, Why.TOO_SHORT), id="nothing"),
    ],
)
def test_speed_against_distance(samples, verdict):
    assert speeds.judge(samples) == verdict


def test_a_distance_that_begins_again_is_no_way_back():
    whole = window(told_mps=1.4, really_mps=1.4)
    again = [Sample(each.at_s, each.speed_mps, each.distance_m - (100 if each.at_s > 72 else 0)) for each in whole]
    assert speeds.judge(again) == AGREE


def test_a_distance_that_was_set_and_a_link_that_was_lost_are_left_out():
    first, second = window(told_mps=1.4, really_mps=1.4), window(told_mps=1.4, really_mps=1.4)
    later = [Sample(each.at_s + 600, each.speed_mps, each.distance_m + 9000) for each in second]
    assert speeds.judge([*first, *later]) == AGREE


@pytest.mark.parametrize("speed_mps", [0.6, 1.0, 1.4, 1.8])
def test_walkers_of_every_speed_are_told_apart(speed_mps):
    steps_per_min = (60 * speed_mps / feet.WALK_RATIO) ** 0.5
    assert feet.judge([(speed_mps, steps_per_min)] * 20).feet is Feet.BOTH
    assert feet.judge([(speed_mps, steps_per_min / 2)] * 20).feet is Feet.ONE


@pytest.mark.parametrize(("speed_mps", "steps_per_min"), [(2.2, 160), (3.0, 165), (4.0, 175), (5.5, 185)])
def test_runners_too(speed_mps, steps_per_min):
    assert feet.judge([(speed_mps, steps_per_min)] * 20).feet is Feet.BOTH
    assert feet.judge([(speed_mps, steps_per_min / 2)] * 20).feet is Feet.ONE


def test_the_shared_frames_of_pods():
    assert feet.judge([(1.4453125, 112)] * 10).feet is Feet.BOTH
    assert feet.judge([(3.0, 90)] * 10).feet is Feet.ONE


def test_standing_and_a_few_steps_say_nothing():
    assert feet.judge([(0.0, 0), (0.1, 110), (1.4, 5)] * 50) == (Feet.UNSURE, None)
    assert feet.judge([(1.4, 112)] * 9).feet is Feet.UNSURE


def test_an_odd_step_changes_nothing():
    assert feet.judge([(1.4, 112)] * 12 + [(1.4, 40)] * 8).feet is Feet.BOTH


def test_strides_are_of_one_leg():
    assert [strides_per_min(112, each) for each in (Feet.ONE, Feet.BOTH, Feet.UNSURE)] == [112, 56, 56]


def test_a_short_zero_between_two_values_is_false():
    at_s = [0, 1, 2, 3, 4, 8, 9, 10, 11]
    values = [0, 90, 0, 0, 88, 0, 90, 91, 0]
    assert false_zeros(at_s, values) == [False, False, True, True, False, False, False, False, False]


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 10), st.sampled_from([0.0, 1.0]))))
def test_only_zeros_are_false_zeros(series):
    at_s, values = sorted(at_s for at_s, _ in series), [value for _, value in series]
    marks = false_zeros(at_s, values)
    assert len(marks) == len(values)
    assert not any(mark and value for mark, value in zip(marks, values, strict=True))
