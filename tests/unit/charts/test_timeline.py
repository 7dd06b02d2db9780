"""A session against time: what is drawn of it, and that it stays small."""

from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from coach.charts.marks import Box, Line
from coach.charts.svg import as_svg
from coach.charts.timeline import PANEL, STRIP, WIDTH, Panel, Went, means, panel, time_line

UPHILL, COUNTED, LEFT_OUT = "var(--third)", "var(--done)", "var(--shade)"


def went(seconds: int, counted=(), uphill=()) -> Went:
    masks = [np.zeros(seconds, np.bool_), np.zeros(seconds, np.bool_)]
    for mask, spans in zip(masks, (counted, uphill), strict=True):
        for begun, ended in spans:
            mask[begun:ended] = True
    return Went(*masks)


def lines(*panels: Panel, told: Went | None = None) -> list[Line]:
    """The curves, without the grid."""
    marks = time_line(panels, told, "title", "description").marks
    return [each for each in marks if isinstance(each, Line) and each.stroke == COUNTED]


def boxes(told: Went, fill: str) -> list[tuple[float, float]]:
    found = [each for each in time_line([], told, "", "").marks if isinstance(each, Box) and each.fill == fill]
    return [(each.x, each.width) for each in found if each.height > 1]


def test_the_lowest_and_the_highest_of_each_stretch_are_on_it():
    values = np.full(20_000, 100.0)
    values[7_000], values[15_000] = 180, 60  # one second each
    drawn = panel(values)
    assert (drawn.low, drawn.high) == (60, 180)
    (line,) = lines(drawn)
    ys = [y for _, y in line.points]
    assert min(ys) < 30  # at the top, and at the bottom
    assert max(ys) > PANEL - 10
    assert len(line.points) <= 400


def test_what_is_not_known_breaks_the_line_and_a_moment_on_its_own_is_seen():
    values = np.full(100, np.nan)
    values[10:40], values[70] = 90.0, 95.0
    first, alone = lines(panel(values))
    assert first.points[-1][0] < 400
    assert [round(x) for x, _ in alone.points] == [705, 706]


def test_what_counted_and_what_led_uphill_lie_where_they_were():
    told = went(1000, counted=[(0, 500)], uphill=[(600, 800)])
    assert boxes(told, COUNTED) == [(0, 500)]
    assert boxes(told, LEFT_OUT) == [(500, 500)]
    assert boxes(told, UPHILL) == [(600, 200)]


def test_without_an_account_nothing_is_shaded():
    chart = time_line([panel(np.arange(60.0))], None, "", "")
    assert chart.height == PANEL
    assert not [each for each in chart.marks if isinstance(each, Box)]


def test_panels_lie_below_one_another():
    chart = time_line([panel(np.arange(60.0)), panel(np.arange(60.0))], went(60), "", "")
    assert chart.height == 2 * PANEL + STRIP
    upper, lower = lines(panel(np.arange(60.0)), panel(np.arange(60.0)))
    assert max(y for _, y in upper.points) < PANEL < min(y for _, y in lower.points)


columns = arrays.arrays(np.float64, st.integers(1, 900), elements=st.just(np.nan) | st.floats(-500, 9000))


@given(columns.filter(lambda values: not np.isnan(values).all()))
def test_whatever_was_recorded_it_is_a_picture(values):
    told = went(values.size, counted=[(0, values.size // 2)])
    root = ET.fromstring(as_svg(time_line([panel(values)], told, "a <b>", "c & d"), stretched=True))  # noqa: S314 (ours)
    assert "nan" not in ET.tostring(root, encoding="unicode")
    for line in lines(panel(values), told=told):
        assert [x for x, _ in line.points] == sorted(x for x, _ in line.points)
        assert all(-1 <= x <= WIDTH + 1 and -1 <= y <= PANEL + 1 for x, y in line.points)


def test_means_leave_out_what_is_not_known():
    values = np.array([1.0, 3.0, np.nan, np.nan, 5.0])
    assert means(values, 2) == [2.0, None, 5.0]


@pytest.mark.parametrize("seconds", [1, 59, 60, 61, 7200])
def test_there_is_a_mean_for_every_step_that_was_begun(seconds):
    assert len(means(np.zeros(seconds), 60)) == -(-seconds // 60)
