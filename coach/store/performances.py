"""What a person did, as the judgement wants it.

A letter looks at hundreds of efforts: what JSON one holds is read only where the judgement asks for it.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Text, bindparam, cast
from sqlalchemy import select as sql_select
from sqlmodel import col

from coach.adherence.recordings import Performed, Unread
from coach.effort.model import Effort, Exclusion, Predicate
from coach.plan.model import Exercise
from coach.store.asking import PERSON, SINCE, UNTIL, Asked, ask
from coach.store.labels import borg_told
from coach.store.tables import Activity, ActivityEffort, ActivityLabel, ActivityTotals, Original
from devices.recording import Span

_BEGUN: Final = (
    col(Activity.person_id) == PERSON,
    col(Activity.started_at) >= SINCE,
    col(Activity.started_at) < UNTIL,
)
# The device's figure where it gave one, else ours or the person's.
_DISTANCE_M: Final = (
    sql_select(col(ActivityTotals.distance_m))
    .where(col(ActivityTotals.activity_id) == Activity.id, col(ActivityTotals.distance_m).is_not(None))
    .order_by((col(ActivityTotals.source) == "device").desc())
    .limit(1)
    .scalar_subquery()
)
_DONE: Final = (
    sql_select(
        *(Activity.id, Activity.exercise, Activity.started_at, Activity.ended_at, Activity.exertion),  # type: ignore[call-overload]
        *(Activity.original_id, Original.sha256, ActivityLabel.borg, ActivityLabel.water_c, _DISTANCE_M),
    )
    .join(ActivityLabel, col(ActivityLabel.activity_id) == Activity.id, isouter=True)
    .join(Original, col(Original.id) == Activity.original_id, isouter=True)
    .where(*_BEGUN)
    .order_by(col(Activity.started_at), col(Activity.id))
)
_EFFORT: Final = sql_select(
    *(col(ActivityEffort.activity_id), col(ActivityEffort.predicate)),
    *(cast(col(ActivityEffort.spans), Text), cast(col(ActivityEffort.excluded), Text), col(ActivityEffort.note)),
)
_EFFORTS_OF: Final = _EFFORT.where(col(ActivityEffort.activity_id).in_(bindparam("activities", expanding=True)))
_EFFORTS: Final = _EFFORT.join(Activity, col(Activity.id) == ActivityEffort.activity_id).where(*_BEGUN)


def between(asked: Asked, person_id: int, start: datetime, end: datetime) -> list[Performed]:
    """What was begun in [start, end), with its efforts, as the judgement wants it; in order of time.

    What the person said of it outranks what their watch was told.
    """
    begun = {"person": person_id, "since": start, "until": end}
    rows = ask(asked, _DONE, **begun)
    efforts = _read(ask(asked, _EFFORTS, **begun))
    return [
        Performed(
            activity_id=number,
            exercise=Exercise(exercise) if exercise else None,
            started_at=started_at,
            ended_at=ended_at,
            efforts=efforts.get(number, {}),
            borg=borg_told(borg, exertion),
            water_c=water_c,
            distance_m=distance_m,
            self_reported=original_id is None,
            sha256=sha256 or "",
        )
        for number, exercise, started_at, ended_at, exertion, original_id, sha256, borg, water_c, distance_m in rows
    ]


def efforts_of(activity_ids: Sequence[int], asked: Asked) -> dict[int, Mapping[Predicate, Effort]]:
    return _read(ask(asked, _EFFORTS_OF, activities=list(activity_ids)))


def _read(rows: Iterable[Sequence[Any]]) -> dict[int, Mapping[Predicate, Effort]]:
    written: defaultdict[int, dict[str, _Written]] = defaultdict(dict)
    for number, predicate, spans, excluded, note in rows:
        written[number][predicate] = spans, excluded, note
    return {number: _Efforts(each) for number, each in written.items()}


_Written = tuple[str, str, str | None]
"""The spans and what is excluded, as JSON, and the note."""


class _Efforts(Unread):
    """Efforts of an activity, each read when it is first asked for."""

    __slots__ = ("_read", "_written")

    def __init__(self, written: Mapping[str, _Written]) -> None:
        self._written = written
        self._read: dict[Predicate, Effort] = {}

    @property
    def notes(self) -> Collection[str]:
        return {note for _, _, note in self._written.values() if note}

    def __getitem__(self, predicate: Predicate) -> Effort:
        found = self._read.get(predicate)
        if found is None:
            spans, excluded, note = self._written[predicate]
            left_out = tuple([Exclusion(Span(start, end), reason) for start, end, reason in _list(excluded)])
            found = self._read[predicate] = Effort(predicate, tuple(map(Span._make, _list(spans))), left_out, note)
        return found

    def __contains__(self, predicate: object) -> bool:
        return predicate in self._written

    def __iter__(self) -> Iterator[Predicate]:
        return map(Predicate, self._written)

    def __len__(self) -> int:
        return len(self._written)


def _list(written: str) -> list[Any]:
    """Most are empty, and need no reading."""
    return [] if written == "[]" else json.loads(written)
