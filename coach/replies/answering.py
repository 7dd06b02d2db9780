"""A link is opened, and answered. Opening changes nothing, however often a mail scanner does it."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from http import HTTPStatus
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from coach.app import App
from coach.errors import CoachError, UsageError
from coach.messenger import plan_at_once
from coach.replies import REPLIES, answers
from coach.replies.answers import AnsweredError, Values
from coach.replies.links import ExpiredError, LinkError, Links
from coach.replies.model import Asked, Done, Form, Link, Onward
from coach.store import replies as store
from coach.store.acting import LINK
from coach.store.engine import reading, writing
from coach.store.tables import Person
from config.messages import Messages, catalogue
from scheduler.errors import whereabouts

log = logging.getLogger(__name__)

# What follows an answer is answered now or not at all.
_ONWARD_LASTS: Final = timedelta(hours=12)

# Where the database does not say what a person dials.
_UNKNOWN_NUMBER: Final = "112"


class Status(IntEnum):
    """As the page answers, in HTTP's terms."""

    OPEN = HTTPStatus.OK
    WRONG = HTTPStatus.UNPROCESSABLE_ENTITY
    REFUSED = HTTPStatus.CONFLICT
    EXPIRED = HTTPStatus.GONE
    FORGED = HTTPStatus.NOT_FOUND
    NOT_KEPT = HTTPStatus.SERVICE_UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown: a form to answer, or lines. `urgent` comes first, `onward` are links with their labels; `values`
    is what was filled in already.
    """

    status: Status
    words: Messages
    form: Form | None = None
    values: Values | None = field(default=None, repr=False)
    lines: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()
    onward: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def show(app: App, links: Links, token: str, choice: str | None, language: str) -> Page:
    """The page of a link. `language` is for those of whom nothing is known."""
    now = app.clock()
    try:
        link = links.read(token, now)
        with reading(app.engine) as session:
            return _form(_asked(session, _person(session, link), link, now, choice), link)
    except LinkError as error:
        return _lost(app, error, language)


def answer(app: App, links: Links, token: str, values: Values, language: str) -> Page:
    """What comes of an answer. It is looked at again whether it may still be given; all of it is kept, or nothing."""
    now = app.clock()
    try:
        link = links.read(token, now)
        words = catalogue(_language(app, link))
    except LinkError as error:
        return _lost(app, error, language)
    try:
        with writing(app.engine, link.person_id, LINK) as session:
            done = _kept(_asked(session, _person(session, link), link, now), link, values)
    except UsageError as error:
        with reading(app.engine) as session:
            return _form(_asked(session, _person(session, link), link, now), link, values, str(error))
    except AnsweredError as error:
        return Page(Status.OPEN, words, lines=(str(error),))
    except CoachError as error:
        return Page(Status.REFUSED, words, lines=(str(error),))
    except SQLAlchemyError as error:
        log.error("reply kind=%s person=%d not kept: %s", link.kind, link.person_id, whereabouts(error))  # noqa: TRY400
        told = answers.urgent(values, _UNKNOWN_NUMBER, words)
        return Page(Status.NOT_KEPT, words, lines=(words.text("reply.not_kept"),), urgent=told)
    log.info("reply kind=%s person=%d kept", link.kind, link.person_id)
    if done.raises_lock:
        plan_at_once(app.engine, app.settings, link.person_id, now)
    onward = tuple((each.label, _url(each, link, links, now)) for each in done.onward)
    return Page(Status.OPEN, words, lines=done.lines, urgent=done.urgent, onward=onward)


def _language(app: App, link: Link) -> str:
    with reading(app.engine) as session:
        return _person(session, link).language


def _person(session: Session, link: Link) -> Person:
    """
    Raises:
        LinkError: they are no longer here.
    """
    person = session.get(Person, link.person_id)
    if person is None:
        raise LinkError("Whose link this was is no longer here.")
    return person


def _kept(asked: Asked, link: Link, values: Values) -> Done:
    done = answers.keep(REPLIES[link.kind], asked, values)
    if link.nudge_id is not None:
        store.note_nudge(asked.session, link.person_id, link.nudge_id, asked.now)
    return done


def _form(asked: Asked, link: Link, values: Values | None = None, wrong: str | None = None) -> Page:
    try:
        form = answers.ask(REPLIES[link.kind], asked)
    except CoachError as error:
        status = Status.OPEN if isinstance(error, AnsweredError) else Status.REFUSED
        return Page(status, asked.words, lines=(str(error),))
    told = answers.urgent(values or {}, asked.person.emergency_number, asked.words)
    status = Status.WRONG if wrong else Status.OPEN
    return Page(status, asked.words, form, values, lines=(wrong,) if wrong else (), urgent=told)


def _asked(session: Session, person: Person, link: Link, now: datetime, choice: str | None = None) -> Asked:
    return Asked(session, person, link.subject, now, catalogue(person.language), choice)


def _url(onward: Onward, link: Link, links: Links, now: datetime) -> str:
    return links.url(Link(link.person_id, onward.kind, onward.subject, now + _ONWARD_LASTS, link.nudge_id))


def _lost(app: App, error: LinkError, language: str) -> Page:
    """A link that is too late says so in its person's language; one that is forged says as little as it can."""
    if not isinstance(error, ExpiredError):
        return Page(Status.FORGED, catalogue(language), lines=(catalogue(language).text("reply.forged"),))
    with reading(app.engine) as session:
        person = session.get(Person, error.link.person_id)
        words = catalogue(person.language if person is not None else language)
        at = error.link.expires_at.astimezone(ZoneInfo(person.timezone if person is not None else "UTC"))
    return Page(Status.EXPIRED, words, lines=(words.text("reply.expired", at=f"{at:%Y-%m-%d %H:%M}"),))
