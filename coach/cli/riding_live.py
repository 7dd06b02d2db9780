"""A session while it lasts: signals, keys and the screen, around what conducts it."""

import asyncio
import os
import signal
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.live import Live
from rich.text import Text

from coach.cli import keys
from coach.cli.output import err, out
from coach.cli.ride_view import view
from coach.riding.conducting import Ride

_DRAWN_EVERY_S: Final = 0.5
_REMEMBERED: Final = 20
_TEN: Final = "x"


class Said:
    """What the person was told last. Without a terminal it is printed as it comes; on one, the view shows it."""

    def __init__(self, printer: Console = err) -> None:
        self.sentences: deque[str] = deque(maxlen=_REMEMBERED)
        self._printer = printer

    def __call__(self, sentence: str) -> None:
        self.sentences.append(sentence)
        if not out.is_terminal:
            self._printer.print(Text(sentence), soft_wrap=True)


Beside = Callable[[Ride], Coroutine[None, None, None]]


async def conduct(
    ride: Ride, said: Said, *, drawn_every_s: float = _DRAWN_EVERY_S, beside: Beside | None = None
) -> None:
    """Until the person, the clock or a signal ends it; `beside` happens meanwhile."""
    with _ended_by_signals(ride):
        async with ride.running():
            happens = [] if beside is None else [asyncio.create_task(beside(ride))]
            try:
                with keys.heard(lambda pressed: press(ride, pressed)):
                    await _drawn(ride, said, drawn_every_s)
            finally:
                for task in happens:
                    task.cancel()
                await asyncio.gather(*happens, return_exceptions=True)


def press(ride: Ride, pressed: str) -> None:
    """What a key means; others mean nothing."""
    match pressed:
        case "p" | " ":
            ride.pause_or_resume()
        case "q":
            ride.end()
        case "w":
            ride.warning_sign()
        case _ if pressed == _TEN or (pressed.isdecimal() and pressed.isascii()):
            ride.pain(10 if pressed == _TEN else int(pressed))
        case _:
            pass


async def _drawn(ride: Ride, said: Said, every_s: float) -> None:
    """Draw until the ride ends; without a terminal there is only to wait."""
    if not out.is_terminal:
        await ride.ended.wait()
        return
    with Live(console=out, screen=True, auto_refresh=False) as live:
        while not ride.ended.is_set():
            live.update(view(ride.picture(tuple(said.sentences))), refresh=True)
            try:
                async with asyncio.timeout(every_s):
                    await ride.ended.wait()
            except TimeoutError:
                continue


@contextmanager
def _ended_by_signals(ride: Ride) -> Iterator[None]:
    """SIGINT and SIGTERM end a session well; before its first machine, and said twice, they break it off."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None  # noqa: S101 (this is within one)

    def heard() -> None:
        if ride.is_live and not ride.ended.is_set():
            ride.end()
        else:
            task.cancel()

    numbers = (signal.SIGINT, signal.SIGTERM) if os.name == "posix" else ()
    for number in numbers:
        loop.add_signal_handler(number, heard)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
