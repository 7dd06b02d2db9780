"""Activities in and out of the database; every query is bound to the person it is for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import and_, bindparam
from sqlalchemy import insert as sql_insert
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, delete, func, insert, select

from coach.effort.model import Effort
from coach.errors import NotFoundError
from coach.store import labels
from coach.store.asking import PERSON, ask
from coach.store.tables import Activity, ActivityEffort, ActivityLabel, ActivityTotals, Original, key
from devices.recording import Totals

Source = Literal["device", "person", "coach"]
"""Who says a figure, the first that does being believed; `person` where nothing was recorded."""
_SOURCES: Final[tuple[Source, ...]] = get_args(Source)

Row = Mapping[str, Any]
"""What is to be a row of a table, by column; without the key that the database gives it."""

# Rows that lack a value differ for the ORM from those that have it, and go in by a statement of their own; with NULL
# written out, all are alike.
_ALIKE: Final = {"render_nulls": True}


@dataclass(frozen=True, slots=True)
class Measured:
    """An activity with its totals, the device's and our own never mixed, and what the person said of it."""

    activity: Activity
    totals: Mapping[Source, Totals]
    label: ActivityLabel | None = None

    def best(self, name: str) -> float | None:
        """The device's figure, ours where it gave none."""
        for source in _SOURCES:
            value: float | None = getattr(self.totals.get(source, Totals()), name)
            if value is not None:
                return value
        return None


@dataclass(frozen=True, slots=True)
class Appraised:
    """An activity that is to be kept, as the columns of its row, with all that was found of it."""

    activity: Row
    totals: Mapping[Source, Totals]
    efforts: Sequence[Effort]


def known(session: Session, person_id: int, sha256: str) -> int | None:
    """The original of that content, if the person brought it before."""
    return session.exec(
        select(Original.id).where(Original.person_id == person_id, Original.sha256 == sha256)
    ).one_or_none()


_HASHES: Final = sql_select(col(Original.sha256)).where(col(Original.person_id) == PERSON)
_HASHES_AMONG: Final = _HASHES.where(col(Original.sha256).in_(bindparam("among", expanding=True)))


def known_hashes(session: Session, person_id: int, among: Collection[str] | None = None) -> set[str]:
    """The contents that the person brought so far; only those `among` some, where they are given."""
    if among is None:
        return {each for (each,) in ask(session, _HASHES, person=person_id)}
    return {each for (each,) in ask(session, _HASHES_AMONG, person=person_id, among=list(among))}


# A file that was let go has no content either, but its size, and activities.
_DELETED: Final = and_(func.length(col(Original.content)) == 0, col(Original.size) == 0)


def deleted_hashes(session: Session, person_id: int) -> set[str]:
    """Those of them that the person deleted since."""
    return set(session.exec(select(Original.sha256).where(Original.person_id == person_id, _DELETED)))


def forget_deleted(session: Session, person_id: int, among: Collection[str]) -> None:
    """These may come again."""
    gone = col(Original.person_id) == person_id, col(Original.sha256).in_(among), _DELETED
    session.exec(delete(Original).where(*gone))


# As rows of tables, not as objects of their classes.
_KEEP_ORIGINALS: Final = sql_insert(Original).returning(col(Original.id), sort_by_parameter_order=True)
_KEEP_TOTALS: Final = sql_insert(ActivityTotals)
_KEEP_EFFORTS: Final = sql_insert(ActivityEffort)


def add_originals(session: Session, originals: Sequence[Row]) -> list[int]:
    """Keep files; gives their keys, in order."""
    if not originals:
        return []
    return [each for each in session.connection().execute(_KEEP_ORIGINALS, originals).scalars() if each is not None]


def add_activities(session: Session, found: Sequence[Appraised]) -> list[Measured]:
    """Keep activities with their totals and efforts: one statement a table, however many they are."""
    if not found:
        return []
    kept = insert(Activity).returning(Activity, sort_by_parameter_order=True)
    rows = session.scalars(kept, [each.activity for each in found], execution_options=_ALIKE).all()
    add_measures(session, [(key(row), each.totals, each.efforts) for row, each in zip(rows, found, strict=True)])
    return [Measured(row, each.totals) for row, each in zip(rows, found, strict=True)]


