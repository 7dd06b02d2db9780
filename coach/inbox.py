"""Files that were dropped become activities of the person they are for, while the service runs."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from coach.ingest.files import Outcome
from coach.ingest.taking import ingest
from coach.store.engine import reading
from coach.store.tables import Person
from config.private import Private
from devices.fit.sources import find
from scheduler.clock import Clock
from scheduler.errors import whereabouts

log = logging.getLogger(__name__)

_LEVELS: Final = {Outcome.REFUSED: logging.WARNING, Outcome.DUPLICATE: logging.DEBUG}


class Inbox:
    """Takes what `devices.drop.watch` hands over.

    A file belongs to the only person there is; where several share the database, to the one whose name its folder
    bears, right below the drop folder.
    """

    def __init__(self, engine: Engine, clock: Clock, folder: Path, stop: asyncio.Event) -> None:
        self._engine, self._clock, self._folder, self._stop = engine, clock, folder, stop
        self._ownerless: set[Path] = set()

    async def take(self, paths: Sequence[Path]) -> list[Path]:
        """Import these off the event loop, up to the end or to a stop; gives those to come again with."""
        return await asyncio.to_thread(self._take, paths)

    def _take(self, paths: Sequence[Path]) -> list[Path]:
        waiting = set(paths)
        try:
            everybody = self._everybody()
            for person in everybody:
                theirs = sorted(path for path in waiting if self._owner(path, everybody) is person)
                self._import(person, theirs)
                waiting.difference_update(theirs)
            self._tell_of(waiting, everybody)
        except OperationalError as error:  # locked, full or gone; in a minute it may be well
            log.error("The database did not take part: %s. Dropped files wait.", error.orig)  # noqa: TRY400
        return sorted(waiting)

    def _everybody(self) -> list[Person]:
        with reading(self._engine) as session:
            found = list(session.exec(select(Person).order_by(col(Person.id))))
            session.expunge_all()
            return found

    def _owner(self, path: Path, everybody: Sequence[Person]) -> Person | None:
        if len(everybody) == 1:
            return everybody[0]
        *folders, _ = path.relative_to(self._folder).parts
        return next((person for person in everybody if folders[:1] == [person.name]), None)

    def _import(self, person: Person, paths: Sequence[Path]) -> None:
        """All together; where the program fails on one of them, each on its own, so that the others come in."""
        try:
            self._ingest(person, paths)
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 (one bad file stops neither the others nor the service)
            if len(paths) > 1:
                for path in paths:
                    self._import(person, [path])
            else:
                log.error("%s: refused. This should not have happened: %s", Private(paths[0]), whereabouts(error))  # noqa: TRY400

    def _ingest(self, person: Person, paths: Sequence[Path]) -> None:
        """In this process: a service has time, and leaves the other cores to whoever sits there."""
        for result in ingest(self._engine, person, find(paths), self._clock, revisit=True):
            level = _LEVELS.get(result.outcome, logging.INFO)
            reason = Private(f". {result.reason}" if result.reason else "")
            log.log(level, "%s: %s%s", Private(result.path), result.outcome, reason)
            if self._stop.is_set():
                return  # the next start looks at all of them again

    def _tell_of(self, paths: Collection[Path], everybody: Sequence[Person]) -> None:
        names = ", ".join(person.name for person in everybody)
        why = (
            f"Whose is it? Put it into a folder called as the person ({names}), in {self._folder}."
            if everybody
            else "Nobody is set up yet. Run `coach setup`."
        )
        for path in sorted(set(paths) - self._ownerless):
            log.warning("%s: waits. %s", Private(path), Private(why))
        self._ownerless.update(paths)
