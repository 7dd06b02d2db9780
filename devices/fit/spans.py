"""Timer, laps and lengths of a session, in seconds from its start."""

from collections.abc import Iterator, Sequence
from math import inf
from typing import Final

from devices.fit.messages import Messages, Row, duration, number, text
from devices.fit.names import name
from devices.fit.sessions import Window
from devices.recording import Lap, Length, Span

_STARTS: Final = frozenset({"start"})
_STOPS: Final = frozenset({"stop", "stop_all", "stop_disable", "stop_disable_all"})
_IDLE: Final = "idle"


def timer(messages: Messages, session: Window) -> tuple[Span, ...]:
    """The stretches of a session in which the device's timer ran; all of it where no event says otherwise."""
    cut = ((max(begin, session.start), min(end, session.end)) for begin, end in _running(messages.of("event")))
    spans = tuple(_span(begin, end, session) for begin, end in cut if begin < end)
    return spans or (_span(session.start, session.end, session),)


def laps(messages: Messages, session: Window) -> tuple[Lap, ...]:
    return tuple(Lap(span, number(row, "total_distance")) for row, span in _stretches(messages, "lap", session))


def lengths(messages: Messages, session: Window) -> tuple[Length, ...]:
    return tuple(
        Length(
            span=span,
            active=text(row, "length_type") != _IDLE,
            stroke=name("SwimStroke", text(row, "swim_stroke")),
            strokes=None if (strokes := number(row, "total_strokes")) is None else round(strokes),
        )
        for row, span in _stretches(messages, "length", session)
    )


def _running(events: Sequence[Row]) -> Iterator[tuple[float, float]]:
    """When the timer ran over the whole file; a start or an end that no event tells is open."""
    stamped = ((number(row, "timestamp"), text(row, "event_type")) for row in events if text(row, "event") == "timer")
    switches = [(moment, kind) for moment, kind in stamped if moment is not None and kind]
    switches.sort(key=lambda switch: switch[0])
    begun: float | None = None if switches and switches[0][1] in _STARTS else -inf
    for moment, kind in switches:
        if kind in _STARTS and begun is None:
            begun = moment
        elif kind in _STOPS and begun is not None:
            yield begun, moment
            begun = None
    if begun is not None:
        yield begun, inf


def _stretches(messages: Messages, name: str, session: Window) -> Iterator[tuple[Row, Span]]:
    """Rows that begin in the session; one that does not say when begins where the last one ended."""
    begin = session.start
    for row in messages.of(name):
        stated = number(row, "start_time")
        begin = begin if stated is None else stated
        end = begin + (duration(row, "total_elapsed_time", "total_timer_time") or 0)
        if session.holds(begin):
            yield row, _span(begin, end, session)
        begin = end


def _span(begin: float, end: float, session: Window) -> Span:
    """From the session's start, to the millisecond that FIT keeps."""
    return Span(round(max(begin - session.start, 0.0), 3), round(max(end - session.start, 0.0), 3))
