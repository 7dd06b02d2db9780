"""Appraised files become rows, a few in one transaction; those that are there already stay as they are."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from coach import tasks
from coach.appraisal import Appraisal, Part, Refusal
from coach.effort import ALGORITHM
from coach.ingest.files import File, Ingested, Outcome
from coach.store import activities, people
from coach.store.activities import Appraised, Measured, Row
from coach.store.engine import reading, writing
from coach.store.tables import Activity, Person, key

_SOURCE: Final = "import"
"""Who was heard when a file comes."""

_NO_SPORT: Final = "generic"  # of FIT; what a device that knows better never says


def hear(engine: Engine, person: Person, now: datetime) -> None:
    """Note that there was a contact, also where no file is to be written."""
    with writing(engine, key(person)) as session:
        people.heard(session, key(person), _SOURCE, now)


def not_new(engine: Engine, person: Person, file: File, refusal: Refusal | None) -> Ingested:
    """A file of which nothing is to be written: it cannot be read or kept, or it is there already."""
    if file.sha256 is None or refusal is not None:
        reason = file.reason if refusal is None else refusal.reason
        return Ingested(file.path, Outcome.REFUSED, file.sha256, reason)
    with reading(engine) as session:
        return _already(session, person, file)


def _already(session: Session, person: Person, file: File) -> Ingested:
    original = activities.known(session, key(person), file.sha256 or "")
    found = () if original is None else tuple(activities.of_original(session, original))
    reason = "This file is already there." if found else "You deleted this recording, so it stays away."
    return Ingested(file.path, Outcome.DUPLICATE, file.sha256, reason, found)


def written(
    engine: Engine, person: Person, batch: Sequence[tuple[File, Appraisal]], now: datetime
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
            yield not_new(engine, person, batch[0][0], None)
        else:
            for each in batch:
                yield from written(engine, person, [each], now)
    else:
        yield from results


def _write(session: Session, person: Person, batch: Sequence[tuple[File, Appraisal]], now: datetime) -> list[Ingested]:
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


def _kept(file: File, found: Appraisal, stored: Iterable[Measured]) -> Ingested:
    kept = tuple(stored)
    if found.damage is None:
        return Ingested(file.path, Outcome.STORED, file.sha256, None, kept)
    reason = " ".join([found.damage, *(_kind_lost(each.activity) for each in kept if each.activity.sport == _NO_SPORT)])
    return Ingested(file.path, Outcome.PARTIAL, file.sha256, reason, kept, found.damage)


def _kind_lost(activity: Activity) -> str:
    return f"What kind of session it was is not known: `coach label {activity.id} EXERCISE` can say it."


def _original(file: File, found: Appraisal, person: Person, now: datetime) -> Row:
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
