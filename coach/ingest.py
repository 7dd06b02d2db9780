"""A source becomes activities: once, whole or not at all.

A file is read and appraised before anything is written; then its original, activities, totals and efforts go in
with one transaction, a few files at a time. What has been yielded is committed: killed at any moment, the database
holds all of a file or nothing of it, and the next run goes on.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from time import monotonic
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from coach import tasks
from coach.appraisal import Appraisal, Appraiser, Part, Refusal, digest
from coach.effort import ALGORITHM
from coach.store import activities, labels, people
from coach.store.activities import Appraised, Measured, Row
from coach.store.bodies import body_of
from coach.store.engine import kept_open, reading, writing
from coach.store.tables import Activity, Person, key
from devices.errors import DeviceError
from devices.fit.sources import Source
from scheduler import tally
from scheduler.clock import Clock
from scheduler.tally import Count

# A commit costs as much as reading a file; but nobody should wait for results, or lose more to a power cut.
_BATCH: Final = 20
_BATCH_S: Final = 0.5

_FEW: Final = 3
"""Of more files it is quicker to look up once which contents are there, years of them, than to ask for each."""

_SOURCE: Final = "import"
"""Who was heard when a file comes."""

_NO_SPORT: Final = "generic"  # of FIT; what a device that knows better never says


class Outcome(StrEnum):
    STORED = "stored"
    PARTIAL = "partial"  # what could be read is stored
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file.

    Attributes:
        reason: a sentence for the person, None where all went well.
        damage: what of a partial one was lost, without what can be done about it.
    """

    path: str
    outcome: Outcome
    sha256: str | None = None
    reason: str | None = None
    activities: tuple[Measured, ...] = ()
    damage: str | None = None


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it was found: its hash, or why it could not be read."""

    path: str
    sha256: str | None
    reason: str | None = None


def ingest(
    engine: Engine,
    person: Person,
    sources: Sequence[Source],
    clock: Clock,
    workers: int = 0,
    *,
    revisit: bool = False,
    again: bool = False,
) -> Generator[Ingested, None, None]:
    """Take files in their order; one that is refused does not stop the next.

    A contact is noted also where nothing is new: a person whose watch had nothing to bring has synced all the
    same. Where none of the files could be read there was none: a path that is mistyped is no watch. `revisit` is
    for a folder that the program looks through of its own accord: there only a file that is new is a contact. `again`
    takes also what the person deleted.

    `workers` processes decode; 0 decodes here. Writing is done here in any case. Who stops early closes it, so that
    the workers end.
    """
    results = _ingested(engine, person, sources, clock, workers, revisit=revisit, again=again)
    with kept_open(engine), closing(results):
        for each in results:
            tally.count(Count.FILES, each.outcome)
            yield each


def _ingested(
    engine: Engine, person: Person, sources: Sequence[Source], clock: Clock, workers: int, *, revisit: bool, again: bool
) -> Generator[Ingested, None, None]:
    is_known = _known(engine, key(person), len(sources), again=again)
    with reading(engine) as session:
        appraise = Appraiser(body_of(person), labels.memory(labels.said(session, key(person))))
    heard = False
    if not sources and not revisit:
        _hear(engine, person, clock())
    refused: dict[str, Refusal] = {}
    batch: list[tuple[_File, Appraisal]] = []
    since = monotonic()
    for file, found in _appraised(appraise, _read(sources, is_known), workers):
        if not (heard or revisit or file.sha256 is None or isinstance(found, Appraisal)):
            _hear(engine, person, clock())
            heard = True
        if isinstance(found, Appraisal):
            batch.append((file, found))
            if len(batch) < _BATCH and monotonic() - since < _BATCH_S:
                continue
        yield from _stored(engine, person, batch, clock())
        batch, since = [], monotonic()
        if isinstance(found, Refusal):
            refused[file.sha256 or ""] = found
        if not isinstance(found, Appraisal):
            yield _not_new(engine, person, file, refused.get(file.sha256 or ""))
    yield from _stored(engine, person, batch, clock())


def _hear(engine: Engine, person: Person, now: datetime) -> None:
    with writing(engine, key(person)) as session:
        people.heard(session, key(person), _SOURCE, now)


def _known(engine: Engine, person_id: int, files: int, *, again: bool) -> Callable[[str], bool]:
    """What tells whether a content is there. For many files all that are there are looked up at once."""

    def known(among: Sequence[str] | None = None) -> set[str]:
        with reading(engine) as session:
            there = activities.known_hashes(session, person_id, among)
            return there - activities.deleted_hashes(session, person_id) if again and there else there

    return known().__contains__ if files > _FEW else lambda sha256: bool(known([sha256]))


def _read(sources: Sequence[Source], is_known: Callable[[str], bool]) -> Iterator[tuple[_File, bytes | None]]:
    """Each file with its bytes; without them where it cannot be read, or is known, or came earlier in this run."""
    came: set[str] = set()
    for source in sources:
        try:
            data = source.read()
        except DeviceError as error:
            yield _File(source.name, None, str(error)), None
            continue
        sha256 = digest(data)
        yield _File(source.name, sha256), None if sha256 in came or is_known(sha256) else data
        came.add(sha256)


def _appraised(
    appraise: Appraiser, files: Iterator[tuple[_File, bytes | None]], workers: int
) -> Iterator[tuple[_File, Appraisal | Refusal | None]]:
    """The same files, in order, with what their bytes amount to; None where there are none to look at."""
    if not workers:
        return ((file, None if data is None else appraise(data)) for file, data in files)
    from coach.workers import in_processes  # loads what starts processes

    return in_processes(appraise, files, workers)


def _not_new(engine: Engine, person: Person, file: _File, refusal: Refusal | None) -> Ingested:
    """A file of which nothing is to be written: it cannot be read or kept, or it is there already."""
    if file.sha256 is None or refusal is not None:
        reason = file.reason if refusal is None else refusal.reason
        return Ingested(file.path, Outcome.REFUSED, file.sha256, reason)
    with reading(engine) as session:
        return _already(session, person, file)


def _already(session: Session, person: Person, file: _File) -> Ingested:
    original = activities.known(session, key(person), file.sha256 or "")
    found = () if original is None else tuple(activities.of_original(session, original))
    reason = "This file is already there." if found else "You deleted this recording, so it stays away."
    return Ingested(file.path, Outcome.DUPLICATE, file.sha256, reason, found)


def _stored(
    engine: Engine, person: Person, batch: Sequence[tuple[_File, Appraisal]], now: datetime
) -> Iterator[Ingested]:
    """Write a batch; where somebody else wrote one of its files meanwhile, each on its own."""
    if not batch:
        return
    try:
        with writing(engine, key(person)) as session:
            session.expire_on_commit = False
            results = _write(session, person, batch, now)
    except IntegrityError:
        if len(batch) == 1:
            yield _not_new(engine, person, batch[0][0], None)
        else:
            for each in batch:
                yield from _stored(engine, person, [each], now)
    else:
        yield from results


def _write(session: Session, person: Person, batch: Sequence[tuple[_File, Appraisal]], now: datetime) -> list[Ingested]:
    """What became of each file, in order; those that are there already stay as they are."""
    hashes = [file.sha256 or "" for file, _ in batch]
    there = activities.known_hashes(session, key(person), hashes)
    if there:
        activities.forget_deleted(session, key(person), there)  # who did not ask for them does not come this far
        there = activities.known_hashes(session, key(person), hashes)
    people.heard(session, key(person), _SOURCE, now)
    new = [(file, found) for file, found in batch if file.sha256 not in there]
    originals = activities.add_originals(session, [_original(file, found, person, now) for file, found in new])
    judged = [
        Appraised(
            _activity(part, person, original, index, now), {"device": part.theirs, "coach": part.ours}, part.efforts
        )
        for original, (_, found) in zip(originals, new, strict=True)
        for index, part in enumerate(found.parts)
    ]
    stored = iter(activities.add_activities(session, judged))
    if new:
        tasks.soon(session, key(person))
    return [
        _already(session, person, file)
        if file.sha256 in there
        else _kept(file, found, islice(stored, len(found.parts)))
        for file, found in batch
    ]


def _kept(file: _File, found: Appraisal, stored: Iterable[Measured]) -> Ingested:
    kept = tuple(stored)
    if found.damage is None:
        return Ingested(file.path, Outcome.STORED, file.sha256, None, kept)
    reason = " ".join([found.damage, *(_kind_lost(each.activity) for each in kept if each.activity.sport == _NO_SPORT)])
    return Ingested(file.path, Outcome.PARTIAL, file.sha256, reason, kept, found.damage)


def _kind_lost(activity: Activity) -> str:
    return f"What kind of session it was is not known: `coach label {activity.id} EXERCISE` can say it."


def _original(file: _File, found: Appraisal, person: Person, now: datetime) -> Row:
    return {
        "person_id": person.id,
        "sha256": file.sha256,
        "size": found.size,
        "damage": found.damage,
        "received_at": now,
        "content": found.content,
    }


def _activity(part: Part, person: Person, original_id: int, index: int, now: datetime) -> Row:
    return {
        "person_id": person.id,
        "original_id": original_id,
        "part": index,
        "sport": part.sport,
        "sub_sport": part.sub_sport,
        "exercise": part.kind.exercise,
        "exercise_reason": part.kind.reason,
        "started_at": part.started_at,
        "ended_at": part.ended_at,
        "timezone": person.timezone,
        "manufacturer": part.device.manufacturer,
        "product": part.device.product,
        "records": part.records,
        "lengths": part.lengths,
        "active_lengths": part.active_lengths,
        "pool_length_m": part.pool_length_m,
        "exertion": part.exertion,
        "feeling": part.feeling,
        "algorithm": ALGORITHM,
        "notes": [*part.notes, *_zone_note(part, ZoneInfo(person.timezone))],
        "received_at": now,
    }


def _zone_note(part: Part, zone: ZoneInfo) -> Iterator[str]:
    """The person's zone is used; a watch that believed another offset is told of, not obeyed."""
    theirs, ours = part.utc_offset, part.started_at.astimezone(zone).utcoffset()
    if theirs is not None and theirs != ours:
        yield f"The device's clock was set to UTC{_signed(theirs)}; times are shown in {zone.key}."


def _signed(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
