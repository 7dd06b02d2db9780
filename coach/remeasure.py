"""Stored recordings, measured again from their originals: after a label, for another body, by a newer algorithm."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlmodel import Session

from coach.effort import Effort
from coach.plan.model import Exercise
from coach.store.tables import Person
from devices.recording import Totals


@dataclass(frozen=True, slots=True)
class Remeasured:
    """What an activity measures as now. Nothing is written; `exercise` is by the label where there is one."""

    activity_id: int
    exercise: Exercise | None
    reason: str
    totals: Totals
    efforts: tuple[Effort, ...]


def remeasured(session: Session, person: Person, activity_ids: Sequence[int] | None = None) -> Iterator[Remeasured]:
    """Each of these activities, or all of the person's, decoded and measured again; manual ones have nothing to decode
    and are left out.
    """
    raise NotImplementedError


def remeasure_all(engine: Engine, person: Person, progress: Callable[[int, int], None] | None = None) -> int:
    """Measure all of a person's recordings again and keep it; gives how many. `progress` hears how many of how many."""
    raise NotImplementedError
