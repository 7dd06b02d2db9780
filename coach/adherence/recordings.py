"""What was recorded, on the time line of a week: worked out when it is asked for, for a judgement asks for little."""

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from coach.effort.model import Effort, Exclusion, Predicate, begins
from coach.effort.spans import NOTHING, Spans, shift, subtract, total_s, union
from coach.plan.model import Exercise


class Unread(Mapping[Predicate, Effort]):
    """Efforts of which each is read when it is first asked for; what notes they have is known before."""

    __slots__ = ()

    @property
    @abstractmethod
    def notes(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class Performed:
    """A stored activity, as the judgement sees it. Times in `efforts` are seconds from `started_at`.

    Attributes:
        borg: effort, 6-20, as the person told their watch or us; water_c: the water's temperature, likewise.
        distance_m: covered, the device's figure where it has one.
        self_reported: entered by hand, without a recording.
        sha256: of the original; empty for one entered by hand. Of two that began at once it tells which comes first.
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
    sha256: str = ""

    @property
    def turn(self) -> tuple[datetime, str, int]:
        """Its place among others, whatever came in first: the earlier, then by hash, then as they stand in one file."""
        return self.started_at, self.sha256, self.activity_id

    @property
    def notes(self) -> Collection[str]:
        """What a person should know about how its efforts were worked out, in no order."""
        if isinstance(self.efforts, Unread):
            return self.efforts.notes
        return {each.note for each in self.efforts.values() if each.note}


class OnTheTimeLine(Mapping[Predicate, Spans]):
    """Where each predicate holds in some recordings, in POSIX seconds."""

    __slots__ = ("_found", "_parts")

    def __init__(self, parts: Sequence[Performed]) -> None:
        self._parts = parts
        self._found: dict[Predicate, Spans] = {}

    def __getitem__(self, predicate: Predicate) -> Spans:
        found: Spans | None = self.get(predicate)
        if found is None:
            raise KeyError(predicate)
        return found

    def get(self, predicate: Predicate, default: Any = None) -> Any:
        """As of any mapping, without the exception that a missing one costs."""
        found = self._found.get(predicate)
        if found is None:
            shifted = [
                shift(part.efforts[predicate].spans, part.started_at.timestamp())
                for part in self._parts
                if predicate in part.efforts
            ]
            if not shifted:
                return default
            found = self._found[predicate] = shifted[0] if len(shifted) == 1 else union(*shifted)
        return found

    def __contains__(self, predicate: object) -> bool:
        return any(predicate in part.efforts for part in self._parts)

    def __iter__(self) -> Iterator[Predicate]:
        return iter(dict.fromkeys(each for part in self._parts for each in part.efforts))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Climb(NamedTuple):
    """How much of a session led uphill: of all walking, and of it steeply."""

    minutes: float
    share: float
    steep_minutes: float


def climb(where: Mapping[Predicate, Spans]) -> Climb:
    """By where each predicate holds. What leads uphill was walked, also where the walking stopped now and then."""
    uphill, moving = where.get(Predicate.UPHILL, NOTHING), where.get(Predicate.MOVING, NOTHING)
    if not uphill:
        return Climb(0.0, 0.0, 0.0)
    uphill_s = total_s(uphill)
    walked_s = total_s(moving) + total_s(subtract(uphill, moving))
    steep_s = total_s(where.get(Predicate.STEEP, NOTHING))
    return Climb(uphill_s / 60, 60 * (uphill_s / 60) / max(1.0, walked_s), steep_s / 60)


def left_out(parts: Sequence[Performed], predicate: Predicate, counted: Spans) -> tuple[Exclusion, ...]:
    """What none of the devices counted, in order of time. Where several left out a moment, the first says why."""
    told: list[Exclusion] = []
    for part in parts:
        if predicate not in part.efforts or not (effort := part.efforts[predicate]).excluded:
            continue
        spans = shift(tuple([each.span for each in effort.excluded]), part.started_at.timestamp())
        theirs = [Exclusion(span, each.reason) for span, each in zip(spans, effort.excluded, strict=True)]
        if len(parts) > 1:
            known = union(counted, (each.span for each in told))
            theirs = [Exclusion(rest, each.reason) for each in theirs for rest in subtract((each.span,), known)]
        told += theirs
    return tuple(sorted(told, key=begins))
