"""What stands before every page: how long a request may be, where it may come from, and what each answer bears."""

import logging
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach.web import problems
from coach.web.rendering import rendered
from coach.web.words import asked_for, words_in
from scheduler import tally
from scheduler.errors import whereabouts
from scheduler.tally import Count

log = logging.getLogger(__name__)

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # a link's token is in the address
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

# Nobody's in particular: a browser keeps them, and asks each time whether they are still so.
_OF_FILES: Final = HEADERS | {"Cache-Control": "no-cache"}
_FILES: Final = "/static/"

# The longest form is a page of answers with a line for each.
LONGEST_BYTES: Final = 64_000
LONGEST_UPLOAD_BYTES: Final = 256_000_000
"""Some years of a watch, zipped. Its files have limits of their own."""

_UPLOADS: Final = frozenset({"/upload", "/share", "/api/v1/files"})
# Whoever has such a link, or a token, may use it from anywhere: mail programs do, and others. No cookie counts there.
_FROM_ANYWHERE: Final = ("/r/", problems.BASE)
_UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class TooLongError(Exception):
    """More is sent than was announced, or than anybody needs."""


class Guard:
    """Around the pages. What goes wrong within is told by its place, never by what was sent."""

    def __init__(self, pages: ASGIApp) -> None:
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._pages(scope, receive, send)
            return
        begun = False

        async def answered(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                tally.count(Count.REQUESTS, str(message["status"]))
                headers = MutableHeaders(scope=message)
                for name, value in (_OF_FILES if scope["path"].startswith(_FILES) else HEADERS).items():
                    headers.setdefault(name, value)
            await send(message)

        refused = _refused(scope)
        try:
            await (refused or self._pages)(scope, _at_most(_longest(scope), receive), answered)
        except TooLongError:
            if begun:
                raise
            await _too_long(scope)(scope, receive, answered)
        except Exception as error:
            log.error("%s of a page raised %s", scope["method"], whereabouts(error))  # noqa: TRY400
            if begun:
                raise
            await _said(scope, problems.BUG, "fault.bug")(scope, receive, answered)


def _refused(scope: Scope) -> Response | None:
    headers = Headers(scope=scope)
    announced = headers.get("content-length", "0")
    if not announced.isdigit() or int(announced) > _longest(scope):
        return _too_long(scope)
    if scope["method"] in _UNSAFE and _is_foreign(headers) and not scope["path"].startswith(_FROM_ANYWHERE):
        return _stopped(scope, "fault.foreign", HTTPStatus.FORBIDDEN)
    return None


def _is_foreign(headers: Headers) -> bool:
    """Whether a page of another site has a browser send it. Programs say nothing of the kind."""
    if (site := headers.get("sec-fetch-site")) is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _longest(scope: Scope) -> int:
    return LONGEST_UPLOAD_BYTES if scope["path"] in _UPLOADS else LONGEST_BYTES


def _too_long(scope: Scope) -> Response:
    if scope["path"] in _UPLOADS and not problems.is_asked(scope["path"]):
        most = LONGEST_UPLOAD_BYTES // 1_000_000
        return _stopped(
            scope, "upload.too_long", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, back="upload.title", megabytes=most
        )
    return _said(scope, problems.TOO_LONG, "fault.long")


def _said(scope: Scope, kind: problems.Kind, text: str) -> Response:
    """To a program as a problem, to a browser as a page."""
    return problems.told(kind) if problems.is_asked(scope["path"]) else _stopped(scope, text, kind.status)


def _stopped(scope: Scope, text: str, status: int, back: str = "fault.home", **fields: object) -> Response:
    """A page that needs neither the database nor who looks. Files alone are sent again to where they were sent."""
    site = getattr(scope["app"].state, "site", None)
    words, root = words_in(asked_for(Request(scope))), "" if site is None else site.root
    return rendered(
        "stopped.html.j2",
        status,
        say=words.text,
        language=words.language,
        root=root,
        sentence=words.text(text, **fields),
        back=f"{root}{scope['path'] if scope['path'] in _UPLOADS else '/'}",
        back_to=words.text(back),
    )


def _at_most(longest: int, receive: Receive) -> Receive:
    """What comes without an announced length is counted."""
    had = 0

    async def counted() -> Message:
        nonlocal had
        message = await receive()
        had += len(message.get("body", b""))
        if had > longest:
            raise TooLongError
        return message

    return counted
