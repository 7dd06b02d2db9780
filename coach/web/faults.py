"""What went wrong becomes a page that says what to do; nothing typed is lost, and nothing leaks a traceback."""

import json
import logging
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.exceptions import HTTPException

from coach.accounts.limits import TooOftenError
from coach.errors import CoachError, ConflictError, NotFoundError, NotSetUpError, UsageError
from coach.replies import answers
from coach.web import forms, problems
from coach.web.forms import ForgedError, SentBeforeError
from coach.web.visit import SetUpNeededError, SignInNeededError, Site, Visit, visiting
from coach.web.words import asked_for, words_in
from scheduler.errors import whereabouts

log = logging.getLogger(__name__)

_UNKNOWN_NUMBER: Final = "112"  # where the database does not say what a person dials

# What each kind of error answers, and the text that says so; None: the error has its own sentence.
_KINDS: Final[tuple[tuple[type[Exception], HTTPStatus, str | None], ...]] = (
    (TooOftenError, HTTPStatus.TOO_MANY_REQUESTS, "fault.too_often"),
    (ForgedError, HTTPStatus.FORBIDDEN, "fault.forged"),
    (NotFoundError, HTTPStatus.NOT_FOUND, "fault.not_found"),
    (RequestValidationError, HTTPStatus.NOT_FOUND, "fault.not_found"),
    (UsageError, HTTPStatus.UNPROCESSABLE_ENTITY, None),
    (ConflictError, HTTPStatus.CONFLICT, None),
    (CoachError, HTTPStatus.BAD_REQUEST, None),
    (DataError, HTTPStatus.NOT_FOUND, "fault.not_found"),  # what no row can hold, such as a NUL
    (SQLAlchemyError, HTTPStatus.SERVICE_UNAVAILABLE, "fault.database"),
)


def install(web: FastAPI) -> None:
    web.add_exception_handler(SignInNeededError, _sign_in)
    web.add_exception_handler(SetUpNeededError, _set_up)
    web.add_exception_handler(NotSetUpError, _set_up)
    web.add_exception_handler(SentBeforeError, _sent_before)
    web.add_exception_handler(HTTPException, _by_status)
    for kind, _, _ in _KINDS:
        web.add_exception_handler(kind, _told)


async def _sign_in(request: Request, _: Exception) -> Response:
    """Go and sign in, and come back; a form that was under way is held meanwhile, in the page itself."""
    site: Site = request.app.state.site
    if request.method == "GET":
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        then = f"?then={quote(path)}" if path != "/" else ""
        return RedirectResponse(f"{site.root}/sign-in{then}", status_code=303)
    visit = Visit(site, request, site.app.clock(), words_in(asked_for(request)))
    if _holds_files(request):  # nobody's files are taken in
        wrong, held = "upload.signed_out", ""
    else:
        wrong, held = "sign_in.expired", json.dumps((await forms.read(request)).typed)
    return visit.page(
        "sign_in.html.j2",
        HTTPStatus.UNAUTHORIZED,
        urgent=await _urgent(visit),
        then=request.url.path,
        held=held,
        email="",
        wrong=visit.say(wrong),
    )


async def _set_up(request: Request, error: Exception) -> Response:
    leads_to = error.leads_to if isinstance(error, SetUpNeededError) else SetUpNeededError().leads_to
    return RedirectResponse(f"{request.app.state.site.root}{leads_to}", status_code=303)


async def _sent_before(request: Request, error: Exception) -> Response:
    assert isinstance(error, SentBeforeError)  # noqa: S101
    return RedirectResponse(f"{request.app.state.site.root}{error.leads_to}", status_code=303)


async def _by_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if problems.is_asked(request.url.path):
        return problems.of_status(error)
    key = "fault.not_found" if error.status_code == HTTPStatus.NOT_FOUND else "fault.method"
    return await _page(request, error.status_code, key, None)


async def _told(request: Request, error: Exception) -> Response:
    status, key = next((status, key) for kind, status, key in _KINDS if isinstance(error, kind))
    if isinstance(error, SQLAlchemyError):
        log.error("%s of a page raised %s", request.method, whereabouts(error))
    return await _page(request, status, key, None if key else str(error))


async def _page(request: Request, status: int, key: str | None, sentence: str | None) -> Response:
    try:
        visit = await run_in_threadpool(visiting, request)
    except SQLAlchemyError:
        site: Site = request.app.state.site
        visit = Visit(site, request, site.app.clock(), words_in(asked_for(request)))
    urgent = await _urgent(visit)
    return visit.page("fault.html.j2", status, urgent=urgent, sentence=visit.say(key) if key else sentence)


async def _urgent(visit: Visit) -> tuple[str, ...]:
    """Of a form that tells of a warning sign its words, whatever kept it from being taken."""
    if visit.request.method != "POST" or _holds_files(visit.request):
        return ()
    number = visit.person.emergency_number if visit.person is not None else _UNKNOWN_NUMBER
    return answers.urgent((await forms.read(visit.request)).values, number, visit.words.messages)


def _holds_files(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("multipart/")
