"""An event loop on which time goes faster: everything waits as long as ever, by its own clock."""

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from math import inf
from time import monotonic
from typing import Any, TypeVar

Result = TypeVar("Result")
_Ready = list[tuple[selectors.SelectorKey, int]]


class _Jumping(selectors.DefaultSelector):
    """Waits for nothing: the time that it is asked to wait has passed at once."""

    now_s = 0.0

    def select(self, timeout: float | None = None) -> _Ready:
        if timeout is None:
            return super().select()
        ready = super().select(0)
        self.now_s += 0.0 if ready else max(0.0, timeout)
        return ready


class _Hurrying(selectors.DefaultSelector):
    """Waits a part of the time that it is asked to wait."""

    def __init__(self, speed: float) -> None:
        super().__init__()
        self.speed, self._began_s = speed, monotonic()

    @property
    def now_s(self) -> float:
        return (monotonic() - self._began_s) * self.speed

    def select(self, timeout: float | None = None) -> _Ready:
        return super().select(timeout and timeout / self.speed)


class CompressedLoop(asyncio.SelectorEventLoop):
    """A loop whose `time` runs at `speed`. Where that is infinite, it jumps to whatever happens next, and what is
    worked out meanwhile takes no time at all: the same happens each time.

    What blocks is done at once and not by a thread, which the clock would run away from.
    """

    def __init__(self, speed: float = inf) -> None:
        self._clock = _Jumping() if speed == inf else _Hurrying(speed)
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now_s

    def run_in_executor(  # type: ignore[override]
        self, _executor: Executor | None, func: Callable[..., Result], *args: Any
    ) -> asyncio.Future[Result]:
        done: asyncio.Future[Result] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 (handed on to whoever awaits it)
            done.set_exception(error)
        return done
