"""Watches that bring what they recorded: uploads over HTTP, as many a second as are to come, whoever waits."""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from threading import Event, Thread

import httpx2
from corpus import distinct
from crowd import token

from coach.demo import sessions
from devices.fit.write import write

MINUTES = 40
"""Of a session; a second a record."""

NUMBERS = count(1)


def recorded(before: datetime) -> Sequence[bytes]:
    """Walks of the last hours."""
    return [write(sessions.walk(before - timedelta(minutes=MINUTES + 5 * n), MINUTES)) for n in range(1, 9)]


def bring(client: httpx2.Client, person: int, data: bytes) -> None:
    """One, at once."""
    answer = client.post("/api/v1/files", headers=_headers(person), content=distinct(data, next(NUMBERS)))
    assert answer.status_code == 201, answer.text


def tell(client: httpx2.Client, person: int, pain: int) -> None:
    """How the morning is."""
    said = {"pain": pain, "phase": "morning"}
    answer = client.post(
        "/api/v1/check-ins", headers=_headers(person) | {"Content-Type": "application/json"}, json=said
    )
    assert answer.status_code == 201, answer.text


class Brought(Thread):
    """Uploads by lot, so many a second; each waits from the moment at which it was to come."""

    def __init__(self, address: str, persons: int, files: Sequence[bytes], a_second: float) -> None:
        super().__init__()
        self.waits_s: list[float] = []
        self.failed: list[str] = []
        self._given = (address, persons, files, a_second)
        self._enough = Event()

    def run(self) -> None:
        asyncio.run(self._all())

    def end(self) -> None:
        self._enough.set()
        self.join()

    async def _all(self) -> None:
        address, persons, files, a_second = self._given
        lot, due = random.Random(persons), time.monotonic()
        async with httpx2.AsyncClient(base_url=address, timeout=120) as client, asyncio.TaskGroup() as sending:
            while not await self._has_enough(due := due + lot.expovariate(a_second)):
                data = distinct(lot.choice(files), next(NUMBERS))
                sending.create_task(self._send(client, due, lot.randint(1, persons), data))

    async def _has_enough(self, due: float) -> bool:
        """Once it is time for the next."""
        wait = max(0.0, due - time.monotonic())
        return await asyncio.to_thread(self._enough.wait, wait)

    async def _send(self, client: httpx2.AsyncClient, due: float, person: int, data: bytes) -> None:
        try:
            answer = await client.post("/api/v1/files", headers=_headers(person), content=data)
        except httpx2.HTTPError as error:
            self.failed.append(repr(error))
        else:
            if answer.status_code != 201:
                self.failed.append(answer.text)
        self.waits_s.append(time.monotonic() - due)


@contextmanager
def bringing(address: str, persons: int, files: Sequence[bytes], a_second: float) -> Iterator[Brought]:
    brought = Brought(address, persons, files, a_second)
    brought.start()
    try:
        yield brought
    finally:
        brought.end()


def _headers(person: int) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(person)}", "Content-Type": "application/octet-stream"}
