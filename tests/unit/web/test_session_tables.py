"""What stands in a session's table of totals."""

import pytest

from coach.web.session_tables import _told
from devices.recording import Totals


@pytest.mark.parametrize("name", ["avg_power_w", "avg_cadence_rpm", "avg_heart_rate_bpm", "distance_m"])
def test_what_nothing_measured_is_left_out(name):
    assert _told(Totals(**{name: 0}), name) is None
    assert _told(Totals(**{name: 1}), name) == 1


@pytest.mark.parametrize("name", ["ascent_m", "moving_s"])
def test_what_can_be_none_at_all_stays(name):
    assert _told(Totals(**{name: 0.0}), name) == 0
