"""Timer, laps and lengths of each session, in seconds from its start.

The sessions are all those of a file, in order of time: each message is looked at once, however many there are.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from math import inf
from operator import attrgetter, itemgetter
from typing import Final

from devices.fit.messages import Messages, Row, duration, number, text
from devices.fit.names import name
from devices.fit.sessions import Window
from devices.recording import Lap, Length, Span

_STARTS: Final = frozenset({"start"})
_STOPS: Final = frozenset({"stop", "stop_all", "stop_disable", "stop_disable_all"})
_IDLE: Final = "idle"
_UNTIL: Final = attrgetter("until")


def timers(messages: Messages, sessions: Sequence[Window]) -> list[tuple[Span, ...]]:
    """The stretches of each in which the device's timer ran; all of it where no event says otherwise."""
    running = list(_running(messages.of("event")))

    def within(session: Window) -> Iterator[Span]:
        first = bisect_right(running, session.start, key=itemgetter(1))
        last = bisect_left(running, session.end, key=itemgetter(0))
        for begin, end in running[first:last]:
            yield _span(max(begin, session.start), min(end, session.end), session)

    return [tuple(within(each)) or (_span(each.start, each.end, each),) for each in sessions]


def laps(messages: Messages, sessions: Sequence[Window]) -> list[tuple[Lap, ...]]:
    return [
        tuple(Lap(span, number(row, "total_distance")) for row, span in own)
        for own in _stretches(messages, "lap", sessions)
    ]


def lengths(messages: Messages, sessions: Sequence[Window]) -> list[tuple[Length, ...]]:
    return [tuple(_length(row, span) for row, span in own) for own in _stretches(messages, "length", sessions)]


def _length(row: Row, span: Span) -> Length:
    strokes = number(row, "total_strokes")
    return Length(
        span=span,
        active=text(row, "length_type") != _IDLE,
        stroke=name("SwimStroke", text(row, "swim_stroke")),
        strokes=None if strokes is None else round(strokes),
    )


def _running(events: Sequence[Row]) -> Iterator[tuple[float, float]]:
    """When the timer ran over the whole file, in order; a start or an end that no event tells is open."""
    stamped = ((number(row, "timestamp"), text(row, "event_type")) for row in events if text(row, "event") == "timer")
    switches = [(moment, kind) for moment, kind in stamped if moment is not None and kind]
    switches.sort(key=lambda switch: switch[0])
    begun: float | None = None if switches and switches[0][1] in _STARTS else -inf
    for moment, kind in switches:
        if kind in _STARTS and begun is None:
            begun = moment
        elif kind in _STOPS and begun is not None:
            if begun < moment:
                yield begun, moment
            begun = None
    if begun is not None:
        yield begun, inf


def _stretches(messages: Messages, name: str, sessions: Sequence[Window]) -> list[list[tuple[Row, Span]]]:
    """The rows that begin in each session; one that does not say when begins where the last one ended."""
    found: list[list[tuple[Row, Span]]] = [[] for _ in sessions]
    begin = sessions[0].start
    for row in messages.of(name):
        stated = number(row, "start_time")
        begin = begin if stated is None else stated
        end = begin + (duration(row, "total_elapsed_time", "total_timer_time") or 0)
        index = bisect_right(sessions, begin, key=_UNTIL)
        if index < len(sessions) and (session := sessions[index]).holds(begin):
            found[index].append((row, _span(begin, end, session)))
        begin = end
    return found


def _span(begin: float, end: float, session: Window) -> Span:
    """From the session's start, to the millisecond that FIT keeps."""
    return Span(round(max(begin - session.start, 0.0), 3), round(max(end - session.start, 0.0), 3))
