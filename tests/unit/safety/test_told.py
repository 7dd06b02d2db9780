"""Which check-in belongs to which session."""

from datetime import timedelta

import pytest

from coach.safety.model import CheckIn, Phase
from coach.safety.told import Told, told_of


def test_what_was_said_of_one_session(walk, told, zone):
    found = told_of(walk(), [walk()], told("2/3/4/5"), zone)
    assert [each.pain for each in (found.pre, found.peak, found.post, found.morning) if each] == [2, 3, 4, 5]
    assert len(found.said) == 4


def test_nothing_said(walk, zone):
    assert told_of(walk(), [], [], zone) == Told()


@pytest.mark.parametrize(
    ("hour", "minute", "belongs"), [(13, 59, False), (14, 0, True), (17, 0, True), (17, 30, True), (17, 31, False)]
)
def test_before_is_from_three_hours_before_the_start_to_the_end(walk, at, zone, hour, minute, belongs):
    found = told_of(walk(), [walk()], [CheckIn(at(1, hour, minute), Phase.PRE, 2)], zone)
    assert (found.pre is not None) is belongs


def test_of_several_before_it_is_the_latest_that_has_a_score(walk, at, zone):
    said = [
        CheckIn(at(1, 16, 50), Phase.PRE, 3),
        CheckIn(at(1, 15), Phase.PRE, 5),
        CheckIn(at(1, 16, 55), Phase.PRE, numbness=True),
    ]
    found = told_of(walk(), [walk()], said, zone)
    assert found.pre is not None
    assert found.pre.pain == 3


def test_before_may_tell_of_two_sessions(walk, at, zone):
    bouts = [walk(1), walk(2, at(1, 18))]
    said = [CheckIn(at(1, 16), Phase.PRE, 2)]
    assert all(told_of(each, bouts, said, zone).pre for each in bouts)


@pytest.mark.parametrize("phase", [Phase.PEAK, Phase.POST])
def test_after_belongs_to_the_latest_session_that_had_begun(walk, at, zone, phase):
    bouts = [walk(1, at(1, 9)), walk(2, at(1, 17))]
    said = [CheckIn(at(1, 16, 59), phase, 1), CheckIn(at(1, 17, 10), phase, 2)]
    assert [[each.pain for each in told_of(bout, bouts, said, zone).said] for bout in bouts] == [[1], [2]]


@pytest.mark.parametrize(("later", "belongs"), [(timedelta(), True), (timedelta(seconds=1), False)])
def test_after_counts_for_twelve_hours(walk, zone, later, belongs):
    said = [CheckIn(walk().ended_at + timedelta(hours=12) + later, Phase.POST, 2)]
    assert (told_of(walk(), [walk()], said, zone).post is not None) is belongs


def test_of_several_after_it_is_the_worst(walk, at, zone):
    said = [CheckIn(at(1, 18), Phase.POST, 4), CheckIn(at(1, 19), Phase.POST, 2), CheckIn(at(1, 20), Phase.POST)]
    found = told_of(walk(), [walk()], said, zone)
    assert found.post is not None
    assert found.post.pain == 4


def test_a_named_session_comes_before_the_time(walk, at, zone):
    bouts = [walk(1, at(1, 9)), walk(2, at(1, 17))]
    said = [
        CheckIn(at(1, 20), Phase.POST, 5, activity_id=1),
        CheckIn(at(1, 20), Phase.PRE, 1, activity_id=1),
        CheckIn(at(3, 20), Phase.PEAK, 2, activity_id=1),
        CheckIn(at(9, 20), Phase.PEAK, 4, activity_id=1),
    ]
    assert told_of(bouts[1], bouts, said, zone) == Told()
    found = told_of(bouts[0], bouts, said, zone)
    assert [each and each.pain for each in (found.pre, found.peak, found.post)] == [1, 4, 5]


def test_a_named_score_before_outranks_one_that_only_lies_before(walk, at, zone):
    said = [CheckIn(at(1, 16), Phase.PRE, 1, activity_id=1), CheckIn(at(1, 17), Phase.PRE, 4)]
    found = told_of(walk(), [walk()], said, zone)
    assert found.pre is not None
    assert found.pre.pain == 1


def test_what_names_another_activity_is_of_that(walk, at, zone):
    assert told_of(walk(), [walk()], [CheckIn(at(1, 18), Phase.POST, 5, activity_id=99)], zone) == Told()


def test_a_morning_tells_of_all_sessions_of_the_day_before(walk, at, zone):
    bouts = [walk(1, at(1, 9)), walk(2, at(1, 17)), walk(3, at(2, 6))]
    said = [CheckIn(at(2, 8), Phase.MORNING, 3, activity_id=2)]
    assert [told_of(bout, bouts, said, zone).morning is not None for bout in bouts] == [True, True, False]


def test_the_first_morning_counts(walk, at, zone):
    said = [CheckIn(at(2, 9), Phase.MORNING, 1), CheckIn(at(2, 6), Phase.MORNING, 4), CheckIn(at(2, 5), Phase.MORNING)]
    found = told_of(walk(), [walk()], said, zone)
    assert found.morning is not None
    assert found.morning.pain == 4


def test_recordings_that_were_joined_answer_to_each_of_their_names(walk, at, zone):
    from dataclasses import replace

    bout = replace(walk(), activity_ids=(1, 7))
    assert told_of(bout, [bout], [CheckIn(at(1, 18), Phase.POST, 5, activity_id=7)], zone).post


def test_the_order_in_which_it_was_said_does_not_matter(walk, told, zone):
    said = told("2/3/4/5")
    assert told_of(walk(), [walk()], said, zone) == told_of(walk(), [walk()], said[::-1], zone)


def test_of_two_that_began_at_once_the_hash_tells_which_is_the_later(walk, at, zone):
    from dataclasses import replace

    earlier, later = replace(walk(2), sha256="a"), replace(walk(1), sha256="b")
    said = [CheckIn(at(1, 18), Phase.POST, 5)]
    for bouts in ([earlier, later], [later, earlier]):
        assert [bool(told_of(each, bouts, said, zone).post) for each in (earlier, later)] == [False, True]
