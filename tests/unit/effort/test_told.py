"""Minutes that nobody recorded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.effort import efforts_told
from coach.effort.model import predicate_of
from coach.effort.spans import intersect, total_s
from coach.plan import Exercise
from coach.plan.exercises import Family, facts

RECORDED = [each for each in Exercise if each not in (Exercise.FAST_WALK, Exercise.UPHILL_WALK)]


@pytest.mark.parametrize("exercise", RECORDED)
def test_all_of_it_counts_and_says_that_it_was_entered_by_hand(exercise: Exercise) -> None:
    own, *parts = efforts_told(exercise, 25)
    assert (own.predicate, own.minutes, own.note) == (predicate_of(exercise), 25, "entered by hand")
    assert bool(parts) == (facts(exercise).family is Family.WALK)


def test_what_was_not_told_of_a_walk_is_not_known() -> None:
    _, fast, uphill = efforts_told(Exercise.LEVEL_WALK, 25)
    assert (fast.predicate, fast.spans, fast.note) == ("fast", (), "cadence unavailable: entered by hand")
    assert (uphill.predicate, uphill.spans, uphill.note) == ("uphill", (), "grade unavailable: entered by hand")


@given(st.integers(1, 720), st.data())
def test_fast_and_uphill_minutes_are_part_of_it_and_share_none_that_they_need_not(
    minutes: int, data: st.DataObject
) -> None:
    fast, uphill = data.draw(st.integers(0, minutes)), data.draw(st.integers(0, minutes))
    walk, quick, steep = efforts_told(Exercise.LEVEL_WALK, minutes, fast=fast, uphill=uphill)
    assert (quick.minutes, steep.minutes) == (fast, uphill)
    assert total_s(intersect(walk.spans, quick.spans)) == 60 * fast
    assert total_s(intersect(walk.spans, steep.spans)) == 60 * uphill
    assert total_s(intersect(quick.spans, steep.spans)) == 60 * max(0, fast + uphill - minutes)
