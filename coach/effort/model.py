"""`Effort`: what an activity amounts to in the plan's terms, one predicate at a time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final, NamedTuple

from coach.effort.spans import Spans, total_s
from coach.plan.exercises import Predicate, facts
from coach.plan.model import Exercise
from devices.recording import Span

__all__ = ["Effort", "Exclusion", "Predicate", "Reason", "predicate_of"]


def predicate_of(exercise: Exercise) -> Predicate:
    """The predicate that makes a minute eligible for an exercise."""
    return facts(exercise).predicate


class Reason(StrEnum):
    """Why a second did not count, before any plan is looked at."""

    PAUSED = "paused"  # the timer was stopped
    NO_DATA = "no_data"  # the timer ran, and the device recorded nothing
    STANDING_STILL = "standing_still"
    NOT_PEDALLING = "not_pedalling"
    LONG_REST = "long_rest"


class Exclusion(NamedTuple):
    span: Span
    reason: str


# A walk through a town has hundreds of them: made without a call of Python's own, as spans are.
_exclusion: Final[Callable[[tuple[Span, str]], Exclusion]] = partial(tuple.__new__, Exclusion)


def left_for(spans: Iterable[Span], reason: str) -> list[Exclusion]:
    """Each of the stretches, left out for one reason."""
    return list(map(_exclusion, [(span, reason) for span in spans]))


def begins(exclusion: Exclusion) -> float:
    """The order of what is left out: no two stretches begin at once."""
    return exclusion[0][0]


@dataclass(frozen=True, slots=True)
class Effort:
    """The seconds of an activity for which a predicate holds, and why the others do not.

    Attributes:
        spans: seconds from the activity's start.
        excluded: empty for predicates that merely describe (fast, uphill, steep): what is not uphill needs
            no excuse.
        note: what a person should know about how it was worked out ("grade unavailable: ...").
    """

    predicate: Predicate
    spans: Spans
    excluded: tuple[Exclusion, ...] = ()
    note: str | None = None

    @property
    def minutes(self) -> float:
        return total_s(self.spans) / 60
