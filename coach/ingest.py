"""A source becomes activities: once, whole or not at all.

A file is read and judged before anything is written; then its original, activities, totals and efforts go in with
one transaction. Killed at any moment, the database holds all of a file or nothing of it.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from coach.effort import Effort, efforts_of, kind_of, totals_of
from coach.effort.kind import Kind
from coach.store import activities, people
from coach.store.activities import Measured
from coach.store.engine import reading, writing
from coach.store.tables import Activity, Person, key
from devices.errors import DeviceError, FitError
from devices.fit.read import read
from devices.fit.sources import Source
from devices.recording import Recording, Totals
from scheduler.clock import Clock


class Outcome(StrEnum):
    STORED = "stored"
    PARTIAL = "partial"  # what could be read is stored
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file. `reason` is a sentence for the person, None where all went well."""

    path: str
    outcome: Outcome
    sha256: str | None = None
    reason: str | None = None
    activities: tuple[Measured, ...] = field(default=())


def ingest(engine: Engine, person: Person, sources: Sequence[Source], clock: Clock) -> Iterator[Ingested]:
    """Take files one after the other; one that is refused does not stop the next.

    A contact is noted also where nothing is new: a person whose watch had nothing to bring has synced all the
    same. Where none of the files could be read there was none: a path that is mistyped is no watch.
    """
    heard = False
    if not sources:
        _hear(engine, person, clock())
    for source in sources:
        result = _ingest(engine, person, source, clock)
        if result.sha256 is not None and not heard:
            _hear(engine, person, clock())
            heard = True
        yield result


def _hear(engine: Engine, person: Person, now: datetime) -> None:
    with writing(engine) as session:
        people.heard(session, key(person), "import", now)


def _ingest(engine: Engine, person: Person, source: Source, clock: Clock) -> Ingested:
    sha256: str | None = None
    try:
        data = source.read()
        sha256 = hashlib.sha256(data).hexdigest()
        if already := _already(engine, person, source.name, sha256):
            return already
        content = _judge(data, sha256)
    except DeviceError as error:
        return Ingested(source.name, Outcome.REFUSED, sha256, _sentence(error))
    try:
        stored = _store(engine, person, content, clock())
    except IntegrityError:
        # Somebody brought the same file at the same moment, and was first.
        return _already(engine, person, source.name, sha256) or Ingested(
            source.name, Outcome.REFUSED, sha256, "It could not be stored. Try again."
        )
    outcome = Outcome.STORED if content.damage is None else Outcome.PARTIAL
    return Ingested(source.name, outcome, sha256, content.damage, stored)


def _already(engine: Engine, person: Person, name: str, sha256: str) -> Ingested | None:
    with reading(engine) as session:
        original = activities.known(session, key(person), sha256)
        if original is None:
            return None
        found = tuple(activities.of_original(session, original))
        return Ingested(name, Outcome.DUPLICATE, sha256, "This file is already there.", found)


@dataclass(frozen=True, slots=True)
class _Part:
    """One session of a file, judged."""

    recording: Recording
    kind: Kind
    efforts: tuple[Effort, ...]
    ours: Totals


@dataclass(frozen=True, slots=True)
class _Content:
    """A file with all that is to be written of it."""

    data: bytes
    sha256: str
    damage: str | None
    parts: tuple[_Part, ...]


def _judge(data: bytes, sha256: str) -> _Content:
    file = read(data)
    damage = None if file.damage is None else _at(file.damage.reason, file.damage.offset)
    return _Content(data, sha256, damage, tuple(_part(recording) for recording in file.recordings))


def _part(recording: Recording) -> _Part:
    kind = kind_of(recording)
    efforts = efforts_of(recording, kind.exercise)
    return _Part(recording, kind, efforts, totals_of(recording, efforts))


def _store(engine: Engine, person: Person, content: _Content, now: datetime) -> tuple[Measured, ...]:
    with writing(engine) as session:
        session.expire_on_commit = False
        original_id = activities.add_original(
            session,
            person_id=key(person),
            sha256=content.sha256,
            data=content.data,
            damage=content.damage,
            now=now,
        )
        return tuple(
            activities.add_activity(
                session,
                _activity(each, person, original_id, index, now),
                {"device": each.recording.totals, "coach": each.ours},
                each.efforts,
            )
            for index, each in enumerate(content.parts)
        )


def _activity(each: _Part, person: Person, original_id: int, part: int, now: datetime) -> Activity:
    recording = each.recording
    elapsed_s = recording.totals.elapsed_s or each.ours.elapsed_s or 0.0
    zone = ZoneInfo(person.timezone)
    return Activity(
        person_id=key(person),
        original_id=original_id,
        part=part,
        sport=recording.sport,
        sub_sport=recording.sub_sport,
        exercise=each.kind.exercise,
        exercise_reason=each.kind.reason,
        started_at=recording.start,
        ended_at=recording.start + timedelta(seconds=elapsed_s),
        timezone=person.timezone,
        manufacturer=recording.device.manufacturer,
        product=recording.device.product,
        records=recording.records,
        lengths=len(recording.lengths),
        active_lengths=sum(length.active for length in recording.lengths),
        pool_length_m=recording.pool_length_m,
        notes=[*recording.notes, *_zone_note(recording, zone)],
        received_at=now,
    )


def _zone_note(recording: Recording, zone: ZoneInfo) -> Iterator[str]:
    """The person's zone is used; a watch that believed another offset is told of, not obeyed."""
    theirs, ours = recording.utc_offset, recording.start.astimezone(zone).utcoffset()
    if theirs is not None and theirs != ours:
        yield f"The device's clock was set to UTC{_signed(theirs)}; times are shown in {zone.key}."


def _signed(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _sentence(error: DeviceError) -> str:
    return _at(str(error), error.offset if isinstance(error, FitError) else None)


def _at(reason: str, offset: int | None) -> str:
    return reason if offset is None else f"{reason} (byte {offset})"
