"""`coach run`, `coach serve` and `coach worker`: the service, or a hand for it, in the foreground."""

import asyncio
import gc
import sys
from collections.abc import Sequence

from coach import logs
from coach.accounts.invitations import PATH, first, open_invitations
from coach.cli.output import err, out
from coach.service import Service, open_service
from coach.store.engine import reading
from config.settings import load_settings


def run(*, pages: bool) -> None:
    app = _opened()
    _until_stopped(app, None, f"The coach is running on {app.settings.home}. Ctrl-C stops it.", pages=pages)


def serve(host: str | None, port: int | None, *, sweeps: bool) -> None:
    app = _opened()
    set_host, _, set_port = app.settings.listen.rpartition(":")
    listen = f"{host or set_host}:{port or set_port}"
    here = app.settings.public_url or f"http://{listen}"
    _until_stopped(app, listen, f"The coach's pages are at {here}/. Ctrl-C stops it.", sweeps=sweeps)


def work(queues: Sequence[str], concurrency: int, port: int | None) -> None:
    from coach import working

    working.refuse_unknown(queues)
    app, wanted = _opened(), queues or working.QUEUES
    err.print(f"The worker takes what waits in {working.listed(wanted)}. Ctrl-C stops it.", soft_wrap=True)
    try:
        asyncio.run(working.work(app, asyncio.Event(), wanted, concurrency, port))
    finally:
        app.engine.dispose()
    err.print("Stopped.")


def _opened() -> Service:
    logs.set_up(load_settings().log)
    return open_service(lasting=True)


def _until_stopped(app: Service, listen: str | None, sentence: str, *, sweeps: bool = True, pages: bool = True) -> None:
    def ready() -> None:
        gc.freeze()  # what is there now stays: whoever looks for rubbish while others wait need not look through it
        err.print(sentence, soft_wrap=True)
        if listen is not None:
            _invite(app, listen)

    try:
        asyncio.run(app.serve(asyncio.Event(), ready, listen=listen, sweeps=sweeps, pages=pages))
    finally:
        app.engine.dispose()
    err.print("Stopped.")


def _invite(app: Service, listen: str) -> None:
    """Where nobody has an account yet, the link that makes the first: on stdout, for it is no log's."""
    with reading(app.engine) as session:
        if (invitation := first(session, app.clock())) is None:
            return
    token = open_invitations(app.settings).token(invitation)
    out.print(
        "Nobody has an account yet. This link makes the first one; it is good once, for three days:", soft_wrap=True
    )
    out.print(address(app.settings.public_url, listen, token), soft_wrap=True)
    sys.stdout.flush()


def address(public_url: str | None, listen: str, token: str) -> str:
    """Where a link that lets somebody in leads."""
    host, _, port = listen.rpartition(":")
    nearby = "127.0.0.1" if host in {"0.0.0.0", "[::]", "::"} else host  # noqa: S104  (asked, not bound)
    return f"{public_url or f'http://{nearby}:{port}'}{PATH}{token}"
