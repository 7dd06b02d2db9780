"""A folder into which files are dropped: which of them are there, and complete.

It tells of paths, and of each again when it has changed; what becomes of them is for others to say. Nothing is moved
or deleted. Links are not followed, so that nobody drops what is not theirs.
"""

import asyncio
import logging
import os
import stat
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Final, NamedTuple

from watchfiles import awatch

from config.private import Private
from devices.fit.unpacking import is_wanted

log = logging.getLogger(__name__)

SETTLED_S: Final = 5.0
"""A file is complete when it was left alone for so long. Whoever copies over a cable or a network writes at least
every second or two; browsers and sync programs write under another name first, and need no patience."""
RESCAN_S: Final = 60.0
"""Shares on a network tell of no change, and what could not be taken may go better now. A minute is what the
scheduler takes to look for something to say, so waiting less would bring no message sooner."""
_STEP_S: Final = 1.0
"""How exact `SETTLED_S` is."""

Take = Callable[[Sequence[Path]], Awaitable[Collection[Path]]]
"""Takes files that are complete; gives back those that it could not take yet, to be told of again."""


class _Stamp(NamedTuple):
    """What changes with a file's content, as far as can be seen without reading it."""

    size: int
    modified_ns: int


class Drop:
    """What is known of a folder; the clock that `look` is given counts seconds from anywhere."""

    def __init__(self, folder: Path, settled_s: float = SETTLED_S) -> None:
        self._folder, self._settled_s = folder, settled_s
        self._waiting: dict[Path, tuple[_Stamp, float]] = {}
        self._told: dict[Path, _Stamp] = {}

    @property
    def waits(self) -> bool:
        """Whether a file is there that may become complete without any further change."""
        return bool(self._waiting)

    def look(self, now_s: float) -> list[Path]:
        """The files that have become complete since, in order of name; all of them at first."""
        there = dict(_files(self._folder))
        self._told = {path: stamp for path, stamp in self._told.items() if there.get(path) == stamp}
        self._waiting = {
            path: (stamp, self._since(path, stamp, now_s)) for path, stamp in there.items() if path not in self._told
        }
        done = [path for path, (_, since_s) in self._waiting.items() if now_s - since_s >= self._settled_s]
        for path in done:
            self._told[path], _ = self._waiting.pop(path)
        return sorted(done)

    def again(self, paths: Collection[Path]) -> None:
        """Tell of these once more, changed or not."""
        for path in paths:
            self._told.pop(path, None)

    def _since(self, path: Path, stamp: _Stamp, now_s: float) -> float:
        before = self._waiting.get(path)
        return now_s if before is None or before[0] != stamp else before[1]


async def watch(folder: Path, take: Take, stop: asyncio.Event, *, settled_s: float = SETTLED_S) -> None:
    """Hand over every file of the folder (`.fit`, `.fit.gz`, `.zip`, at any depth) once it is complete, until told
    to stop. A folder that is not there is made. Never raises: one that cannot be watched is tried again.
    """
    drop = Drop(folder, settled_s)
    while not stop.is_set():
        try:
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
            await _watch(folder, drop, take, stop)
        except Exception as error:  # noqa: BLE001 (whatever it is may pass, and the service goes on)
            reason = getattr(error, "strerror", None) or type(error).__name__
            log.warning("The drop folder %s cannot be watched: %s. It is tried again.", Private(folder), reason)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), RESCAN_S)


async def _watch(folder: Path, drop: Drop, take: Take, stop: asyncio.Event) -> None:
    looked_s = -RESCAN_S
    step_ms = round(_STEP_S * 1000)
    ticks = awatch(
        folder,
        watch_filter=None,  # a folder that is moved in tells of itself, and not of its files
        stop_event=stop,
        rust_timeout=step_ms,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
    async for changes in ticks:
        now_s = monotonic()
        if changes or drop.waits or now_s - looked_s >= RESCAN_S:
            looked_s = now_s
            complete = await asyncio.to_thread(drop.look, now_s)
            if complete:
                drop.again(await take(complete))


def _files(folder: Path) -> Iterator[tuple[Path, _Stamp]]:
    for parent, _, names in os.walk(folder):
        for path in (Path(parent, name) for name in names if is_wanted(name) and not name.startswith(".")):
            with suppress(OSError):  # it has just gone
                found = path.lstat()
                # An empty file is a name that somebody keeps for what is still to come: Firefox does.
                if stat.S_ISREG(found.st_mode) and found.st_size:
                    yield path, _Stamp(found.st_size, found.st_mtime_ns)
