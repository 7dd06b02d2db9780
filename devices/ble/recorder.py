"""Records a session: what is heard goes into the journal at once, and the FIT file is made from the journal alone.

So a ride that ended well and one whose program was killed take the same way: `recorded` reads the journal and writes
the file, byte for byte the same each time.
"""

import asyncio
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from devices.ble import journals
from devices.ble.assembly import assemble
from devices.ble.connections import Connection, State
from devices.ble.entries import Entry, Kind, frame, said
from devices.ble.journal import Journal
from devices.ble.journals import Log
from devices.ble.measurement import Quantity
from devices.ble.reasons import Reason
from devices.ble.sources import Sources
from devices.errors import JournalError
from devices.fit.write import write
from devices.recording import Span

_SYNC_EVERY_S = 1.0  # a power cut costs what was written since


@dataclass(frozen=True, slots=True)
class PainTap:
    """What the person said while riding, 0-10."""

    at: datetime
    score: int


@dataclass(frozen=True, slots=True)
class Annotations:
    """What was said and done during a ride, for which a FIT file has no place.

    Attributes:
        pains: in order of time.
        notes: what the program did of its own accord, a sentence each with its moment.
        gaps: stretches of which nothing is known while the timer ran, in seconds from the start.
    """

    pains: tuple[PainTap, ...] = ()
    notes: tuple[tuple[datetime, str], ...] = ()
    gaps: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """A session as a FIT file beside its journal, None where nothing was measured; whose it is, as the journal says."""

    fit_path: Path | None
    owner: str
    annotations: Annotations


class Recorder:
    """The journal of a session that is going on, and what the machines say now. A `Listener` of connections."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.sources = Sources()
        self.is_paused = False
        self._target = ""
        self._loop = asyncio.get_running_loop()
        self._began_s = self._loop.time()
        self._numbers: dict[Connection, int] = {}
        self._told: dict[Connection, object] = {}

    @property
    def at_s(self) -> float:
        """Since the start."""
        return self._loop.time() - self._began_s

    def heard(self, connection: Connection, characteristic: str, data: bytes) -> None:
        at_s, number = self.at_s, self._number(connection)
        self.journal.append(frame(at_s, number, _short(characteristic), data))
        for _ in self.sources.feed(number, characteristic, data, at_s):
            pass

    def changed(self, connection: Connection, state: State, reason: Reason | None) -> None:
        if state in (State.LIVE, State.LOST):
            text = reason.name if reason else state
            self._note(Kind.LINK, text.encode(), self._number(connection))

    def now(self, quantity: Quantity) -> float | None:
        return self.sources.now(quantity, self.at_s)

    def pause(self) -> None:
        if not self.is_paused:
            self.is_paused = True
            self._note(Kind.PAUSE)

    def resume(self) -> None:
        if self.is_paused:
            self.is_paused = False
            self._note(Kind.RESUME)

    def target(self, held: str) -> None:
        """What the trainer holds now, with its unit; empty for nothing."""
        if held != self._target:
            self._target = held
            self._note(Kind.TARGET, held.encode())

    def pain(self, score: int) -> None:
        self._note(Kind.PAIN, bytes([score]))

    def note(self, sentence: str) -> None:
        self._note(Kind.NOTE, sentence.encode())

    async def keep(self) -> None:
        """Sync each second until cancelled; the disk is waited for by a thread."""
        while True:
            await asyncio.sleep(_SYNC_EVERY_S)
            self.journal.retry()
            await asyncio.to_thread(self.journal.sync)

    def finish(self) -> None:
        """The ride ended as it should. What waits for room is tried once more."""
        self._note(Kind.END)
        self.journal.retry()
        self.journal.sync()

    def _number(self, connection: Connection) -> int:
        """The number of a device in this journal, which says who it is before anything of it."""
        number = self._numbers.setdefault(connection, len(self._numbers))
        if self._told.get(connection) != connection.identity:
            self._told[connection] = connection.identity
            self.journal.append(said(Kind.DEVICE, connection.identity.told, self.at_s, number))
        return number

    def _note(self, kind: Kind, body: bytes = b"", device: int | None = None) -> None:
        entry = Entry(kind, self.at_s, body=body)
        self.journal.append(entry if device is None else entry._replace(device=device))


def _short(characteristic: str) -> int:
    """The 16-bit number of an assigned UUID."""
    return int(characteristic[4:8], 16)


def recorded(path: Path) -> Recorded | None:
    """What a journal holds, whether its session was ended or cut off; None where that is nothing at all.

    Raises:
        JournalError: it is no journal, or there is no room for the file.
    """
    log = journals.read(path)
    found = assemble(log)
    annotations = _annotations(log, () if found is None else found.gaps)
    if found is None and not annotations.pains:
        return None
    target = None if found is None else path.with_suffix(".fit")
    if target is not None and found is not None:
        _write_whole(target, write(found.recording))
    return Recorded(target, log.owner, annotations)


def _write_whole(target: Path, data: bytes) -> None:
    new = target.with_suffix(".fit.new")
    try:
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(target)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise JournalError(f"The ride cannot be written to {target}: {error.strerror}. Its journal is kept.") from error


def _annotations(log: Log, gaps: tuple[Span, ...]) -> Annotations:
    def moment(entry: Entry) -> datetime:
        return log.start + timedelta(seconds=entry.at_s)

    return Annotations(
        pains=tuple(PainTap(moment(each), each.body[0]) for each in log.entries if each.kind is Kind.PAIN),
        notes=tuple((moment(each), each.text) for each in log.entries if each.kind is Kind.NOTE),
        gaps=gaps,
    )
