"""A person says that a flare has begun or ended. For every face of the program."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.checking_in import faults_of_time, flare_episodes
from coach.errors import ConflictError, UsageError
from coach.safety.flares import Episode, current
from coach.store import flares
from coach.store.tables import Person, key


def start(session: Session, person: Person, at: datetime, now: datetime) -> None:
    """
    Raises:
        UsageError: `at` lies in the future, or before the person was born.
        ConflictError: one is going on already, or the last ended after `at`.
    """
    _check_start(_episodes(session, person, at, now), at, ZoneInfo(person.timezone))
    flares.start(session, key(person), at)


def end(session: Session, person: Person, at: datetime, now: datetime) -> None:
    """
    Raises:
        UsageError: as `start`, or `at` lies before its beginning.
        ConflictError: none is going on.
    """
    lasting = _lasting(_episodes(session, person, at, now), at, ZoneInfo(person.timezone))
    flares.end(session, key(person), lasting.flare, at)


def _episodes(session: Session, person: Person, at: datetime, now: datetime) -> Sequence[Episode]:
    for fault in faults_of_time(at, person, now):
        raise UsageError(fault)
    return flare_episodes(session, person, now)


def _check_start(found: Sequence[Episode], at: datetime, zone: ZoneInfo) -> None:
    if (lasting := current(found)) is not None:
        raise ConflictError(f"A flare has been going on since {_when(lasting.flare.began_at, zone)} already.")
    last = max((each.ended_at for each in found if each.ended_at is not None), default=None)
    if last is not None and at < last:
        raise ConflictError(f"The last flare ended on {_when(last, zone)}; another cannot have begun before that.")


def _lasting(found: Sequence[Episode], at: datetime, zone: ZoneInfo) -> Episode:
    lasting = current(found)
    if lasting is None:
        raise ConflictError("No flare is going on: there is nothing to end.")
    if at < lasting.flare.began_at:
        raise UsageError(f"The flare began on {_when(lasting.flare.began_at, zone)}; it cannot have ended before that.")
    return lasting


def _when(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}"
