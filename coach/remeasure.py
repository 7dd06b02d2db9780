"""Stored recordings, measured again from their originals: after a label, for another body, by a newer algorithm."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from isal import isal_zlib
from sqlalchemy import Engine
from sqlmodel import Session

from coach.effort import ALGORITHM, Effort, efforts_of, totals_of
from coach.effort.kind import Kind
from coach.labels import AS_YOU_SAID, kind_by
from coach.plan.model import Exercise
from coach.store import labels, recordings
from coach.store.bodies import body_of
from coach.store.engine import reading, writing
from coach.store.tables import Person, key
from devices.errors import DeviceError
from devices.fit.read import read
from devices.recording import Totals

# Others that write wait meanwhile: at a few milliseconds a recording, a tenth of a second.
_BATCH: Final = 20


@dataclass(frozen=True, slots=True)
class Remeasured:
    """What an activity measures as now; `exercise` is by the label where there is one."""

    activity_id: int
    exercise: Exercise | None
    reason: str
    totals: Totals
    efforts: tuple[Effort, ...]


def remeasured(session: Session, person: Person, activity_ids: Sequence[int] | None = None) -> Iterator[Remeasured]:
    """Each of these activities, or all of the person's, decoded and measured again; nothing is written.

    One that was entered by hand has nothing to decode, and is left out; so is a recording that its original no longer
    yields, or whose original is kept no longer. A label of its own comes first, then what was said of one like it
    before it came in, as at its import.
    """
    body, sayings = body_of(person), labels.said(session, key(person))
    stored = recordings.of(session, key(person), activity_ids)
    for original_id, parts in groupby(stored, key=lambda each: each.original_id):
        if not (content := recordings.content(session, original_id)):
            continue
        try:
            found = read(isal_zlib.decompress(content)).recordings
        except DeviceError:
            continue  # it could be read once; a reader that no longer can shall not take away what was made of it
        for each in parts:
            if each.part >= len(found):
                continue
            recording = found[each.part]
            if each.exercise is not None:
                kind = Kind(each.exercise, AS_YOU_SAID)
            else:
                kind = kind_by(recording, labels.memory(sayings, each.received_at))
            efforts = efforts_of(recording, kind.exercise, body)
            yield Remeasured(each.activity_id, kind.exercise, kind.reason, totals_of(recording, efforts), efforts)


def keep(session: Session, found: Iterable[Remeasured]) -> int:
    """Put these in the place of what was measured before; gives how many."""
    rows = {
        each.activity_id: ({"exercise": each.exercise, "exercise_reason": each.reason}, each.totals, each.efforts)
        for each in found
    }
    recordings.replace(session, rows, ALGORITHM)
    return len(rows)


def remeasure(engine: Engine, person: Person, activity_ids: Sequence[int]) -> int:
    """Measure these again and keep it: all of them, or none. Gives how many."""
    with writing(engine, key(person)) as session:
        return keep(session, remeasured(session, person, activity_ids))


def remeasure_all(engine: Engine, person: Person, progress: Callable[[int, int], None] | None = None) -> int:
    """Measure all of a person's recordings again and keep it; gives how many. `progress` hears how many of how many.

    A few at a time: stopped in the middle, what is done is kept, and the next run does all again.
    """
    with reading(engine) as session:
        ids = [each.activity_id for each in recordings.of(session, key(person))]
    done = 0
    for start in range(0, len(ids), _BATCH):
        done += remeasure(engine, person, ids[start : start + _BATCH])
        if progress is not None:
            progress(min(start + _BATCH, len(ids)), len(ids))
    return done
