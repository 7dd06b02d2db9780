"""Ctrl-C where the work can stop, and not in the middle of a transaction or of starting a process."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def heard_between_steps() -> Iterator[Callable[[], None]]:
    """What is yielded is called between two steps, and raises KeyboardInterrupt if there was a Ctrl-C since.

    A second Ctrl-C does not wait for it.
    """
    came = False

    def note(_: int, __: FrameType | None) -> None:
        nonlocal came
        if came:
            raise KeyboardInterrupt
        came = True

    def stop_if_asked() -> None:
        if came:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield stop_if_asked
    finally:
        signal.signal(signal.SIGINT, before)
