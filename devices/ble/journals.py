"""The folder of journals: one for each ride, begun, left or kept, oldest first."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from devices.ble import entries
from devices.ble.entries import MAGIC, Entry, Kind, Torn
from devices.ble.holding import hold
from devices.ble.journal import Journal
from devices.errors import JournalError

FOLDER: Final = "journals"


class State(StrEnum):
    """What became of a journal; its file's ending."""

    OPEN = "open"  # being written, or left by a program that was killed
    KEPT = "kept"  # its ride is among the activities


@dataclass(frozen=True, slots=True)
class Log:
    """A journal as it was read.

    Attributes:
        start: aware, UTC; all else is in seconds from it.
        owner: whose it is, in whatever words the one who began it has for people.
        devices: what is known of each, by its number.
        torn: where its end could not be read.
    """

    start: datetime
    owner: str
    sport: str
    sub_sport: str
    utc_offset: timedelta
    entries: tuple[Entry, ...]
    torn: Torn | None = None

    @property
    def devices(self) -> Mapping[int, Mapping[str, str]]:
        return {each.device: each.said for each in self.entries if each.kind is Kind.DEVICE}

    @property
    def frames(self) -> int:
        return sum(each.kind is Kind.FRAME for each in self.entries)

    @property
    def duration_s(self) -> float:
        """To its end; where nobody ended it, to the last frame."""
        ends = [each.at_s for each in self.entries if each.kind is Kind.END]
        return ends[-1] if ends else max((each.at_s for each in self.entries if each.kind is Kind.FRAME), default=0.0)

    def since_first_frame(self) -> Self:
        """Without the time in which machines were looked for. It began in that second: FIT knows no parts of one."""
        first_s = next((each.at_s for each in self.entries if each.kind is Kind.FRAME), 0.0)
        start = (self.start + timedelta(seconds=first_s)).replace(microsecond=0)
        entries = tuple(
            Entry(kind, max(0.0, round(at_s - first_s, 6)), device, body) for kind, at_s, device, body in self.entries
        )
        return replace(self, start=start, entries=entries)


def begin(
    home: Path, start: datetime, sport: str, sub_sport: str, *, utc_offset: timedelta, owner: str = ""
) -> Journal:
    """A new journal in a home; for what its arguments are, see `Log`.

    Raises:
        JournalError: it cannot be begun.
    """
    said = {
        "start": start.isoformat(),
        "owner": owner,
        "sport": sport,
        "sub_sport": sub_sport,
        "utc_offset_s": round(utc_offset.total_seconds()),
    }
    path = home / FOLDER / f"{start:%Y-%m-%dT%H%M%S.%f}.{State.OPEN}"
    return Journal(path, said)


def found(home: Path, *states: State) -> list[Path]:
    """The journals of a home, oldest first."""
    wanted = {f".{state}" for state in states or State}
    folder = home / FOLDER
    return sorted(path for path in folder.iterdir() if path.suffix in wanted) if folder.is_dir() else []


def read(path: Path) -> Log:
    """A journal, up to where it can be read.

    Raises:
        JournalError: it is none, or cannot be opened.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise JournalError(f"{path} cannot be read: {error.strerror}.") from error
    told = list(entries.decode(data)) if data.startswith(MAGIC) else []
    torn = told.pop() if told and isinstance(told[-1], Torn) else None
    known = tuple(each for each in told if isinstance(each, Entry))
    if not known or known[0].kind is not Kind.START:
        raise JournalError(f"{path} is no journal of a ride.")
    said = known[0].said
    return Log(
        start=datetime.fromisoformat(said["start"]),
        owner=said["owner"],
        sport=said["sport"],
        sub_sport=said["sub_sport"],
        utc_offset=timedelta(seconds=said["utc_offset_s"]),
        entries=known[1:],
        torn=torn if isinstance(torn, Torn) else None,
    )


def written_for(home: Path, owner: str) -> Path | None:
    """The journal that is being written of a session of theirs; of several the newest."""
    mine = (path for path in reversed(found(home, State.OPEN)) if _owner(path) == owner and is_written(path))
    return next(mine, None)


def is_written(path: Path) -> bool:
    """Whether somebody writes it now."""
    with left(path) as is_left:
        return path.exists() and not is_left


def _owner(path: Path) -> str | None:
    """By its first entry alone; None where it is no journal."""
    with suppress(OSError), path.open("rb") as file:
        for entry, _ in entries.whole(file.read(entries.LONGEST).removeprefix(MAGIC), 0):
            return str(entry.said["owner"]) if entry.kind is Kind.START else None
    return None


@contextmanager
def left(path: Path) -> Iterator[bool]:
    """Whether a journal was left: nobody writes it. Meanwhile nobody else takes it either."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:  # somebody else has just kept it
        yield False
        return
    try:
        yield hold(descriptor) and path.exists()
    finally:
        os.close(descriptor)


def keep(path: Path) -> Path:
    """Its ride is among the activities: it is not looked at again by itself."""
    return path.rename(path.with_suffix(f".{State.KEPT}"))
