"""A request: who makes it, in which words it is answered, and what of the database it may see."""

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Final, TypeVar
from zoneinfo import ZoneInfo

from fastapi import Depends, Path, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from coach.accounts import entrance
from coach.accounts.entrance import SignedIn
from coach.accounts.limits import Limits
from coach.accounts.role import Role
from coach.app import App
from coach.errors import CoachError
from coach.replies.links import Links
from coach.store import people
from coach.store.accounts import FormSent, sent
from coach.store.acting import LINK, Actor, By
from coach.store.engine import asking, reading, writing
from coach.store.memory import Memory
from coach.store.tables import Person
from coach.web.rendering import rendered
from coach.web.words import Words, asked_for, words_in
from coach.weeks import day_of
from scheduler.errors import whereabouts

log = logging.getLogger(__name__)

T = TypeVar("T")

COOKIE: Final = "coach"
SAID: Final = "said"
"""Of an address: the form whose answer the page begins with."""

LAST_ID: Final = 2**31 - 1

Id = Annotated[int, Path(ge=1, le=LAST_ID)]
"""A row's number in a path; any other is no page."""

# What stands at a phone's foot, and what behind "More": five are as many as there is room for.
_NAV: Final = MappingProxyType({"week": "/", "check_in": "/check-in", "sessions": "/sessions", "history": "/history"})
_MORE: Final = MappingProxyType(
    {"plan": "/plan", "messages": "/messages", "upload": "/upload", "log": "/log", "account": "/account"}
)

# What is for a role, and comes first.
_ROLES: Final = MappingProxyType(
    {
        Role.PERSON: MappingProxyType({}),
        Role.CLINICIAN: MappingProxyType({"caseload": "/caseload"}),
        Role.ADMINISTRATOR: MappingProxyType({"accounts": "/accounts"}),
    }
)
_SET_UP: Final = "/welcome"


class SignInNeededError(CoachError):
    """Only who is signed in sees that."""


class SetUpNeededError(CoachError):
    """There is nobody yet whom a plan could be for; `leads_to` is where whoever asked begins."""

    def __init__(self, leads_to: str = _SET_UP) -> None:
        super().__init__(leads_to)
        self.leads_to = leads_to


@dataclass(frozen=True)
class Site:
    """What all requests share.

    Attributes:
        root: the folder of the public address that the pages lie in; mostly none.
        stopping: the program ends: what lasts ends with it.
        streams: how many each account has open, by its number.
        memory: what pages were made of, as long as it holds.
    """

    app: App
    links: Links | None
    root: str
    is_secure: bool
    limits: Limits = field(default_factory=Limits)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    streams: Counter[int] = field(default_factory=Counter)
    memory: Memory = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "memory", Memory(self.app.engine))


