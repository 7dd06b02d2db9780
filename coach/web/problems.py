"""What went wrong becomes a problem (RFC 9457): the sentence of the command line, and a type for programs."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final, NotRequired

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from typing_extensions import TypedDict

from coach.accounts.limits import TooOftenError
from coach.accounts.tokens import UnknownTokenError
from coach.errors import CoachError, DatabaseError, NotFoundError, UsageError
from coach.shapes.types import Ingested
from scheduler.errors import whereabouts

log = logging.getLogger(__name__)

BASE: Final = "/api/"
TYPES: Final = "/api/v1/problems/"
MEDIA: Final = "application/problem+json"

# A minute's count is forgotten within a minute; a database that is busy mostly is well again sooner.
_PATIENCE_S: Final = 60
_SOON_S: Final = 5


class Fault(TypedDict):
    """What of a request cannot be taken."""

    field: str
    detail: str


class Problem(TypedDict):
    """Why a request was not done, as RFC 9457 has it."""

    type: Annotated[str, Field(description="a path that names the kind of problem; it stays the same")]
    title: str
    status: int
    detail: Annotated[str, Field(description="a sentence for a person")]
    errors: NotRequired[Annotated[list[Fault], Field(description="of `invalid`: each field, and what is wrong")]]
    scope: NotRequired[Annotated[str, Field(description="of `scope`: what the token lacks")]]
    files: NotRequired[Annotated[list[Ingested], Field(description="of `refused`: what became of each file")]]
    told: NotRequired[
        Annotated[list[str], Field(description="of a check-in that could not be kept: what the person must be told")]
    ]


class ScopeError(CoachError):
    """A token without what is asked of it."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"This token is not for that: it lacks the scope `{scope}`.")
        self.scope = scope


class RefusedError(CoachError):
    """None of the files that came could be taken."""

    def __init__(self, files: Sequence[Ingested]) -> None:
        one = files[0]["reason"] if len(files) == 1 else None
        super().__init__(one or f"None of the {len(files)} files could be taken.")
        self.files = files


class UrgentError(CoachError):
    """A warning sign was told, and something went wrong (its cause); the person must be told this in any case."""

    def __init__(self, told: Sequence[str]) -> None:
        super().__init__(" ".join(told))
        self.told = told


class MediaError(CoachError):
    """The body is of a kind that is not read here."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem. `sentence` None: the error has its own."""

    name: str
    status: HTTPStatus
    title: str
    sentence: str | None = None
    headers: Mapping[str, str] | None = None


TOO_LONG: Final = Kind(
    "too-long", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Too long", "More was sent than anybody needs; send it in parts."
)
BODY: Final = Kind("body", HTTPStatus.BAD_REQUEST, "Not readable", "The body could not be read.")
BUG: Final = Kind(
    "bug",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "A mistake of the program",
    "This should not have happened. Nothing was half-written. Please report it.",
)
NOT_READY: Final = Kind("not-ready", HTTPStatus.SERVICE_UNAVAILABLE, "Not ready", headers={"Retry-After": "5"})
_NOT_FOUND: Final = Kind("not-found", HTTPStatus.NOT_FOUND, "Not found")
_METHOD: Final = Kind("method", HTTPStatus.METHOD_NOT_ALLOWED, "Not done here", "That cannot be done at this address.")
_INVALID: Final = Kind("invalid", HTTPStatus.UNPROCESSABLE_ENTITY, "Not as it should be")
_DATABASE: Final = Kind(
    "database",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Not now",
    "The database did not take part. Nothing was half-written; try again in a moment.",
    {"Retry-After": str(_SOON_S)},
)

