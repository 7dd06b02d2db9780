"""From the bytes of a file to all that is to be kept of it: decoded, classed, measured. Knows no database.

A pure function of the bytes, and its result is small: it may run in another process.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from isal import isal_zlib

from coach.effort import Effort, Kind, efforts_of, kind_of, totals_of
from devices.errors import DeviceError, FitError
from devices.fit.read import read
from devices.recording import Device, Recording, Totals

# Of ISA-L, whose output zlib reads: level 1 leaves a FIT file a thirteenth larger than zlib's quickest does, for a
# fifth of the time; 2 and 3 are slower and save nothing.
_LEVEL: Final = 1


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


def appraise(data: bytes) -> Appraisal | Refusal:
    """All that is to be kept of a file, or why it cannot be."""
    try:
        file = read(data)
    except DeviceError as error:
        return Refusal(_at(str(error), error.offset if isinstance(error, FitError) else None))
    return Appraisal(
        size=len(data),
        content=isal_zlib.compress(data, _LEVEL),
        damage=None if file.damage is None else _at(file.damage.reason, file.damage.offset),
        parts=tuple(_part(recording) for recording in file.recordings),
    )


def _part(recording: Recording) -> Part:
    kind = kind_of(recording)
    efforts = efforts_of(recording, kind.exercise)
    ours = totals_of(recording, efforts)
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
        notes=recording.notes,
        theirs=recording.totals,
        ours=ours,
        efforts=efforts,
    )


def _at(reason: str, offset: int | None) -> str:
    return reason if offset is None else f"{reason} (byte {offset:,})"
