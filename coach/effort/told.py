"""What a session amounts to that nobody recorded: the minutes that the person tells."""

from typing import Final

from coach.effort.model import Effort, Predicate, predicate_of
from coach.effort.spans import NOTHING, Spans
from coach.plan.exercises import Family, facts
from coach.plan.model import Exercise
from devices.recording import Span

BY_HAND: Final = "entered by hand"


def efforts_told(exercise: Exercise, minutes: int, *, fast: int = 0, uphill: int = 0) -> tuple[Effort, ...]:
    """The exercise's own predicate over all of it. On a walk the fast minutes are put at its start and the uphill ones
    at its end: as far apart as they can be, so that a minute is taken for both only where both do not fit. What was not
    told is not known, and earns and violates nothing.
    """
    end_s = 60.0 * minutes
    own = Effort(predicate_of(exercise), (Span(0.0, end_s),), note=BY_HAND)
    if facts(exercise).family is not Family.WALK:
        return (own,)
    return (
        own,
        _part(Predicate.FAST, (Span(0.0, 60.0 * fast),) if fast else NOTHING, "cadence unavailable"),
        _part(Predicate.UPHILL, (Span(end_s - 60.0 * uphill, end_s),) if uphill else NOTHING, "grade unavailable"),
    )


def _part(predicate: Predicate, spans: Spans, unknown: str) -> Effort:
    return Effort(predicate, spans, note=BY_HAND if spans else f"{unknown}: {BY_HAND}")
