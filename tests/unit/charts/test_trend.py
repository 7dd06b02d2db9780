"""The chart of the last weeks: what is on it, in both inks, whatever the weeks."""

import struct
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.charts import png
from coach.charts.ink import as_png
from coach.charts.marks import Box, Chart, Dot, Label, Line
from coach.charts.resvg import FONT, rasterised
from coach.charts.svg import as_svg
from coach.charts.trend import Caption, Week, trend

CAPTION = Caption("The last weeks", "All of it <in> words & more", "Share of the plan, %", "Morning pain, 0-10")
SVG = "{http://www.w3.org/2000/svg}"

weeks_of_any_kind = st.lists(
    st.builds(
        Week,
        label=st.text(max_size=8),
        score=st.none() | st.integers(0, 100),
        score_text=st.text(max_size=4),
        pain=st.none() | st.floats(0, 10),
        pain_text=st.text(max_size=4),
    ),
    max_size=30,
)


def week(number: int, score: int | None = None, pain: float | None = None) -> Week:
    return Week(f"W{number}", score, "–" if score is None else str(score), pain, "" if pain is None else f"{pain:g}")


def marks(kind: type, weeks: list[Week]) -> list:
    return [each for each in trend(weeks, CAPTION).marks if isinstance(each, kind)]


def test_a_week_without_a_score_has_no_bar_and_one_of_nothing_has_an_empty_one():
    done = "#2f7d6b"
    bars = marks(Box, [week(1, 50), week(2), week(3, 0), week(4, 100)])
    assert [round(each.height, 3) for each in bars if each.fill == done] == [42, 84]
    assert len([each for each in bars if each.fill != done]) == 3  # the tracks
    assert "–" in [each.text for each in marks(Label, [week(2)])]


def test_a_week_without_a_morning_breaks_the_line_and_is_no_zero():
    told = [week(1, 9, 2.0), week(2, 9, 3.0), week(3, 9), week(4, 9, 1.0), week(5, 9, 0.0), week(6, 9), week(7, 9, 5.0)]
    assert [len(each.points) for each in marks(Line, told)] == [2, 2]
    assert len(marks(Dot, told)) == 5
    assert min(each.y for each in marks(Dot, told)) == marks(Dot, told)[-1].y  # the highest pain stands highest


def test_of_half_a_year_every_week_is_drawn_and_every_fourth_bears_its_figures():
    half_a_year = [week(number, number, number / 10) for number in range(1, 27)]
    assert len(marks(Dot, half_a_year)) == 26
    tracks = [each for each in marks(Box, half_a_year) if each.height == 84]
    assert len(tracks) == 26
    assert all(left.x + left.width <= right.x for left, right in pairwise(tracks))
    told = [each.text for each in marks(Label, half_a_year) if each.text.startswith("W")]
    assert told == ["W2", "W6", "W10", "W14", "W18", "W22", "W26"]


def test_without_a_morning_there_is_no_lower_half():
    without, with_one = trend([week(1, 50), week(2, 60)], CAPTION), trend([week(1, 50, 2.0), week(2, 60)], CAPTION)
    assert without.height < with_one.height
    assert CAPTION.pain not in [each.text for each in without.marks if isinstance(each, Label)]


@given(weeks_of_any_kind)
@settings(max_examples=80, deadline=None)
def test_it_is_a_picture_with_a_title_and_all_of_it_in_words(weeks):
    root = ET.fromstring(as_svg(trend(weeks, CAPTION)))  # noqa: S314 (ours)
    assert root.get("role") == "img"
    assert [root.findtext(f"{SVG}{name}") for name in ("title", "desc")] == [CAPTION.title, CAPTION.description]
    assert "nan" not in as_svg(trend(weeks, CAPTION))


