"""The pages as one application: what all of them share. A group of pages is a router beside this module."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.staticfiles import StaticFiles

from coach.app import App
from coach.replies.links import Links
from coach.web import replies

_FOLDER: Final = Path(__file__).parent
# The longest form has 20 answers; nobody has a reason to send more.
_LONGEST_BYTES: Final = 64_000

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # a link's token is in the address
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def pages(app: App, links: Links) -> FastAPI:
    """What `coach run` serves where a public address is set."""
    web = FastAPI(title="Your coach", docs_url=None, redoc_url=None, openapi_url=None)
    web.mount("/static", StaticFiles(directory=_FOLDER / "static"), name="static")
    web.include_router(replies.router(app, links))

    @web.get("/healthz")
    def healthz() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @web.middleware("http")
    async def guarded(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        response: Response
        length = request.headers.get("content-length", "0")
        if (
            not length.isdigit()
            or int(length) > _LONGEST_BYTES
            or "chunked" in request.headers.get("transfer-encoding", "")
        ):
            response = PlainTextResponse("Too long.", status_code=413)
        else:
            response = await call(request)
        response.headers.update(HEADERS)
        return response

    return web