def add_measures(session: Session, measured: Iterable[tuple[int, Mapping[Source, Totals], Sequence[Effort]]]) -> None:
    """Keep the totals and efforts of activities, by their keys: one statement a table, however many they are."""
    measured = list(measured)
    totals = [
        {"activity_id": number, "source": source, **_columns(line)}
        for number, lines, _ in measured
        for source, line in lines.items()
    ]
    efforts = [_effort_row(number, effort) for number, _, each in measured for effort in each]
    for keep, rows in ((_KEEP_TOTALS, totals), (_KEEP_EFFORTS, efforts)):
        if rows:
            session.connection().execute(keep, rows)


def _columns(line: Totals) -> Row:
    return {name: getattr(line, name) for name in Totals.__dataclass_fields__}


def _effort_row(activity_id: int, effort: Effort) -> Row:
    return {
        "activity_id": activity_id,
        "predicate": effort.predicate,
        "spans": effort.spans,
        "excluded": [[*each.span, each.reason] for each in effort.excluded],
        "note": effort.note,
    }


def of_original(session: Session, original_id: int) -> list[Measured]:
    rows = session.exec(select(Activity).where(Activity.original_id == original_id).order_by(col(Activity.part))).all()
    return _measured(session, rows)


def of_person(
    session: Session,
    person_id: int,
    *,
    limit: int | None = None,
    within: tuple[datetime, datetime] | None = None,
    before: Activity | None = None,
) -> list[Measured]:
    """Newest first: all, or those begun in [start, end); `before` is the last that was seen so far."""
    wanted = select(Activity).where(Activity.person_id == person_id)
    at = col(Activity.started_at)
    if within is not None:
        wanted = wanted.where(at >= within[0], at < within[1])
    if before is not None:
        alike = (at == before.started_at) & (col(Activity.id) < key(before))
        wanted = wanted.where((at < before.started_at) | alike)
    return _measured(session, session.exec(wanted.order_by(at.desc(), col(Activity.id).desc()).limit(limit)).all())


def first_of(session: Session, person_id: int) -> datetime | None:
    """When the person's first began."""
    return session.exec(select(func.min(Activity.started_at)).where(Activity.person_id == person_id)).one()


def one(session: Session, person_id: int, activity_id: int) -> Measured:
    """
    Raises:
        NotFoundError: the person has no such activity; whether somebody else has is not told.
    """
    row = session.exec(select(Activity).where(Activity.person_id == person_id, Activity.id == activity_id)).first()
    if row is None:
        raise NotFoundError(f"There is no activity {activity_id}. `coach activities` lists them.")
    return _measured(session, [row])[0]


def overlapping(session: Session, activity: Activity) -> list[int]:
    """The same person's other recordings of the same exercise and time: another device was there too."""
    same = select(Activity.id).where(
        Activity.person_id == activity.person_id,
        Activity.id != activity.id,
        Activity.exercise == activity.exercise,
        Activity.started_at < activity.ended_at,
        Activity.ended_at > activity.started_at,
    )
    return [each for each in session.exec(same.order_by(col(Activity.id))) if each is not None]


def at_the_same_time(session: Session, activity: Activity) -> list[int]:
    """What was recorded meanwhile, whatever it was."""
    meanwhile = select(Activity.id).where(
        Activity.person_id == activity.person_id,
        col(Activity.original_id).is_not(None),
        Activity.started_at < activity.ended_at,
        Activity.ended_at > activity.started_at,
    )
    return [each for each in session.exec(meanwhile.order_by(col(Activity.id))) if each is not None]


def _measured(session: Session, rows: Sequence[Activity]) -> list[Measured]:
    ids = [key(row) for row in rows]
    totals: dict[int, dict[Source, Totals]] = {}
    for line in session.exec(select(ActivityTotals).where(col(ActivityTotals.activity_id).in_(ids))):
        source = next(each for each in _SOURCES if each == line.source)
        values = {name: getattr(line, name) for name in Totals.__dataclass_fields__}
        totals.setdefault(line.activity_id, {})[source] = Totals(**values)
    said = labels.of(session, ids)
    return [Measured(row, totals.get(key(row), {}), said.get(key(row))) for row in rows]
