"""What was recorded, on the time line of a week: worked out when it is asked for, for a judgement asks for little."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coach.effort.model import Effort, Exclusion, Predicate, begins
from coach.effort.spans import Spans, shift, subtract, union
from coach.plan.model import Exercise


@dataclass(frozen=True, slots=True)
class Performed:
    """A stored activity, as the judgement sees it. Times in `efforts` are seconds from `started_at`.

    Attributes:
        borg: effort, 6-20, as the person told their watch or us; water_c: the water's temperature, likewise.
        distance_m: covered, the device's figure where it has one.
        self_reported: entered by hand, without a recording.
    """

    activity_id: int
    exercise: Exercise | None
    started_at: datetime
    ended_at: datetime
    efforts: Mapping[Predicate, Effort]
    borg: float | None = None
    water_c: float | None = None
    distance_m: float | None = None
    self_reported: bool = False


class OnTheTimeLine(Mapping[Predicate, Spans]):
    """Where each predicate holds in some recordings, in POSIX seconds."""

    __slots__ = ("_found", "_parts")

    def __init__(self, parts: Sequence[Performed]) -> None:
        self._parts = parts
        self._found: dict[Predicate, Spans] = {}

    def __getitem__(self, predicate: Predicate) -> Spans:
        if predicate not in self._found:
            shifted = [
                shift(part.efforts[predicate].spans, part.started_at.timestamp())
                for part in self._parts
                if predicate in part.efforts
            ]
            if not shifted:
                raise KeyError(predicate)
            self._found[predicate] = shifted[0] if len(shifted) == 1 else union(*shifted)
        return self._found[predicate]

    def get(self, predicate: Predicate, default: Any = None) -> Any:
        """As of any mapping, without the exception that a missing one costs."""
        return self[predicate] if predicate in self else default  # noqa: SIM401 (that is this method)

    def __contains__(self, predicate: object) -> bool:
        return any(predicate in part.efforts for part in self._parts)

    def __iter__(self) -> Iterator[Predicate]:
        return iter(dict.fromkeys(each for part in self._parts for each in part.efforts))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def left_out(parts: Sequence[Performed], predicate: Predicate, counted: Spans) -> tuple[Exclusion, ...]:
    """What none of the devices counted, in order of time. Where several left out a moment, the first says why."""
    told: list[Exclusion] = []
    for part in parts:
        if (effort := part.efforts.get(predicate)) is None:
            continue
        spans = shift(tuple([each.span for each in effort.excluded]), part.started_at.timestamp())
        theirs = [Exclusion(span, each.reason) for span, each in zip(spans, effort.excluded, strict=True)]
        if len(parts) > 1:
            known = union(counted, (each.span for each in told))
            theirs = [Exclusion(rest, each.reason) for each in theirs for rest in subtract((each.span,), known)]
        told += theirs
    return tuple(sorted(told, key=begins))
