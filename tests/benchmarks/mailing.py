"""A mail server of Python's own, in a process of its own, which takes every letter and keeps none."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import psutil
from aiosmtpd.smtp import SMTP

SPAWN = get_context("spawn")


class Mailbox:
    """Counts letters and their bytes."""

    def __init__(self, taken: Any) -> None:
        self._taken = taken

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        self._taken[0] += 1
        self._taken[1] += len(envelope.content)
        return "250 OK"


@dataclass(frozen=True)
class MailServer:
    port: int
    taken: Any
    process: psutil.Process

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?starttls=false"

    @property
    def letters(self) -> int:
        return int(self.taken[0])

    @property
    def bytes(self) -> int:
        return int(self.taken[1])

    @property
    def cpu_s(self) -> float:
        spent = self.process.cpu_times()
        return spent.user + spent.system


@contextmanager
def mail_server() -> Iterator[MailServer]:
    ports, taken = SPAWN.Queue(), SPAWN.Array("q", 2)
    process = SPAWN.Process(target=_serve, args=(ports, taken), daemon=True)
    process.start()
    try:
        yield MailServer(ports.get(timeout=60), taken, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.join()


def _serve(ports: Any, taken: Any) -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Mailbox(taken), hostname="localhost"), "127.0.0.1", 0)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())
