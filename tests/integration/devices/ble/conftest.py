"""A gym in which an hour takes seconds: bleak's own classes over virtual controllers, on a loop whose clock jumps."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devices.ble import journals
from devices.ble.connections import Connection, State
from devices.ble.gym.clock import CompressedLoop
from devices.ble.gym.world import Gym
from devices.ble.identity import Identity
from devices.ble.journal import Journal
from devices.ble.radio import Radio
from devices.ble.ramp import Limits
from devices.ble.session import Session

START = datetime(2026, 6, 1, 17, 30, tzinfo=UTC)


class Bench:
    """A gym, its radio, and what the person was told, with the moment."""

    def __init__(self, gym: Gym, home: Path) -> None:
        self.gym, self.home = gym, home
        self.radio = Radio(scanner=gym.scanner, client=gym.client)
        self.told: list[tuple[float, str]] = []
        self._loop = asyncio.get_running_loop()
        self._began_s = self._loop.time()

    @property
    def at_s(self) -> float:
        return self._loop.time() - self._began_s

    def tell(self, sentence: str) -> None:
        self.told.append((self.at_s, sentence))

    @property
    def sentences(self) -> str:
        return "\n".join(sentence for _, sentence in self.told)

    def journal(self, sport: str = "cycling", sub_sport: str = "indoor_cycling") -> Journal:
        return journals.begin(self.home, START, sport, sub_sport, utc_offset=timedelta(hours=2), owner="1")

    def session(self, limits: Limits = Limits(), journal: Journal | None = None) -> Session:  # noqa: B008
        machines = [Identity(each.model.name, each.address) for each in self.gym.machines]
        return Session(self.radio, journal or self.journal(), machines, limits, self.tell)

    async def until(self, is_so: Callable[[], bool], within_s: float) -> float:
        """Wait until something is so; gives how long it took."""
        began = self._loop.time()
        async with asyncio.timeout(within_s):
            while not is_so():  # noqa: ASYNC110 (a condition of any kind)
                await asyncio.sleep(0.01)
        return self._loop.time() - began

    async def until_it_is(self, connection: Connection, state: State, within_s: float) -> float:
        return await self.until(lambda: connection.state is state, within_s)


@pytest.fixture
def compressed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Bench], Awaitable[None]]], None]:
    """Run what happens on a bench, by a clock that jumps to what happens next; no disk bears as many seconds."""
    monkeypatch.setattr(os, "fsync", lambda _: None)

    def run(happens: Callable[[Bench], Awaitable[None]]) -> None:
        async def within() -> None:
            async with Gym() as gym:
                bench = Bench(gym, tmp_path)
                try:
                    await happens(bench)
                finally:
                    await bench.radio.close()

        with asyncio.Runner(loop_factory=CompressedLoop) as runner:
            runner.run(within())

    return run
