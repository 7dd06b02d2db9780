"""The pages on a port, beside the service's jobs in one process."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from typing import TYPE_CHECKING, Final

import uvicorn

from coach.errors import CoachError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from coach.web.visit import Site

# Nobody's answer takes longer; a link that is being answered when the service stops still is.
_GOODBYE_S: Final = 10


class PortTakenError(CoachError):
    """Somebody else listens there."""


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the service's."""
        yield


@asynccontextmanager
async def serving(web: "FastAPI", listen: str, stop: asyncio.Event, site: "Site | None" = None) -> AsyncIterator[None]:
    """Serve the pages on `host:port` until told to stop, and no longer than the block lasts; what lasts of `site` ends
    with it. Who is being answered when it stops still is; nobody else is let in, however long the block's work goes on.

    No access log: a link's token is part of its address.

    Raises:
        PortTakenError: the port is taken, or is not ours to take.
    """
    host, _, port = listen.rpartition(":")
    with closing(_bound(host.strip("[]"), int(port))) as bound:
        config = uvicorn.Config(
            web,
            access_log=False,
            log_config=None,
            lifespan="off",
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=_GOODBYE_S,
        )
        server = _Server(config)
        task = asyncio.create_task(server.serve(sockets=[bound]))
        closing_time = asyncio.create_task(_close(server, stop, site))
        try:
            yield
        finally:
            stop.set()
            await closing_time
            await task
            if site is not None:
                site.memory.close()


async def _close(server: uvicorn.Server, stop: asyncio.Event, site: "Site | None") -> None:
    await stop.wait()
    if site is not None:
        site.stopping.set()
    server.should_exit = True


def _bound(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise PortTakenError(
            f"The pages cannot be served on {host}:{port}: {error.strerror or error}. COACH_LISTEN names another port."
        ) from None
