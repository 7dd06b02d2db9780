"""Arithmetic on stretches of time: tuples of `Span`, in order, disjoint, none empty.

One notion of time for everything that is credited or left out, so that a minute is never counted twice.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import partial
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from devices.recording import Span

Spans = tuple[Span, ...]

NOTHING: Spans = ()


# A walk through a town has hundreds of stretches, and a judged week is little else than these functions: so they unpack
# tuples, and make them without a call of Python's own.
_make: Final[Callable[[tuple[float, float]], Span]] = partial(tuple.__new__, Span)


def total_s(spans: Iterable[Span]) -> float:
    return sum([end_s - start_s for start_s, end_s in spans])


def union(*groups: Iterable[Span]) -> Spans:
    """Every moment that is in any of the groups; spans that touch become one."""
    merged: list[Span] = []
    begun = ended = 0.0
    for start_s, end_s in sorted([span for group in groups for span in group if span[1] > span[0]]):
        if start_s > ended or not merged:
            begun, ended = start_s, end_s
            merged.append(_make((begun, ended)))
        elif end_s > ended:
            ended = end_s
            merged[-1] = _make((begun, ended))
    return tuple(merged)


def intersect(one: Spans, other: Spans) -> Spans:
    """Every moment that is in both."""
    found: list[Span] = []
    if not one or not other:
        return NOTHING
    mine, theirs = iter(one), iter(other)
    (a, b), (c, d) = next(mine), next(theirs)
    try:
        while True:
            if b <= d:
                if b > c:
                    found.append(_make((a if a > c else c, b)))  # noqa: FURB136 (half of the time is here)
                a, b = next(mine)
            else:
                if d > a:
                    found.append(_make((a if a > c else c, d)))  # noqa: FURB136
                c, d = next(theirs)
    except StopIteration:
        return tuple(found)


def subtract(whole: Spans, taken: Spans) -> Spans:
    """Every moment of `whole` that is not in `taken`."""
    if not whole or not taken:
        return whole
    # What ends before the first that is taken, or begins after the last, stays as it is.
    first = max(0, bisect_left(whole, taken[0]) - 1)
    last = bisect_left(whole, (taken[-1][1],))
    left = list(whole[:first])
    at, count = max(0, bisect_left(taken, whole[first]) - 1), len(taken)
    for span in whole[first:last]:
        start, end = span
        while at < count and taken[at][1] <= start:
            at += 1
        here = at
        while here < count and start < end:
            gone_from, gone_to = taken[here]
            if gone_from >= end:
                break
            if gone_from > start:
                left.append(_make((start, gone_from)))
            start = gone_to
            here += 1
        if start < end:
            left.append(span if start == span[0] else _make((start, end)))
    left += whole[last:]
    return tuple(left)


def parted(whole: Spans, taken: Spans) -> tuple[Spans, Spans]:
    """Every moment of `whole` that is in `taken`, and every moment that is not."""
    if not whole or not taken:
        return NOTHING, whole
    inside: list[Span] = []
    left: list[Span] = []
    at, count = 0, len(taken)
    for span in whole:
        start, end = span
        while at < count and taken[at][1] <= start:
            at += 1
        here = at
        while here < count:
            gone_from, gone_to = taken[here]
            if gone_from >= end:
                break
            if gone_from > start:
                left.append(_make((start, gone_from)))
                start = gone_from
            if gone_to >= end:
                inside.append(_make((start, end)))
                start = end
                break
            inside.append(_make((start, gone_to)))
            start = gone_to
            here += 1
        if start < end:
            left.append(span if start == span[0] else _make((start, end)))
    return tuple(inside), tuple(left)


def after(spans: Spans, seconds: float) -> Spans:
    """What is left of `spans` once their first `seconds` have passed."""
    return cut(spans, seconds)[1]


def cut(spans: Spans, seconds: float) -> tuple[Spans, Spans]:
    """The first `seconds` of `spans`, and the rest."""
    if seconds <= 0:
        return NOTHING, spans
    for index, (start_s, end_s) in enumerate(spans):
        if seconds < end_s - start_s:
            at = start_s + seconds
            if not start_s < at < end_s:  # so little that it is lost among POSIX seconds
                whole = index + (at >= end_s)
                return spans[:whole], spans[whole:]
            return (*spans[:index], _make((start_s, at))), (_make((at, end_s)), *spans[index + 1 :])
        seconds -= end_s - start_s
    return spans, NOTHING


def shift(spans: Spans, by_s: float) -> Spans:
    return tuple(map(_make, [(start_s + by_s, end_s + by_s) for start_s, end_s in spans])) if spans else spans


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