KINDS: Final[tuple[tuple[type[Exception], Kind], ...]] = (
    (
        UnknownTokenError,
        Kind("token", HTTPStatus.UNAUTHORIZED, "Who asks?", None, {"WWW-Authenticate": 'Bearer realm="coach"'}),
    ),
    (ScopeError, Kind("scope", HTTPStatus.FORBIDDEN, "Not with this token")),
    (NotFoundError, _NOT_FOUND),
    (UsageError, _INVALID),
    (RequestValidationError, _INVALID),
    (RefusedError, Kind("refused", HTTPStatus.UNPROCESSABLE_ENTITY, "No file was taken")),
    (MediaError, Kind("media", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Not read here")),
    (
        TooOftenError,
        Kind(
            "too-often",
            HTTPStatus.TOO_MANY_REQUESTS,
            "Too often",
            "That is more often than anybody needs. Wait a minute.",
            {"Retry-After": str(_PATIENCE_S)},
        ),
    ),
    (ClientDisconnect, BODY),
    (DatabaseError, _DATABASE),
    (SQLAlchemyError, _DATABASE),
    (OSError, Kind("room", HTTPStatus.SERVICE_UNAVAILABLE, "Not now", "There is no room.", {"Retry-After": "60"})),
    (CoachError, Kind("conflict", HTTPStatus.CONFLICT, "Not as things are")),
)
"""What each error is told as, the first that fits."""

ALL: Final[Mapping[str, Kind]] = {
    each.name: each for each in (*(kind for _, kind in KINDS), _METHOD, TOO_LONG, BODY, BUG, NOT_READY)
}


def is_asked(path: str) -> bool:
    """Whether it is a program that asks for this path."""
    return path.startswith(BASE)


def told(kind: Kind, sentence: str | None = None, **more: object) -> JSONResponse:
    """The answer to a problem of that kind."""
    problem = {
        "type": f"{TYPES}{kind.name}",
        "title": kind.title,
        "status": int(kind.status),
        "detail": kind.sentence or sentence or kind.title,
        **more,
    }
    return JSONResponse(problem, kind.status, kind.headers, media_type=MEDIA)


def of(error: Exception, **more: object) -> JSONResponse:
    """The answer to a request that ended in this error.

    Raises:
        Exception: the error itself, where it is none that a client could cause or a machine could have.
    """
    if isinstance(error, HTTPException):
        return of_status(error)
    if isinstance(error, UrgentError):
        return _urgent(error)
    kind = next((kind for each, kind in KINDS if isinstance(error, each)), None)
    if kind is None:
        raise error
    if kind.status is HTTPStatus.SERVICE_UNAVAILABLE:
        log.error("A request of a program raised %s", whereabouts(error))
    match error:
        case RequestValidationError():
            faults = [_fault(each) for each in error.errors()]
            return told(kind, "; ".join(f"{each['field']}: {each['detail']}" for each in faults), errors=faults, **more)
        case ScopeError():
            return told(kind, str(error), scope=error.scope, **more)
        case RefusedError():
            return told(kind, str(error), files=error.files, **more)
        case _:
            return told(kind, str(error), **more)


def _urgent(error: UrgentError) -> JSONResponse:
    assert isinstance(error.__cause__, Exception)  # noqa: S101  (that is what it is for)
    try:
        return of(error.__cause__, told=error.told)
    except Exception as bug:  # noqa: BLE001
        log.error("A request of a program raised %s", whereabouts(bug))  # noqa: TRY400
        return told(BUG, told=error.told)


def of_status(error: HTTPException) -> JSONResponse:
    """What the framework says by a status alone."""
    known = {kind.status: kind for kind in (_NOT_FOUND, _METHOD, TOO_LONG)}
    answer = told(known.get(HTTPStatus(error.status_code), BODY), "There is no such address.")
    answer.headers.update(error.headers or {})
    return answer


def _fault(error: Mapping[str, Any]) -> Fault:
    """A field by its path, `label.borg`; without what was sent."""
    if error["type"] == "json_invalid":
        return {"field": "body", "detail": "is not JSON"}
    _, *path = error["loc"]
    return {"field": ".".join(map(str, path)) or "body", "detail": str(error["msg"])}


def answers(*more: int) -> dict[int | str, dict[str, Any]]:
    """What every operation may answer beside what it is for, for the document; and what this one may."""
    statuses = sorted({401, 403, 422, 429, 503, *more})
    return {status: _declared(HTTPStatus(status)) for status in statuses}


def _declared(status: HTTPStatus) -> dict[str, Any]:
    names = ", ".join(f"`{each.name}`" for each in ALL.values() if each.status is status)
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": f"A problem: {names}.", "content": {MEDIA: {"schema": schema}}}
