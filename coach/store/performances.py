"""What a person did, as the judgement wants it.

A letter looks at hundreds of efforts, and an object of a table's class costs more than all else of it: so columns are
read, not rows, and what JSON an effort holds only where the judgement asks for it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Text, cast
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from coach.adherence.recordings import Performed
from coach.effort.model import Effort, Exclusion, Predicate
from coach.plan.model import Exercise
from coach.store.labels import borg_told
from coach.store.tables import Activity, ActivityEffort, ActivityLabel, ActivityTotals, Original
from devices.recording import Span


def between(session: Session, person_id: int, start: datetime, end: datetime) -> list[Performed]:
    """What was begun in [start, end), with its efforts, as the judgement wants it; in order of time.

    What the person said of it outranks what their watch was told.
    """
    columns = (Activity.id, Activity.exercise, Activity.started_at, Activity.ended_at, Activity.exertion)
    labels = (Activity.original_id, Original.sha256, ActivityLabel.borg, ActivityLabel.water_c)
    rows = session.execute(
        sql_select(*columns, *labels)  # type: ignore[call-overload]
        .join(ActivityLabel, col(ActivityLabel.activity_id) == Activity.id, isouter=True)
        .join(Original, col(Original.id) == Activity.original_id, isouter=True)
        .where(col(Activity.person_id) == person_id, col(Activity.started_at) >= start, col(Activity.started_at) < end)
        .order_by(col(Activity.started_at), col(Activity.id))
    ).all()
    ids = [row[0] for row in rows]
    efforts, distances = efforts_of(ids, session), _distances(ids, session)
    return [
        Performed(
            activity_id=number,
            exercise=Exercise(exercise) if exercise else None,
            started_at=started_at,
            ended_at=ended_at,
            efforts=efforts.get(number, {}),
            borg=borg_told(borg, exertion),
            water_c=water_c,
            distance_m=distances.get(number),
            self_reported=original_id is None,
            sha256=sha256 or "",
        )
        for number, exercise, started_at, ended_at, exertion, original_id, sha256, borg, water_c in rows
    ]


def efforts_of(activity_ids: Sequence[int], session: Session) -> dict[int, Mapping[Predicate, Effort]]:
    written: dict[int, dict[Predicate, _Written]] = {}
    spans, excluded = cast(col(ActivityEffort.spans), Text), cast(col(ActivityEffort.excluded), Text)
    for number, predicate, *rest in session.execute(
        sql_select(
            col(ActivityEffort.activity_id), col(ActivityEffort.predicate), spans, excluded, ActivityEffort.note
        ).where(col(ActivityEffort.activity_id).in_(activity_ids))  # type: ignore[call-overload]
    ):
        written.setdefault(number, {})[Predicate(predicate)] = (rest[0], rest[1], rest[2])
    return {number: _Efforts(each) for number, each in written.items()}


_Written = tuple[str, str, str | None]
"""The spans and what is excluded, as JSON, and the note."""


class _Efforts(Mapping[Predicate, Effort]):
    """Efforts of an activity, each read when it is first asked for."""

    __slots__ = ("_read", "_written")

    def __init__(self, written: Mapping[Predicate, _Written]) -> None:
        self._written = written
        self._read: dict[Predicate, Effort] = {}

    def __getitem__(self, predicate: Predicate) -> Effort:
        if predicate not in self._read:
            spans, excluded, note = self._written[predicate]
            self._read[predicate] = Effort(
                predicate=predicate,
                spans=tuple(map(Span._make, json.loads(spans))),
                excluded=tuple(Exclusion(Span(start, end), reason) for start, end, reason in json.loads(excluded)),
                note=note,
            )
        return self._read[predicate]

    def __contains__(self, predicate: object) -> bool:
        return predicate in self._written

    def __iter__(self) -> Iterator[Predicate]:
        return iter(self._written)

    def __len__(self) -> int:
        return len(self._written)


def _distances(activity_ids: Sequence[int], session: Session) -> dict[int, float]:
    """The device's figure where it gave one, else ours or the person's."""
    rows: Iterable[tuple[int, str, float | None]] = session.exec(
        select(ActivityTotals.activity_id, ActivityTotals.source, ActivityTotals.distance_m).where(
            col(ActivityTotals.activity_id).in_(activity_ids), col(ActivityTotals.distance_m).is_not(None)
        )
    )
    in_rank = sorted(rows, key=lambda row: row[1] == "device")  # the device's come last, and stay
    return {number: metres for number, _, metres in in_rank if metres is not None}
