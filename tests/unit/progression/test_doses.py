"""The vectors of the clinical rules, section 5, and what holds for every minute."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.progression import doses

MINUTES = st.integers(1, 240)


def test_from_10_to_a_ceiling_of_30() -> None:
    walked = [10]
    while walked[-1] < 30:
        walked.append(doses.next_minutes(walked[-1], 30))
    assert walked == [10, 11, 12, 13, 14, 15, 17, 19, 21, 23, 25, 28, 30]


@pytest.mark.parametrize(("minutes", "less"), [(21, 15), (45, 32), (10, 7), (2, 1), (1, 1)])
def test_a_step_back(minutes: int, less: int) -> None:
    assert doses.step_back(minutes) == less


@pytest.mark.parametrize(("minutes", "less"), [(21, 11), (30, 15), (10, 5), (6, 5), (5, 5)])
def test_a_flare(minutes: int, less: int) -> None:
    assert doses.flare(minutes) == less


@pytest.mark.parametrize(("minutes", "less"), [(30, 23), (12, 9), (10, 8), (2, 2), (1, 1)])
def test_an_easy_week(minutes: int, less: int) -> None:
    assert doses.easy(minutes) == less


@given(MINUTES, MINUTES)
def test_a_next_step_is_small_and_never_past_the_ceiling(minutes: int, more: int) -> None:
    ceiling = minutes + more
    assert 1 <= doses.next_minutes(minutes, ceiling) - minutes <= 5
    assert doses.next_minutes(minutes, ceiling) <= ceiling
    assert doses.next_minutes(ceiling, ceiling) == ceiling


@given(MINUTES)
def test_the_formulas_as_they_are_written(minutes: int) -> None:
    assert doses.next_minutes(minutes, 999) == minutes + min(5, max(1, (minutes + 5) // 10))
    assert doses.step_back(minutes) == max(1, (7 * minutes + 5) // 10)
    assert doses.easy(minutes) == max(1, (3 * minutes + 2) // 4)
    assert doses.flare(minutes) == max(5, (minutes + 1) // 2)


def test_more_minutes_are_never_cut_to_less() -> None:
    for change in (doses.step_back, doses.easy, doses.flare):
        assert all(change(a) <= change(b) for a, b in itertools.pairwise(range(1, 241)))
