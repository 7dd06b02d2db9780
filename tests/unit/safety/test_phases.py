from datetime import timedelta

import pytest

from coach.safety.model import CheckIn, Phase
from coach.safety.phases import phase_at


@pytest.mark.parametrize(
    ("when", "phase"),
    [
        ((1, 16, 0), Phase.PRE),
        ((1, 17, 10), Phase.PEAK),
        ((1, 17, 30), Phase.POST),
        ((1, 22, 0), Phase.POST),
        ((2, 3, 0), Phase.POST),  # the night belongs to the evening
        ((2, 4, 0), Phase.MORNING),
        ((2, 11, 59), Phase.MORNING),
        ((2, 12, 0), Phase.PRE),
        ((3, 8, 0), Phase.MORNING),  # nothing else fits
        ((3, 14, 0), Phase.PRE),
    ],
)
def test_around_one_walk(walk, at, zone, when, phase):
    assert phase_at(at(*when), [walk()], [], zone) is phase


def test_a_morning_is_asked_once(walk, at, zone):
    assert phase_at(at(2, 9), [walk()], [CheckIn(at(2, 8), Phase.MORNING, 2)], zone) is Phase.PRE


def test_after_is_asked_once(walk, at, zone):
    assert phase_at(at(1, 19), [walk()], [CheckIn(at(1, 17, 40), Phase.POST, 2)], zone) is Phase.PRE


def test_right_after_an_early_walk_it_is_that_which_is_told(walk, at, zone):
    bouts = [walk(1), walk(2, at(2, 7))]
    assert phase_at(at(2, 7, 45), bouts, [], zone) is Phase.POST
    assert phase_at(at(2, 8, 15), bouts, [], zone) is Phase.MORNING
    assert phase_at(at(2, 8, 15), bouts, [CheckIn(at(2, 6), Phase.MORNING, 2)], zone) is Phase.POST


def test_without_sessions(at, zone):
    assert phase_at(at(1, 8), [], [], zone) is Phase.MORNING
    assert phase_at(at(1, 13), [], [], zone) is Phase.PRE


def test_long_after_a_walk_it_is_before_the_next(walk, at, zone):
    early = walk(1, at(1, 5), minutes=30)
    assert phase_at(early.ended_at + timedelta(hours=12), [early], [], zone) is Phase.POST
    assert phase_at(early.ended_at + timedelta(hours=13), [early], [], zone) is Phase.PRE
