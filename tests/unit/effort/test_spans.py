"""The arithmetic of stretches of time, against sets of whole seconds."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.effort.spans import (
    NOTHING,
    Spans,
    after,
    cut,
    from_mask,
    intersect,
    shift,
    subtract,
    to_mask,
    total_s,
    union,
)
from devices.recording import Span

LONGEST = 60


@st.composite
def some_spans(draw: st.DrawFn) -> Spans:
    """In order, disjoint, none empty; some touch."""
    edges = sorted(draw(st.sets(st.integers(0, LONGEST), max_size=12)))
    apart = [Span(float(a), float(b)) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    touching = [Span(float(a), float(b)) for a, b in pairwise(edges)]
    return tuple(draw(st.sampled_from([apart, touching])))


RAW = st.lists(
    st.tuples(st.integers(0, LONGEST), st.integers(0, LONGEST)).map(lambda each: Span(float(each[0]), float(each[1])))
)


def seconds(spans: Spans | list[Span]) -> set[int]:
    return {second for span in spans for second in range(int(span.start_s), int(span.end_s))}


def tidy(spans: Spans) -> bool:
    """In order, disjoint, none empty."""
    edges = [edge for span in spans for edge in span]
    return edges == sorted(edges) and all(span.duration_s > 0 for span in spans)


@given(RAW, RAW)
def test_union_is_every_moment_of_either_and_in_order(one: list[Span], other: list[Span]) -> None:
    both = union(one, other)
    assert seconds(both) == seconds(one) | seconds(other)
    assert tidy(both)
    assert all(a.end_s < b.start_s for a, b in pairwise(both))


@given(some_spans(), some_spans())
def test_intersect_is_every_moment_of_both(one: Spans, other: Spans) -> None:
    shared = intersect(one, other)
    assert seconds(shared) == seconds(one) & seconds(other)
    assert tidy(shared)
    assert seconds(intersect(other, one)) == seconds(shared)


@given(some_spans(), some_spans())
def test_subtract_is_every_moment_of_the_one_alone(one: Spans, other: Spans) -> None:
    rest = subtract(one, other)
    assert seconds(rest) == seconds(one) - seconds(other)
    assert tidy(rest)
    assert total_s(rest) + total_s(intersect(one, other)) == total_s(one)


@given(some_spans(), st.integers(0, LONGEST + 10))
def test_after_is_what_is_left_once_so_many_seconds_have_passed(spans: Spans, passed: int) -> None:
    rest = after(spans, passed)
    assert seconds(rest) == set(sorted(seconds(spans))[passed:])
    assert tidy(rest)


@given(some_spans(), st.integers(-100, 100))
def test_shift_moves_every_moment(spans: Spans, by: int) -> None:
    assert seconds(shift(spans, by)) == {second + by for second in seconds(spans)}


@given(st.lists(st.booleans(), max_size=LONGEST))
def test_a_mask_and_its_spans_say_the_same(values: list[bool]) -> None:
    mask = np.array(values, dtype=np.bool_)
    spans = from_mask(mask)
    assert seconds(spans) == {index for index, value in enumerate(values) if value}
    assert tidy(spans)
    assert (to_mask(spans, len(values)) == mask).all()


@given(st.floats(-5, 65), st.floats(0, 20))
def test_a_mask_has_the_seconds_whose_middle_is_inside(start: float, length: float) -> None:
    span = Span(start, start + length)
    inside = [span.start_s <= second + 0.5 < span.end_s for second in range(LONGEST)]
    assert to_mask((span,), LONGEST).tolist() == inside


@pytest.mark.parametrize(
    ("start", "end", "seconds_inside"), [(0.5, 1.5, [0]), (1.5, 2.5, [1]), (0.6, 1.4, []), (2.0, 2.4, [])]
)
def test_half_a_second_is_always_given_to_the_same_side(start: float, end: float, seconds_inside: list[int]) -> None:
    assert np.flatnonzero(to_mask((Span(start, end),), 10)).tolist() == seconds_inside


def test_nothing_is_nothing() -> None:
    some = (Span(1.0, 2.0),)
    assert union() == union(NOTHING) == union([Span(3.0, 3.0)], [Span(5.0, 4.0)]) == NOTHING
    assert intersect(some, NOTHING) == subtract(NOTHING, some) == NOTHING
    assert subtract(some, NOTHING) == some
    assert subtract(some, some) == NOTHING
    assert total_s(NOTHING) == 0


@pytest.mark.parametrize("seconds_in", [1e-9, 10 - 1e-9])
def test_a_cut_too_near_an_edge_to_tell_leaves_nothing_empty(seconds_in: float) -> None:
    """A billionth of a second is lost among POSIX seconds."""
    spans = (Span(1.79e9, 1.79e9 + 10), Span(1.79e9 + 20, 1.79e9 + 30))
    first, rest = cut(spans, seconds_in)
    assert tidy(first)
    assert tidy(rest)
    assert first + rest == spans
