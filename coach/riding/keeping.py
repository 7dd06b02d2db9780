"""A session that was recorded becomes an activity by the ordinary door, with what was said while it lasted."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from coach.app import App
from coach.checking_in import Said, note
from coach.errors import CoachError, ConflictError
from coach.ingest.files import Ingested, Outcome
from coach.ingest.taking import ingest
from coach.pushing.pushing import leave
from coach.safety.model import Phase
from coach.store import check_ins
from coach.store.engine import reading, writing
from coach.store.tables import Activity, Person, key
from config.private import Private
from devices.ble import journals
from devices.ble.recorder import Annotations, PainTap, Recorded, recorded
from devices.errors import DeviceError
from devices.fit.sources import find
from scheduler.errors import whereabouts

log = logging.getLogger(__name__)

_NAME = "recorded live"  # what stands where a file has its path: that file is gone once it is kept


@dataclass(frozen=True, slots=True)
class Kept:
    """A session that is kept; `ingested` is None where nothing was measured."""

    ingested: Ingested | None
    annotations: Annotations


def keep(app: App, journal: Path) -> Kept:
    """Keep the session of a journal that has ended, and mark the journal so.

    Done twice, the session is there once, and so is each score of its pain.

    Raises:
        JournalError: it cannot be read, or there is no room for the file of the session.
        ConflictError: it cannot be kept now. In either case the journal stays for the next time.
    """
    found = recorded(journal)
    result = None if found is None else _take(app, found)
    if found is not None and found.fit_path is not None:
        found.fit_path.unlink(missing_ok=True)
    journals.keep(journal)
    return Kept(result, Annotations() if found is None else found.annotations)


def _told(sentence: str) -> None:
    log.warning("%s", Private(sentence))


def recover(app: App, tell: Callable[[str], object] = _told) -> Iterator[Ingested]:
    """Keep what killed programs have left; what cannot be kept now stays for the next time, and it is told why."""
    for path in journals.found(app.settings.home, journals.State.OPEN):
        with journals.left(path) as is_left:
            if is_left and (result := _recovered(app, path, tell)) is not None:
                yield result


def _recovered(app: App, path: Path, tell: Callable[[str], object]) -> Ingested | None:
    try:
        return keep(app, path).ingested
    except (DeviceError, CoachError) as error:
        why = str(error)
    except Exception as error:  # noqa: BLE001 (what was left does not keep what is new from going on)
        why = f"This should not have happened: {whereabouts(error)}."
    tell(f"{path} was left, and not taken. {why}")
    return None


def _take(app: App, found: Recorded) -> Ingested | None:
    with reading(app.engine) as session:
        person = session.get(Person, int(found.owner)) if found.owner.isdecimal() else None
        if person is None:
            raise ConflictError("Nobody here is whose session it is.")
        session.expunge(person)
    result = None
    if found.fit_path is not None:
        leave(app.settings, f"{found.fit_path.stem}.fit", found.fit_path.read_bytes())
        (ingested,) = ingest(app.engine, person, find([found.fit_path]), app.clock)
        result = replace(ingested, path=_NAME)
        if result.outcome is Outcome.REFUSED:
            raise ConflictError(f"The session could not be kept: {result.reason}")
    activity = result.activities[0].activity if result is not None and result.activities else None
    for tap in found.annotations.pains:
        _note(app, person, tap, activity)
    return result


def _note(app: App, person: Person, tap: PainTap, activity: Activity | None) -> None:
    """A score, where it is not there yet. It is of the session even where it came before the first turn of a pedal."""
    now = app.clock()
    at = min(tap.at if activity is None else max(tap.at, activity.started_at), now)
    with writing(app.engine, key(person)) as session:
        there = check_ins.of(session, key(person), at, at.replace(microsecond=999_999))
        if all((each.pain, each.phase) != (tap.score, Phase.PEAK) for each in there):
            number = None if activity is None else activity.id
            note(session, person, Said(pain=tap.score, phase=Phase.PEAK, activity_id=number, at=at), now)
