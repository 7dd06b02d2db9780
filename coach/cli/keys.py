"""Keys as they are pressed, where there is a keyboard."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_AT_ONCE: Final = 64


@contextmanager
def heard(pressed: Callable[[str], None]) -> Iterator[bool]:
    """Meanwhile each key is handed on, without Enter and without being shown; whether that is so here."""
    if not sys.stdin.isatty() or sys.platform == "win32":
        yield False
        return
    import termios
    import tty

    loop, descriptor = asyncio.get_running_loop(), sys.stdin.fileno()

    def hear() -> None:
        for key in os.read(descriptor, _AT_ONCE).decode(errors="replace"):
            pressed(key)

    before = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor)
    loop.add_reader(descriptor, hear)
    try:
        yield True
    finally:
        loop.remove_reader(descriptor)
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