@dataclass(frozen=True)
class Visit:
    """One request. `who` is None for those who are not signed in; `person` is as it was when the request came."""

    site: Site
    request: Request
    now: datetime
    words: Words
    who: SignedIn | None = None
    person: Person | None = None

    @property
    def app(self) -> App:
        return self.site.app

    @property
    def me(self) -> Person:
        """The person that this is about: whose rows may be looked at.

        Raises:
            SignInNeededError, SetUpNeededError: there is none.
        """
        if self.who is None:
            raise SignInNeededError
        if self.person is None:
            raise SetUpNeededError(self.home)
        return self.person

    @property
    def home(self) -> str:
        """Where somebody who is no person begins: with what their role is for, or with setting themselves up."""
        return next(iter(self._role.values()), _SET_UP)

    @property
    def _role(self) -> Mapping[str, str]:
        return _ROLES[self.who.role] if self.who is not None else {}

    @property
    def zone(self) -> ZoneInfo:
        """The person's; of whoever is none nobody knows it."""
        return ZoneInfo("UTC" if self.person is None else self.person.timezone)

    def address(self, path: str) -> str:
        """Of a page, to be opened elsewhere."""
        public, url = self.app.settings.public_url, self.request.url
        return f"{public.rstrip('/') if public else f'{url.scheme}://{url.netloc}'}{path}"

    @property
    def account_id(self) -> int:
        """
        Raises:
            SignInNeededError: nobody is signed in.
        """
        if self.who is None:
            raise SignInNeededError
        return self.who.account_id

    @property
    def actor(self) -> Actor:
        """Who it is that changes something, for the log."""
        return LINK if self.who is None else Actor(By(self.who.role), self.who.account_id)

    def say(self, key: str, **fields: object) -> str:
        return self.words.text(key, **fields)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with reading(self.app.engine) as session:
            yield session

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        with asking(self.app.engine) as connection:
            yield connection

    def recalled(self, what: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives of this person, in their words; as it was given before, where that still holds.

        Of the person as they were when the request came it may use what the key names: a change of those that was
        committed since is another key's.
        """
        me = self.me
        return self.site.memory.recall((what, me.id, me.timezone, me.language, me.units), self.now, make)

    def page(self, template: str, status: int = 200, *, urgent: Sequence[str] = (), **given: object) -> Response:
        """A template with what is known here: the visit itself, `say`, `root`, and today. `urgent` comes first."""
        today = day_of(self.now, self.zone) if self.person is not None else self.now.date()
        said = self._said()
        return rendered(
            template,
            status,
            visit=self,
            say=self.say,
            language=self.words.language,
            root=self.site.root,
            today=today,
            said=said,
            urgent=[*urgent, *(said.urgent if said is not None else ())],
            **given,
        )

    @property
    def nav(self) -> Mapping[str, str]:
        """Where somebody who is signed in can go, by name: what their role is for, and what is their own."""
        return {**self._role, **(_NAV if self.person is not None else {})}

    @property
    def more(self) -> Mapping[str, str]:
        """As `nav`: what is needed less often."""
        return _MORE if self.person is not None else {"account": _MORE["account"]}

    @property
    def is_in_more(self) -> bool:
        return any(map(self.is_at, self.more.values()))

    def is_at(self, path: str) -> bool:
        here = self.request.url.path
        return here == path or (path != "/" and here.startswith(f"{path}/"))

    @staticmethod
    def once() -> str:
        """The number of a form that is being shown."""
        return secrets.token_urlsafe(12)

    def to(self, path: str) -> Response:
        """Go and see: what a form leads to."""
        return RedirectResponse(f"{self.site.root}{path}", status_code=303)

    def _said(self) -> FormSent | None:
        """The answer to the form that led here."""
        once = self.request.query_params.get(SAID)
        if once is None or self.who is None:
            return None
        with self.reading() as session:
            return sent(session, self.who.account_id, once)


@contextmanager
def by_the_way() -> Iterator[None]:
    """What nobody asked for: where there is no room to write it down, who only looks is answered all the same."""
    try:
        yield
    except OperationalError as error:
        log.warning("Not noted that somebody was here: %s", whereabouts(error))


def visiting(request: Request) -> Visit:
    """Anybody's request."""
    site: Site = request.app.state.site
    now = site.app.clock()
    token = request.cookies.get(COOKIE)
    if token is None:
        return Visit(site, request, now, words_in(asked_for(request)))
    with reading(site.app.engine) as session:
        session.expire_on_commit = False
        who = entrance.recognised(session, token, now)
        person = people.by_id(session, who.person_id) if who is not None and who.person_id is not None else None
    if who is not None and who.is_to_be_noted:
        with by_the_way(), writing(site.app.engine, None) as session:
            entrance.note(session, who, now)
    language = person.language if person is not None else asked_for(request)
    return Visit(site, request, now, words_in(language), who, person)


Anybodys = Annotated[Visit, Depends(visiting)]


def signed_in(visit: Anybodys) -> Visit:
    """The request of somebody with an account.

    Raises:
        SignInNeededError: of nobody that is known.
    """
    if visit.who is None:
        raise SignInNeededError
    return visit


Someones = Annotated[Visit, Depends(signed_in)]


def own(visit: Someones) -> Visit:
    """The request of somebody whom a plan is for.

    Raises:
        SignInNeededError, SetUpNeededError: it is not.
    """
    _ = visit.me
    return visit


Own = Annotated[Visit, Depends(own)]
