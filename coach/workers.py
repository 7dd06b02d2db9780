"""The same function over many things in several processes, in order, without all of them in memory at once."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from typing import Final, TypeVar

from coach.errors import CoachError

Key = TypeVar("Key")
Given = TypeVar("Given")
Made = TypeVar("Made")

# To hand a thing over and back costs a millisecond or so, of which most is waiting for each other.
_TOGETHER: Final = 4

# Groups a worker: deep enough that none waits for the slowest file of a folder, shallow enough for a small memory.
_AHEAD: Final = 2


def in_processes(
    function: Callable[[Given], Made], things: Iterable[tuple[Key, Given | None]], workers: int
) -> Iterator[tuple[Key, Made | None]]:
    """Each key with what the function makes of its thing, in the order of the things; None stays None.

    Args:
        function: importable by name, for the worker processes.
        things: with their keys; read no further ahead than the workers need.
        workers: at least one.

    Raises:
        CoachError: a worker process died, for example for want of memory.
    """
    pool = ProcessPoolExecutor(workers, _context(function), initializer=_belong)
    waiting: deque[tuple[list[Key], Future[list[Made | None]]]] = deque()
    things = iter(things)
    try:
        while group := list(islice(things, _TOGETHER)):
            with _deaf_children():  # the first ones start the workers
                future = pool.submit(_each, function, [given for _, given in group])
            waiting.append(([key for key, _ in group], future))
            yield from _finished(waiting, keep=workers * _AHEAD)
        yield from _finished(waiting, keep=0)
    except BrokenProcessPool as error:
        raise CoachError(
            "A worker process died, perhaps for want of memory. Run it again: it goes on from here."
        ) from error
    finally:
        # A worker that is only just starting would find its parent gone, and complain.
        pool.shutdown(wait=True, cancel_futures=True)


def _context(function: Callable[[Given], Made]) -> BaseContext:
    """Workers are not forked from here, for this process has threads and an open database.

    Where the system can, they are forked from a server that has imported what they need once for all of them.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([function.__module__])
    return context


@contextmanager
def _deaf_children() -> Iterator[None]:
    """A process that is started meanwhile never hears a Ctrl-C, not even before it can say that it does not want to."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _each(function: Callable[[Given], Made], things: list[Given | None]) -> list[Made | None]:
    return [None if each is None else function(each) for each in things]


def _finished(
    waiting: deque[tuple[list[Key], Future[list[Made | None]]]], keep: int
) -> Iterator[tuple[Key, Made | None]]:
    """The first in the queue, until it is no longer than this."""
    while len(waiting) > keep:
        keys, future = waiting.popleft()
        yield from zip(keys, future.result(), strict=True)


def _belong() -> None:
    """Make a worker its parent's: it leaves interrupts to it, wherever it was started, and does not outlive it.

    Ctrl-C reaches every process of a terminal, and the one that was started decides what it means. A parent that is
    killed cannot say goodbye, and a worker would wait for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
