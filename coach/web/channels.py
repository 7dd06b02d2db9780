"""The ways to a person: added by a URL, tried, used again, removed."""

import io
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Response

from coach import reaching
from coach.errors import NotFoundError, UsageError
from coach.reaching import PrivateChannelError, Way
from coach.service import Service
from coach.store import accounts, channels
from coach.store.engine import writing
from coach.store.tables import key
from coach.web.forms import Form, keeping
from coach.web.messages import why
from coach.web.moments import day_in_words
from coach.web.visit import Own, Visit
from config.secrets import open_secrets
from scheduler import suspensions
from scheduler.channels.base import Delivered, Outcome, Unknown

router: Final = APIRouter()

_PATH: Final = "/messages/channels"


@dataclass(frozen=True, slots=True)
class Line:
    """A way: the name that its paths have, and what can be done with it."""

    path: str
    label: str
    kind: str
    since: str | None
    suspended: str | None
    is_own: bool


@router.get(_PATH)
def listed(visit: Own) -> Response:
    return _page(visit)


@router.post(_PATH)
def added(visit: Own, form: Form) -> Response:
    typed = {"url": form.text("url"), "name": form.text("name")}
    try:
        found, is_found = reaching.check(typed["url"], visit.app.settings)
    except PrivateChannelError:
        return _page(visit, "channels.private", typed)
    except UsageError:
        return _page(visit, "channels.wrong", typed)
    secrets = open_secrets(visit.app.settings)
    try:
        with keeping(visit, form, _PATH) as kept:
            made = reaching.add(kept.session, kept.me(visit), found, typed["name"] or None, secrets, visit.now)
            said = "added" if made.is_new else "there_already"
            kept.lines.append(visit.say(f"channels.{said}", what=made.way.label))
            if not is_found:
                kept.lines.append(visit.say("channels.not_found"))
    except UsageError:
        return _page(visit, "channels.wrong_name", typed)
    if made.secret is None:
        return visit.to(kept.address)
    # On this answer alone: it is kept nowhere but sealed.
    return visit.page("channel_secret.html.j2", what=made.way.label, secret=made.secret, lines=kept.lines)


@router.post(_PATH + "/{path}/test")
def tried(visit: Own, path: str, form: Form) -> Response:
    """What came of it is told under the same number: nobody's write waits for another's server meanwhile."""
    way = _way(visit, path)
    with keeping(visit, form, _PATH) as kept:
        kept.lines.append(visit.say("channels.being_tried", what=_label(visit, way)))
    service = Service(visit.app.settings, visit.app.engine, visit.app.clock)
    (outcome,) = service.try_out([way], visit.words.messages, io.StringIO())
    with writing(visit.app.engine, key(visit.me)) as session:
        if (row := accounts.sent(session, visit.account_id, form.once)) is not None:
            row.lines = [_came_of_it(visit, way, outcome)]
            session.add(row)
    return visit.to(kept.address)


@router.post(_PATH + "/{path}/resume")
def used_again(visit: Own, path: str, form: Form) -> Response:
    way = _way(visit, path)
    with keeping(visit, form, _PATH) as kept:
        suspensions.resume(kept.session, [way.address])
        kept.lines.append(visit.say("channels.used_again", what=_label(visit, way)))
    return visit.to(kept.address)


@router.get(_PATH + "/{number}/remove")
def about_to_go(visit: Own, number: int) -> Response:
    with visit.reading() as session:
        row = channels.one(session, key(visit.me), number)
        return visit.page("channel_remove.html.j2", number=number, what=row.label)


@router.post(_PATH + "/{number}/remove")
def removed(visit: Own, number: int, form: Form) -> Response:
    with keeping(visit, form, _PATH) as kept:
        row = channels.one(kept.session, key(visit.me), number)
        kept.lines.append(visit.say("channels.removed", what=row.label))
        channels.remove(kept.session, row, visit.now)
    return visit.to(kept.address)


def _page(visit: Visit, wrong: str | None = None, typed: dict[str, str] | None = None) -> Response:
    with visit.reading() as session:
        ways = reaching.ways(session, visit.me, visit.app.settings)
    return visit.page(
        "channels.html.j2",
        422 if wrong else 200,
        ways=[_line(visit, each) for each in ways],
        wrong=visit.say(wrong) if wrong else None,
        typed=typed or {"url": "", "name": ""},
    )


def _line(visit: Visit, way: Way) -> Line:
    return Line(
        path=_path(way),
        label=_label(visit, way),
        kind=visit.say(f"messages.by_{way.address.channel}"),
        since=day_in_words(visit, way.added_at) if way.added_at is not None else None,
        suspended=why(visit, way.suspended),
        is_own=way.number is not None,
    )


def _way(visit: Visit, path: str) -> Way:
    """
    Raises:
        NotFoundError: this person has none such.
    """
    with visit.reading() as session:
        for each in reaching.ways(session, visit.me, visit.app.settings):
            if _path(each) == path:
                return each
    raise NotFoundError(path)


def _path(way: Way) -> str:
    return way.address.channel if way.number is None else str(way.number)


def _label(visit: Visit, way: Way) -> str:
    """Of the folder that all share, its place is nobody's business but the computer's."""
    return visit.say("channels.folder") if way.address.channel == "file" else way.label


def _came_of_it(visit: Visit, way: Way, outcome: Outcome) -> str:
    what = _label(visit, way)
    if isinstance(outcome, Delivered):
        return visit.say("channels.sent", what=what)
    said = "perhaps_sent" if isinstance(outcome, Unknown) else "not_sent"
    return visit.say(f"channels.{said}", what=what, why=why(visit, outcome.reason.rstrip(".")))
