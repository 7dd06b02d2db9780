"""What is to go to a server: a folder in the home, with a copy of each file and a line on what became of it.

Whatever is killed or cut off, each step is whole or not done: files are written beside, and renamed into place.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from re import sub
from typing import Final

FOLDER: Final = "outgoing"
_COPY: Final = ".fit"
_LINE: Final = ".json"
_BESIDE: Final = ".new"  # not whole yet, or left by a process that was killed


class State(StrEnum):
    WAITING = "waiting"
    THERE = "there"
    REFUSED = "refused"  # by the server, for good; the copy stays


@dataclass(frozen=True, slots=True)
class Entry:
    """A file by its content. `sentence`: why it was refused."""

    sha256: str
    name: str
    state: State
    sentence: str | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """What is to go to one server."""

    folder: Path

    def add(self, name: str, data: bytes) -> Entry:
        """Have a file wait, unless its content has come before; gives what became of it until now."""
        sha256 = hashlib.sha256(data).hexdigest()
        if (known := self._entry(sha256)) is not None:
            return known
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(self._copy(sha256), data)
        return self._keep(Entry(sha256, name, State.WAITING))

    def waiting(self) -> list[Entry]:
        """What is not there yet, by name."""
        lines = self.folder.glob(f"*{_LINE}") if self.folder.is_dir() else ()
        entries = [entry for path in lines if (entry := self._entry(path.stem)) is not None]
        return sorted((each for each in entries if each.state is State.WAITING), key=lambda each: each.name)

    def content(self, entry: Entry) -> bytes:
        return self._copy(entry.sha256).read_bytes()

    def settle(self, entry: Entry, state: State, sentence: str | None = None) -> None:
        """Note what became of it; the copy of what is there is not needed any more."""
        self._keep(Entry(entry.sha256, entry.name, state, sentence))
        if state is State.THERE:
            self._copy(entry.sha256).unlink(missing_ok=True)

    def _entry(self, sha256: str) -> Entry | None:
        """None also where a power cut took the copy of what waits: it is to come again."""
        try:
            said = json.loads(self._line(sha256).read_text(encoding="utf-8"))
            entry = Entry(sha256, str(said["name"]), State(said["state"]), said["sentence"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return None if entry.state is State.WAITING and not self._copy(sha256).is_file() else entry

    def _keep(self, entry: Entry) -> Entry:
        _write(self._line(entry.sha256), json.dumps(asdict(entry), ensure_ascii=False).encode())
        return entry

    def _copy(self, sha256: str) -> Path:
        return self.folder / f"{sha256}{_COPY}"

    def _line(self, sha256: str) -> Path:
        return self.folder / f"{sha256}{_LINE}"


def queue_of(home: Path, server: str) -> Queue:
    """The queue to a server, by its address."""
    return Queue(home / FOLDER / sub(r"[^A-Za-z0-9.]+", "-", server.rstrip("/")))


def _write(target: Path, data: bytes) -> None:
    """On the disk, whole, before its name is."""
    beside = target.with_name(f"{target.name}.{os.getpid()}{_BESIDE}")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)
    if hasattr(os, "O_DIRECTORY"):  # Windows has no folders that can be flushed
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
