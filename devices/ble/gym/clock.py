"""An event loop on which time goes faster: everything waits as long as ever, by its own clock."""

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from math import inf
from time import monotonic
from typing import Any, TypeVar

Result = TypeVar("Result")


class _Hurried(selectors.DefaultSelector):
    """Waits a part of the time that it is asked to wait; nothing at all where the speed is infinite."""

    speed: float = 1.0
    skipped_s: float = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0 or self.speed == 1.0:
            return super().select(timeout)
        began = monotonic()
        ready = super().select(timeout / self.speed)
        waited = monotonic() - began
        self.skipped_s += min(timeout, waited * self.speed) - waited if ready else max(0.0, timeout - waited)
        return ready


class CompressedLoop(asyncio.SelectorEventLoop):
    """A loop whose `time` runs at `speed`; where that is infinite, it jumps to whatever happens next.

    What blocks is done at once and not by a thread: the clock would run away from it.
    """

    def __init__(self, speed: float = inf) -> None:
        self._hurried = _Hurried()
        self._hurried.speed = speed
        super().__init__(self._hurried)

    def time(self) -> float:
        return monotonic() + self._hurried.skipped_s

    def run_in_executor(  # type: ignore[override]
        self, _executor: Executor | None, func: Callable[..., Result], *args: Any
    ) -> asyncio.Future[Result]:
        done: asyncio.Future[Result] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 (handed on to whoever awaits it)
            done.set_exception(error)
        return done
