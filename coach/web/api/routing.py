"""How a program asks: with a token in a header, in somebody's name; and what goes wrong is told as a problem."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes
from pydantic import BeforeValidator
from sqlmodel import Session

from coach.accounts.tokens import Bearer, Scope, UnknownTokenError, recognised
from coach.app import App
from coach.checking_in import instant
from coach.store import tokens
from coach.store.engine import reading, writing
from coach.store.tables import Person
from coach.web import problems
from coach.web.guard import TooLongError
from coach.web.problems import TOO_LONG, ScopeError
from coach.web.visit import Site, by_the_way
from coach.weeks import YEARS

PREFIX: Final = "/api/v1"
LAST_ID: Final = 2**31 - 1  # what a PostgreSQL integer holds
MOST: Final = 200
"""Lines of a page."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Route(APIRoute):
    """An operation whose every failure is a problem; what nobody could cause goes on to the guard."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handle(request)
            except Exception as error:  # noqa: BLE001  (`of` raises what it does not know)
                too_long = isinstance(error.__cause__, TooLongError) or isinstance(error, TooLongError)
                return problems.told(TOO_LONG) if too_long else problems.of(error)

        return told


def resource(tag: str) -> APIRouter:
    return APIRouter(prefix=PREFIX, route_class=Route, tags=[tag])


@dataclass(frozen=True)
class Caller:
    """A program, and the person in whose name it asks: whose rows it may see."""

    site: Site
    bearer: Bearer
    now: datetime

    @property
    def app(self) -> App:
        return self.site.app

    @property
    def me(self) -> Person:
        return self.bearer.person

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.me.timezone)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with reading(self.app.engine) as session:
            yield session

    def instant(self, at: datetime | None, otherwise: datetime) -> datetime:
        """A moment that was asked for; without an offset it is the person's own time."""
        return otherwise if at is None else instant(at, self.zone)


_BEARER: Final = HTTPBearer(
    auto_error=False, scheme_name="token", description="A token of `/account/tokens`, or of `coach tokens add`."
)


def calling(
    request: Request,
    needed: SecurityScopes,
    shown: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
) -> Caller:
    """
    Raises:
        UnknownTokenError: no token is shown, or none that lets anybody in.
        ScopeError: it is not for that.
        TooOftenError: no program asks that often.
    """
    site: Site = request.app.state.site
    now = site.app.clock()
    if shown is None:
        raise UnknownTokenError("Show a token: `Authorization: Bearer coach_...`.")
    with reading(site.app.engine) as session:
        session.expire_on_commit = False
        bearer = recognised(session, shown.credentials, now)
    site.limits.count("api", str(bearer.token_id))
    if bearer.is_to_be_noted:
        with by_the_way(), writing(site.app.engine, bearer.person.id) as session:
            tokens.used(session, bearer.token_id, now)
    for scope in needed.scopes:
        if scope not in bearer.scopes:
            raise ScopeError(scope)
    return Caller(site, bearer, now)


Anybody = Annotated[Caller, Security(calling)]
Reader = Annotated[Caller, Security(calling, scopes=[Scope.READ])]
PlanReader = Annotated[Caller, Security(calling, scopes=[Scope.PLAN])]
Uploader = Annotated[Caller, Security(calling, scopes=[Scope.UPLOAD])]
Teller = Annotated[Caller, Security(calling, scopes=[Scope.CHECK_IN])]
Labeller = Annotated[Caller, Security(calling, scopes=[Scope.LABEL])]


def _moment(said: object) -> datetime:
    """As it is written, and no number: nobody knows of one whether it counts seconds or milliseconds."""
    try:
        at = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        at = None
    if at is None or at.year not in YEARS:
        raise ValueError("is no moment of our time; one is written as 2026-11-05T12:30+01:00")
    return at


Moment = Annotated[datetime, BeforeValidator(_moment)]
Number = Annotated[int, Path(ge=1, le=LAST_ID)]
Limit = Annotated[int, Query(ge=1, le=MOST, description="Of how many lines a page is.")]
Since = Annotated[Moment | None, Query(description="From this moment on; without an offset, the person's own time.")]
Until = Annotated[Moment | None, Query(description="Before this moment.")]
Cursor = Annotated[str | None, Query(max_length=100, description="The `next` of the page before.")]

BEGINNING: Final = datetime(YEARS[0], 1, 1, tzinfo=UTC)
END: Final = datetime(YEARS[-1], 12, 31, tzinfo=UTC)
