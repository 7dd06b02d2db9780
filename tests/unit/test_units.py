"""Metric and imperial: what is shown can be typed back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.errors import UsageError
from coach.units import Quantity, Units, shown, typed, unit
from config.messages import catalogue

WORDS = catalogue()


@pytest.mark.parametrize(
    ("value", "quantity", "units", "text"),
    [
        (5200, Quantity.DISTANCE, Units.METRIC, "5.20 km"),
        (1609.344, Quantity.DISTANCE, Units.IMPERIAL, "1.00 mi"),
        (25, Quantity.LENGTH, Units.METRIC, "25 m"),
        (30.48, Quantity.LENGTH, Units.IMPERIAL, "100 ft"),
        (10, Quantity.SPEED, Units.METRIC, "36.0 km/h"),
        (4.4704, Quantity.SPEED, Units.IMPERIAL, "10.0 mph"),
        (37, Quantity.TEMPERATURE, Units.IMPERIAL, "99 °F"),
        (None, Quantity.SPEED, Units.METRIC, "–"),
    ],
)
def test_figures_as_they_are_read(value, quantity, units, text):
    assert shown(value, quantity, units, WORDS) == text


def test_a_comma_is_a_point_where_it_is_one():
    assert shown(5200, Quantity.DISTANCE, Units.METRIC, catalogue("de")) == "5,20 km"
    assert typed("5,2", Quantity.DISTANCE, Units.METRIC, "Distance", WORDS) == pytest.approx(5200)


@given(st.floats(0, 1e6), st.sampled_from(Quantity), st.sampled_from(Units))
def test_what_is_shown_can_be_typed(value, quantity, units):
    text = shown(value, quantity, units, WORDS).split()[0]
    back = typed(text, quantity, units, "x", WORDS)
    assert abs(back - value) * unit(quantity, units).factor <= 0.5 * 10 ** -unit(quantity, units).digits + 1e-6


@pytest.mark.parametrize("text", ["x", "1e999", "nan", "1 2"])
def test_what_is_no_number(text):
    with pytest.raises(UsageError, match="Distance: a number, in mi"):
        typed(text, Quantity.DISTANCE, Units.IMPERIAL, "Distance", WORDS)


def test_nothing_is_nothing():
    assert typed(" ", Quantity.SPEED, Units.METRIC, "x", WORDS) is None
