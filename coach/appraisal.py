"""From the bytes of a file to all that is to be kept of it: decoded, classed, measured. Knows no database.

A pure function of the bytes, and its result is small: it may run in another process.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from isal import isal_zlib

from coach.effort import Body, Effort, Kind, efforts_of, totals_of
from coach.effort.water import temperature_note
from coach.labels import NOTHING_SAID, Memory, kind_by
from devices.errors import DeviceError, FitError
from devices.fit.read import read
from devices.recording import Device, Recording, Totals
from scheduler.errors import whereabouts

log = logging.getLogger(__name__)

# Of ISA-L, whose output zlib reads: level 1 leaves a FIT file a thirteenth larger than zlib's quickest does, for a
# fifth of the time; 2 and 3 are slower and save nothing.
_LEVEL: Final = 1
_NOBODY: Final = Body()


@dataclass(frozen=True, slots=True)
class Part:
    """One session of a file. `ended_at` counts the device's elapsed time, or ours."""

    sport: str
    sub_sport: str | None
    kind: Kind
    started_at: datetime
    ended_at: datetime
    utc_offset: timedelta | None
    device: Device
    records: int
    lengths: int
    active_lengths: int
    pool_length_m: float | None
    exertion: float | None
    feeling: float | None
    notes: tuple[str, ...]
    theirs: Totals
    ours: Totals
    efforts: tuple[Effort, ...]


@dataclass(frozen=True, slots=True)
class Appraisal:
    """A file that can be kept: `content` is its bytes, zlib-compressed; `damage` says what could not be read."""

    size: int
    content: bytes
    damage: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that cannot be kept, and why, in a sentence."""

    reason: str


def digest(data: bytes) -> str:
    """What makes a file the same file: its SHA-256, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def appraise(data: bytes, body: Body = _NOBODY, memory: Memory = NOTHING_SAID) -> Appraisal | Refusal:
    """All that is to be kept of a file, or why it cannot be; by the body of the person and what they said of others.

    Never raises: a fault that nobody foresaw costs the one file that brings it up, not all that come after it.
    """
    try:
        return _appraised(data, body, memory)
    except DeviceError as error:
        return Refusal(_at(str(error), error.offset if isinstance(error, FitError) else None))
    except Exception as error:  # noqa: BLE001 (see above)
        log.error("a file of %d bytes: %s", len(data), whereabouts(error))  # noqa: TRY400 (a traceback quotes content)
        return Refusal(f"This should not have happened: {whereabouts(error)}. Please report it.")


def _appraised(data: bytes, body: Body, memory: Memory) -> Appraisal:
    file = read(data)
    return Appraisal(
        size=len(data),
        content=isal_zlib.compress(data, _LEVEL),
        damage=None if file.damage is None else _at(file.damage.reason, file.damage.offset),
        parts=tuple(_part(recording, body, memory) for recording in file.recordings),
    )


@dataclass(frozen=True, slots=True)
class Appraiser:
    """`appraise` for one person, to send to workers."""

    body: Body
    memory: Memory

    def __call__(self, data: bytes) -> Appraisal | Refusal:
        return appraise(data, self.body, self.memory)


def _part(recording: Recording, body: Body, memory: Memory) -> Part:
    kind = kind_by(recording, memory)
    efforts = efforts_of(recording, kind.exercise, body)
    ours = totals_of(recording, efforts)
    warm = temperature_note(recording)
    elapsed_s = recording.totals.elapsed_s or ours.elapsed_s or 0.0
    return Part(
        sport=recording.sport,
        sub_sport=recording.sub_sport,
        kind=kind,
        started_at=recording.start,
        ended_at=recording.start + timedelta(seconds=elapsed_s),
        utc_offset=recording.utc_offset,
        device=recording.device,
        records=recording.records,
        lengths=len(recording.lengths),
        active_lengths=sum(length.active for length in recording.lengths),
        pool_length_m=recording.pool_length_m,
        exertion=recording.exertion,
        feeling=recording.feeling,
        notes=recording.notes if warm is None else (*recording.notes, warm),
        theirs=recording.totals,
        ours=ours,
        efforts=efforts,
    )


def _at(reason: str, offset: int | None) -> str:
    return reason if offset is None else f"{reason} (byte {offset:,})"
