"""Arithmetic on stretches of time: tuples of `Span`, in order, disjoint, none empty.

One notion of time for everything that is credited or left out, so that a minute is never counted twice.
"""

from collections.abc import Iterable, Iterator
from math import ceil

import numpy as np
from numpy.typing import NDArray

from devices.recording import Span

Spans = tuple[Span, ...]

NOTHING: Spans = ()


def total_s(spans: Iterable[Span]) -> float:
    return sum(span.duration_s for span in spans)


def union(*groups: Iterable[Span]) -> Spans:
    """Every moment that is in any of the groups; spans that touch become one."""
    merged: list[Span] = []
    for span in sorted(span for group in groups for span in group if span.end_s > span.start_s):
        if merged and span.start_s <= merged[-1].end_s:
            merged[-1] = Span(merged[-1].start_s, max(merged[-1].end_s, span.end_s))
        else:
            merged.append(span)
    return tuple(merged)


def intersect(one: Spans, other: Spans) -> Spans:
    """Every moment that is in both."""
    return tuple(_overlaps(one, other))


def _overlaps(one: Spans, other: Spans) -> Iterator[Span]:
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i].start_s, other[j].start_s), min(one[i].end_s, other[j].end_s)
        if start < end:
            yield Span(start, end)
        if one[i].end_s <= other[j].end_s:
            i += 1
        else:
            j += 1


def subtract(whole: Spans, taken: Spans) -> Spans:
    """Every moment of `whole` that is not in `taken`."""
    if not whole or not taken:
        return whole
    edges = [whole[0].start_s, *(edge for span in taken for edge in span), whole[-1].end_s]
    gaps = (Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end)
    return intersect(whole, tuple(gaps))


def after(spans: Spans, seconds: float) -> Spans:
    """What is left of `spans` once their first `seconds` have passed."""
    rest: list[Span] = []
    for span in spans:
        skipped = min(seconds, span.duration_s)
        seconds -= skipped
        if skipped < span.duration_s:
            rest.append(Span(span.start_s + skipped, span.end_s))
    return tuple(rest)


def shift(spans: Spans, by_s: float) -> Spans:
    return tuple(Span(span.start_s + by_s, span.end_s + by_s) for span in spans)


def from_mask(mask: NDArray[np.bool_]) -> Spans:
    """The runs of True in a mask of whole seconds."""
    if not mask.size:
        return NOTHING
    edges = np.flatnonzero(mask[1:] != mask[:-1]) + 1
    bounds = [*([0] if mask[0] else []), *edges.tolist(), *([mask.size] if mask[-1] else [])]
    return tuple(map(Span, map(float, bounds[::2]), map(float, bounds[1::2])))


def to_mask(spans: Spans, seconds: int) -> NDArray[np.bool_]:
    """Whole seconds whose middle is inside a span."""
    mask = np.zeros(seconds, dtype=np.bool_)
    for span in spans:
        mask[max(0, ceil(span.start_s - 0.5)) : max(0, ceil(span.end_s - 0.5))] = True
    return mask
