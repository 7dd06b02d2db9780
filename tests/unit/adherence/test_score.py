"""F, D, S, W, bands and excusals, on plain numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.adherence import Band
from coach.adherence.score import asked_after, band, item_score, over_dose, week_score

MINUTES = st.lists(st.floats(0, 240), max_size=14)


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (100.0, Band.ON_PLAN),
        (80.0, Band.ON_PLAN),
        (79.96, Band.PARTLY),  # shown as 80
        (50.0, Band.PARTLY),
        (49.99, Band.OFF_PLAN),
        (0.0, Band.OFF_PLAN),
    ],
)
def test_the_band_is_that_of_the_unrounded_score(score: float, expected: Band) -> None:
    assert band(score) is expected


def test_what_floats_lose_on_the_way_to_80_loses_no_band() -> None:
    assert band(79.99999999999999) is Band.ON_PLAN
    assert band(49.99999999999999) is Band.PARTLY


@pytest.mark.parametrize(
    ("minutes", "frequency", "dose"),
    [
        ([10.0], 0.2, 0.1),  # half of what is asked is a session
        ([9.99], 0.0, 0.0999),
        ([24.0], 0.2, 0.24),
        ([60.0], 0.2, 0.24),  # 1.2 times counts, more does not
        ([20.0] * 7, 1.0, 1.0),
        ([], 0.0, 0.0),
    ],
)
def test_a_session_counts_from_half_its_minutes_and_up_to_a_fifth_more(
    minutes: list[float], frequency: float, dose: float
) -> None:
    score = item_score(5, 20, minutes)
    assert (score.frequency, score.dose) == pytest.approx((frequency, dose))
    assert score.score == pytest.approx(50 * (frequency + dose))


def test_over_dose_is_not_capped() -> None:
    assert over_dose(3, 30, [90.0, 90.0]) == 2.0


def test_a_week_of_80_is_80_to_every_rule() -> None:
    """(90 min x 95.556 + 30 min x 33.333) / 120 min: floats alone make 79.99999999999999 of it."""
    walk, swim = item_score(3, 30, [30.0, 30.0, 22.0]), item_score(3, 10, [10.0])
    assert week_score([(90.0, walk.score), (30.0, swim.score)]) == 80.0


def test_what_floats_add_is_no_over_dose() -> None:
    """3240 s in four sessions, of 2700 s that were asked for."""
    assert over_dose(3, 15, [seconds / 60 for seconds in (967, 921, 882, 470)]) == 1.2


def test_a_week_in_which_nothing_weighs_has_no_score() -> None:
    assert week_score([(0.0, 100.0)]) is None
    assert week_score([]) is None


@pytest.mark.parametrize(
    ("sessions", "excused_days", "left"),
    [
        (5, 0, 5),
        (5, 1, 4),
        (5, 2, 4),
        (5, 3, 3),
        (5, 4, 2),
        (5, 7, 0),
        (2, 1, 2),
        (2, 2, 1),
        (1, 3, 1),
        (1, 4, 0),
        (14, 3, 8),
    ],
)
def test_excused_days_take_their_share_of_the_sessions(sessions: int, excused_days: int, left: int) -> None:
    assert asked_after(sessions, excused_days) == left


def test_the_share_is_rounded_half_up_in_integers() -> None:
    for sessions in range(1, 15):
        for days in range(8):
            exact = sessions * days * 2  # of 14
            assert asked_after(sessions, days) == sessions - (exact + 7) // 14
            assert abs(7 * asked_after(sessions, days) - sessions * (7 - days)) <= 3.5
        assert asked_after(sessions, 7) == 0


@given(st.integers(1, 14), st.integers(1, 240), MINUTES)
def test_a_score_is_between_0_and_100(asked: int, minutes: int, credited: list[float]) -> None:
    score = item_score(asked, minutes, credited)
    assert 0 <= score.frequency <= 1
    assert 0 <= score.dose <= 1
    assert 0 <= score.score <= 100


@given(st.integers(1, 14), st.integers(1, 240), MINUTES, st.integers(0, 13), st.floats(0, 60))
def test_more_credited_minutes_never_lower_a_score(
    asked: int, minutes: int, credited: list[float], which: int, more: float
) -> None:
    before = item_score(asked, minutes, credited).score
    longer = [each + more * (index == which) for index, each in enumerate(credited)]
    assert item_score(asked, minutes, longer).score >= before - 1e-9
    assert item_score(asked, minutes, [*credited, more]).score >= before - 1e-9


@given(st.integers(2, 14), st.integers(1, 240), MINUTES)
def test_asking_for_less_never_lowers_a_score(asked: int, minutes: int, credited: list[float]) -> None:
    assert item_score(asked - 1, minutes, credited).score >= item_score(asked, minutes, credited).score - 1e-9
