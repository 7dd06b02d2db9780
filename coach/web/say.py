"""What a message's link asks, for who is signed in: `/say/signs/2026-06-04`. And what follows from an answer."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from coach.errors import ConflictError, NotFoundError, UsageError
from coach.messenger import plan_at_once
from coach.replies import REPLIES, answers
from coach.replies.model import Asked, Done, Onward, Reply
from coach.store.tables import Person, key
from coach.web.forms import Form, Keeping, Sent, keeping
from coach.web.visit import Own, Visit

router: Final = APIRouter()

_WRONG: Final = 422
_LONGEST_SUBJECT: Final = 80


@router.get("/say/{kind}/{subject:path}")
def asked(visit: Own, kind: str, subject: str) -> Response:
    return _shown(visit, _known(kind, subject), subject)


@router.post("/say/{kind}/{subject:path}")
def answered(visit: Own, form: Form, kind: str, subject: str) -> Response:
    reply = _known(kind, subject)
    try:
        return visit.to(kept(visit, form, reply, subject))
    except UsageError as error:
        return _shown(visit, reply, subject, form, str(error))
    except ConflictError as error:
        return _over(visit, str(error))


@router.get("/said")
def what_follows(visit: Own, to: str = Query("")) -> Response:
    """The answer to a form, and what else could be said."""
    asked = [(kind, subject) for kind, _, subject in (each.partition("/") for each in to.split())]
    onward = [(label, *each) for each in asked if visit.words.messages.has(label := f"reply.to_{each[0]}")]
    return visit.page("said.html.j2", onward=onward)


def kept(visit: Visit, form: Sent, reply: Reply, subject: str) -> str:
    """An answer is kept. Gives the page that it leads to.

    Raises:
        CoachError: as `answers.keep`; nothing has changed.
    """
    with keeping(visit, form, "/") as keep:
        done = answers.keep(reply, asking(visit, keep.session, keep.me(visit), subject), form.values)
        tell(keep, done)
    if done.raises_lock:
        plan_at_once(visit.app.engine, visit.app.settings, key(visit.me), visit.now)
    return keep.address


def tell(keep: Keeping, done: Done) -> None:
    """What came of an answer is said, and what it leads to follows."""
    keep.lines += done.lines
    keep.urgent += done.urgent
    keep.leads_to = follows(done.onward) if done.onward or not done.urgent else "/said"


def follows(onward: Sequence[Onward]) -> str:
    """Where to go on: what is asked at once comes up, what is offered stands on a page of its own."""
    for each in onward:
        if each.at_once:
            return f"/say/{each.kind}/{each.subject}"
    return f"/said?{urlencode({'to': ' '.join(f'{each.kind}/{each.subject}' for each in onward)})}" if onward else "/"


def asking(visit: Visit, session: Session, person: Person, subject: str) -> Asked:
    return Asked(session, person, subject, visit.now, visit.words.messages)


def _known(kind: str, subject: str) -> Reply:
    if kind not in REPLIES or len(subject) > _LONGEST_SUBJECT:
        raise NotFoundError(kind)
    return REPLIES[kind]


def _shown(visit: Visit, reply: Reply, subject: str, typed: Sent | None = None, wrong: str | None = None) -> Response:
    with visit.reading() as session:
        try:
            form = answers.ask(reply, asking(visit, session, visit.me, subject))
        except ConflictError as error:
            return _over(visit, str(error))
    return visit.page(
        "say.html.j2",
        _WRONG if wrong else 200,
        urgent=ticked(visit, typed),
        action=f"{visit.site.root}/say/{reply.kind}/{quote(subject)}",
        form=form,
        values=typed.values if typed is not None else None,
        wrong=wrong,
    )


def ticked(visit: Visit, typed: Sent | None) -> Sequence[str]:
    """The words for warning signs that stand on a form which could not be taken."""
    values = typed.values if typed is not None else {}
    return answers.urgent(values, visit.me.emergency_number, visit.words.messages)


def _over(visit: Visit, sentence: str) -> Response:
    """There is nothing to answer, or not now."""
    return visit.page("over.html.j2", 409, sentence=sentence)
