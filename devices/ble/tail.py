"""A journal that somebody else is writing, read as it grows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from devices.ble import entries
from devices.ble.entries import MAGIC, Entry

_CHUNK: Final = 64 * 2**10  # minutes of a ride; whoever else has work to do is not kept from it


class Tail:
    """Where a reader is in a journal. What was not written to its end yet waits for the rest of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._at = len(MAGIC)
        self._rest = b""

    def read(self) -> Iterator[Entry]:
        """The entries since the last time, in order.

        Raises:
            OSError: it cannot be read, or is gone: its session is kept.
        """
        with self.path.open("rb", buffering=0) as file:
            file.seek(self._at)
            while data := file.read(_CHUNK):
                self._at += len(data)
                data, at = self._rest + data, 0
                for entry, following in entries.whole(data, at):
                    yield entry
                    at = following
                self._rest = data[at:]
