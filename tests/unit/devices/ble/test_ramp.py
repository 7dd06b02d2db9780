"""What a trainer is told next: slowly up, at once down, never above a limit, never before the pedals turn."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.ble.ramp import EASE_EVERY_S, POWER, RESISTANCE, Aim, Limits, Moment, let_go, step

PEDALS = Moment(0.0, is_pedalling=True)


def held(aim, limits, moments):
    for moment in moments:
        aim = step(aim, limits, moment)
        yield aim.held


def test_slowly_up():
    seconds = [replace(PEDALS, at_s=float(second)) for second in range(10)]
    assert list(held(Aim(POWER, 60), Limits(), seconds)) == [20, 25, 30, 35, 40, 45, 50, 55, 60, 60]
    assert list(held(Aim(RESISTANCE, 5), Limits(), seconds[:5])) == [0, 2, 4, 5, 5]


def test_nothing_before_the_pedals_turn():
    still = Moment(0.0, is_pedalling=False)
    assert step(Aim(POWER, 60), Limits(), still).held is None
    assert step(Aim(POWER, 60, held=40), Limits(), still).held == 45, "once held, a rest does not end it"
    assert step(let_go(Aim(POWER, 60, held=40)), Limits(), still).held is None


def test_below_where_it_begins():
    assert step(Aim(POWER, 12), Limits(), PEDALS).held == 12


def test_at_once_down():
    assert step(Aim(POWER, 25, held=60), Limits(), PEDALS).held == 25


def test_a_heart_above_its_limit_eases_every_quarter_of_a_minute():
    limits = Limits(heart_rate_bpm=120)
    fast = [Moment(float(second), is_pedalling=True, heart_rate_bpm=121) for second in range(31)]
    found = list(held(Aim(POWER, 60, held=60), limits, fast))
    assert [found[0], found[14], found[15], found[30]] == [55, 55, 50, 45]
    assert EASE_EVERY_S == 15
    calm = Moment(40.0, is_pedalling=True, heart_rate_bpm=120)
    assert step(Aim(POWER, 60, held=45, eased=15), limits, calm).held == 45, "what was eased stays so"


@pytest.mark.parametrize("unknown", [Limits(), Limits(heart_rate_bpm=100)])
def test_an_unknown_heart_rate_eases_nothing(unknown):
    assert step(Aim(POWER, 60, held=60), unknown, PEDALS).eased == 0


moments = st.builds(Moment, st.floats(0, 1e4), st.booleans(), st.none() | st.integers(30, 220))


@given(st.floats(0, 500), st.floats(0, 300), st.none() | st.integers(60, 180), st.lists(moments, max_size=60))
def test_never_above_a_limit_nor_faster_than_it_may(wanted, most, ceiling, passing):
    limits = Limits(power_w=most, heart_rate_bpm=ceiling)
    before = None
    for value in held(Aim(POWER, wanted), limits, passing):
        if value is not None:
            assert 0 <= value <= min(wanted, most)
            assert value <= (POWER.start if before is None else before + POWER.rise)
        before = value
