"""A ride as it comes in, in a file that only grows: what was written outlives the program.

Each entry is one write(2) of its own, past all buffers of this process: killed at any moment, the file has every entry
whose `append` returned. `sync` takes them past the machine's: called each second, a power cut costs a second.

Where the disk is full, or gone, entries wait in memory, in their order, and are written once there is room.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from devices.ble import entries
from devices.ble.entries import MAGIC, Entry, Kind
from devices.ble.holding import hold
from devices.errors import JournalError

# Three hours of eight devices at 4 Hz are 15 MB; the FIT file, and the database that takes it, are small beside it.
_LITTLE_ROOM: Final = 32 * 2**20

_BINARY: Final[int] = getattr(os, "O_BINARY", 0)  # Windows would write lines' ends of its own


class Journal:
    """The journal of a ride that is going on; nobody else opens it meanwhile.

    Args:
        path: of a file that is not there yet.
        said: what its start says; `journals.begin` knows it.

    Raises:
        JournalError: it cannot be begun, for want of room or permission.
    """

    def __init__(self, path: Path, said: Mapping[str, Any]) -> None:
        self.path = path
        self._waiting = bytearray(MAGIC)
        self._trouble: OSError | None = None
        new = path.with_suffix(".new")  # it gets its name once it is held: nobody takes it for one that was left
        self._descriptor = -1
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | _BINARY, 0o600)
            hold(self._descriptor)
            self.append(entries.said(Kind.START, said))
            if self._trouble is not None:
                raise self._trouble
            self.sync()
            new.rename(path)
        except OSError as error:
            if self._descriptor >= 0:
                self.close()
                new.unlink()
            raise JournalError(f"No ride can be recorded in {path.parent}: {error.strerror}.") from error

    def append(self, entry: Entry) -> None:
        """Write an entry; keep it in memory while there is no room."""
        self._waiting += entries.encode(entry)
        self._write()

    def retry(self) -> None:
        """Write what waits for room, as far as there is some by now."""
        self._trouble = None
        self._write()

    def sync(self) -> None:
        """Take what was written past the machine's buffers. It may be called from another thread."""
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            self._trouble = error

    @property
    def waiting(self) -> int:
        """How many bytes wait for room on the disk."""
        return len(self._waiting)

    @property
    def trouble(self) -> str | None:
        """What keeps entries from being written, in the system's words."""
        return None if self._trouble is None else self._trouble.strerror

    @property
    def has_little_room(self) -> bool:
        """The disk may not hold the rest of a long ride."""
        try:
            return shutil.disk_usage(self.path.parent).free < _LITTLE_ROOM
        except OSError:
            return True

    def close(self) -> None:
        """Let go of the file; what still waits for room is given up."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _write(self) -> None:
        """As much as there is room for: the first part of an entry, where room ends within it."""
        try:
            while self._waiting and self._trouble is None:
                written = os.write(self._descriptor, self._waiting)
                del self._waiting[:written]
        except OSError as error:
            self._trouble = error
