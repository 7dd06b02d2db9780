"""When the timer of a ride runs: not while it is paused, and not while all that is known stands still."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from devices.ble.entries import Entry, Kind
from devices.recording import Column, Span

AUTO_PAUSE_S: Final = 5
"""A sip from a bottle, or the top of a stroke, is shorter; who stands still for longer has stopped. Cycling computers
stop after 3 to 5 seconds."""


def paused(entries: Sequence[Entry], end_s: float) -> tuple[Span, ...]:
    """What lies between a pause and what ends it: resuming, or the end."""
    spans: list[Span] = []
    since: float | None = None
    for entry in entries:
        if entry.kind is Kind.PAUSE and since is None:
            since = entry.at_s
        elif entry.kind in (Kind.RESUME, Kind.END) and since is not None:
            spans.append(Span(since, entry.at_s))
            since = None
    return tuple(spans) if since is None else (*spans, Span(since, end_s))


def running(paused: Sequence[Span], moves: Column, end_s: float) -> tuple[Span, ...]:
    """The stretches in which the timer runs, in order; never none.

    Args:
        paused: when it was paused by hand.
        moves: for each second 1 where something moves, 0 where all that is known stands still, NaN where nothing is.
        end_s: when the ride ended.
    """
    stopped = sorted([*paused, *(each for each in _true(moves == 0) if each.duration_s >= AUTO_PAUSE_S)])
    spans: list[Span] = []
    since = 0.0
    for span in stopped:
        if span.start_s > since:
            spans.append(Span(since, min(span.start_s, end_s)))
        since = max(since, span.end_s)
    if since < end_s or not spans:
        spans.append(Span(min(since, end_s), end_s))
    return tuple(spans)


def gaps(unknown: NDArray[np.bool_]) -> tuple[Span, ...]:
    """The stretches of which nothing is known."""
    return tuple(_true(unknown))


def _true(mask: NDArray[np.bool_]) -> Iterator[Span]:
    at = 0
    for is_true, group in groupby(mask.tolist()):
        length = len(list(group))
        if is_true:
            yield Span(float(at), float(at + length))
        at += length