@given(
    st.lists(
        st.builds(week, st.just(7), st.none() | st.sampled_from([0, 41, 100]), st.sampled_from([None, 0, 2.5, 10]))
    )
)
@settings(max_examples=20, deadline=None)
def test_every_mark_is_painted_on_the_card(weeks):
    chart = trend(weeks[:8], CAPTION)
    assert struct.unpack(">II", as_png(chart)[16:24]) == (2 * chart.width, 2 * chart.height)
    for each in chart.marks:
        if not isinstance(each, Label | Line):
            assert 0 <= each.x <= chart.width
            assert 0 <= each.y <= chart.height


WEEKS = [week(40, 74, 3.2), week(41, 81, 3.6), week(42), week(43, 100, 2.5), week(44, 0, 10.0), week(45, 7, 0.0)]


@pytest.mark.parametrize("scale", [1, 2])
def test_both_inks_paint_the_same(scale):
    """Text stands on whole pixels in one and between them in the other: compared after a blur of its strokes."""
    chart = trend(WEEKS, CAPTION)
    ours, theirs = on_white(as_png(chart, scale)), on_white(rasterised(as_svg(chart), scale))
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).mean() < 2
    assert np.abs(blurred(ours) - blurred(theirs)).max() < 48


def blurred(pixels: np.ndarray, size: int = 6) -> np.ndarray:
    height, width = (each // size * size for each in pixels.shape[:2])
    return pixels[:height, :width].reshape(height // size, size, width // size, size, 3).mean(axis=(1, 3))


def on_white(picture: bytes) -> np.ndarray:
    """As it is seen on paper: where it is not opaque, nobody sees its own colour."""
    pixels = png.decoded(picture).astype(float)
    opaque = pixels[:, :, 3:] / 255
    return pixels[:, :, :3] * opaque + 255 * (1 - opaque)


def test_shapes_alone_are_the_same_to_a_few_shades():
    shapes = (
        Box(10, 10, 40, 30.5, "#2f7d6b", 4),
        Box(60, 10.25, 30, 0.5, "#000000"),
        Dot(75, 60, 6.5, "#6a4c93"),
        Line(((10, 90), (50, 60), (90, 95)), "#6a4c93", 3),
    )
    chart = Chart(100, 110, "t", "d", Box(0, 0, 100, 110, "#f6f8f7", 12), shapes)
    apart = np.abs(on_white(as_png(chart)) - on_white(rasterised(as_svg(chart), 2)))
    assert apart.max() < 30
    assert apart.mean() < 0.2


def test_what_reaches_over_the_edge_is_cut_off():
    beyond = (
        Box(-20, -20, 500, 30, "#000000"),
        Dot(100, 50, 40, "#ff0000"),
        Label(100, 50, "over the edge", "#000000"),
    )
    chart = Chart(100, 50, "t", "d", Box(0, 0, 100, 50, "#ffffff"), beyond)
    assert png.decoded(as_png(chart)).shape == (100, 200, 4)


def test_a_png_says_what_was_put_into_it():
    palette = png.Palette([(n, 2 * n % 256, 7, 255 - n) for n in range(256)])
    numbers = np.random.default_rng(1).integers(0, 256, (13, 7), np.uint8)
    rows = png.blank(7, 13)
    rows[:, 1:] = numbers
    assert (png.decoded(png.encoded(rows, palette)) == np.array(palette.colours, np.uint8)[numbers]).all()


def test_a_colour_too_many_becomes_the_nearest():
    palette = png.Palette((n, n, n, 255) for n in range(256))
    assert palette.index((100, 101, 99, 255)) == 100
    assert len(palette.colours) == 256


def test_the_font_that_comes_along_is_small_and_has_our_languages():
    assert FONT.stat().st_size < 60_000
    for letters in ("äöüÄÖÜß", "éèêçñåøæ", "łşğőžčđ", "0123456789 %–.,-"):
        drawn = {rasterised(glyph(each)) for each in letters if each != " "}
        assert len(drawn) == len(letters.replace(" ", ""))  # none is missing, and so drawn as the next


def glyph(letter: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="15">{letter}</text></svg>'
