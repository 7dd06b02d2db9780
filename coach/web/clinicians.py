"""A person's clinicians: who looks after them, whom they have asked to, and who has looked at what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from coach.accounts.entrance import is_fit, tidy
from coach.accounts.limits import TooOftenError
from coach.care import inviting
from coach.errors import ConflictError, NotFoundError
from coach.service import Service
from coach.signs import visible
from coach.store import access, care
from coach.store.access import AccessLog, What
from coach.store.tables import key
from coach.web.forms import Form, keeping
from coach.web.moments import day_in_words, moment_in_words
from coach.web.visit import LAST_ID, Id, Own, Visit
from scheduler.channels.base import Delivered
from scheduler.drafts import Address
from scheduler.messages import Action, Message

router: Final = APIRouter()

PATH: Final = "/account/clinicians"
_WRONG: Final = 422
_LINES: Final = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A clinician, or an address that was asked; `number` is the account's or the invitation's."""

    number: int
    name: str
    when: str


@dataclass(frozen=True, slots=True)
class View:
    """`link`: of the invitation that was just written for `email`; it is shown this once."""

    clinicians: Sequence[Line]
    waiting: Sequence[Line]
    email: str = ""
    link: str | None = None
    wrong: str | None = None
    is_mailed: bool = False


@router.get(PATH)
def listed(visit: Own) -> Response:
    return _page(visit)


@router.post(PATH)
def invited(visit: Own, form: Form) -> Response:
    email = tidy(form.text("email"))
    if not is_fit(email):
        return _page(visit, form.text("email"), wrong=visit.say("join.no_address"))
    try:
        with keeping(visit, form, PATH) as kept:
            token = inviting.invite(kept.session, kept.me(visit), email, visit.now)
            kept.lines.append(visit.say("clinicians.written_before", email=email))
    except ConflictError:
        return _page(visit, form.text("email"), wrong=visit.say("clinicians.there", email=email))
    link = visit.address(f"{inviting.PATH}{token}")
    return _page(visit, email, link=link, is_mailed=_is_mailed(visit, email, link))


def _is_mailed(visit: Visit, email: str, link: str) -> bool:
    """Whether the mail server took it. Only a public address is mailed: another is what the browser says it is."""
    if visit.app.settings.public_url is None or visit.app.settings.smtp_url is None:
        return False
    try:
        visit.site.limits.count("invitation", str(visit.account_id))
    except TooOftenError:
        return False
    text = "\n\n".join(visit.say(f"clinicians.mail_{each}") for each in ("asks", "whose", "mistaken"))
    opens = Action(visit.say("clinicians.mail_open"), link)
    message = Message(visit.say("clinicians.mail_title"), text, actions=(opens,))
    service = Service(visit.app.settings, visit.app.engine, visit.app.clock)
    return isinstance(service.send_once(Address("email", email), message), Delivered)


@router.post(PATH + "/invitations/{number}/take-back")
def taken_back(visit: Own, form: Form, number: Id) -> Response:
    with keeping(visit, form, PATH) as kept:
        inviting.take_back(kept.session, key(visit.me), number)
        kept.lines.append(visit.say("clinicians.taken_back"))
    return visit.to(kept.address)


@router.get(PATH + "/{number}/end")
def about_to_end(visit: Own, number: Id) -> Response:
    return visit.page("clinician_end.html.j2", clinician=_clinician(visit, number))


@router.post(PATH + "/{number}/end")
def ended(visit: Own, form: Form, number: Id) -> Response:
    clinician = _clinician(visit, number)
    with keeping(visit, form, PATH) as kept:
        inviting.end(kept.session, key(visit.me), number, visit.now)
        kept.lines.append(visit.say("clinicians.ended", name=clinician.name))
    return visit.to(kept.address)


@router.get("/account/access")
def looks(visit: Own, before: Annotated[int | None, Query(ge=1, le=LAST_ID)] = None) -> Response:
    with visit.reading() as session:
        found = access.looks(session, key(visit.me), limit=_LINES + 1, before=before)
        lines = [_look(visit, each) for each in found[:_LINES]]
    older = lines[-1].number if len(found) > _LINES else None
    return visit.page("access.html.j2", lines=lines, older=older, is_newest=before is None)


def _look(visit: Visit, row: AccessLog) -> Line:
    what = visit.say(f"access.{row.what}") if row.what in tuple(What) else row.what
    who = row.who or visit.say(f"access.by_{row.by}")
    return Line(key(row), f"{visible(who)}: {what}", moment_in_words(visit, row.at))


def _clinician(visit: Visit, number: int) -> Line:
    """
    Raises:
        NotFoundError: they do not look after whoever asks.
    """
    found = next((each for each in _clinicians(visit) if each.number == number), None)
    if found is None:
        raise NotFoundError(str(number))
    return found


def _clinicians(visit: Visit) -> list[Line]:
    with visit.reading() as session:
        return [
            Line(key(account), visible(account.name or account.email), day_in_words(visit, row.since))
            for row, account in care.clinicians(session, key(visit.me))
        ]


def _page(
    visit: Visit, email: str = "", *, link: str | None = None, wrong: str | None = None, is_mailed: bool = False
) -> Response:
    with visit.reading() as session:
        waiting = [
            Line(key(row), row.email, day_in_words(visit, row.expires_at))
            for row in care.invitations(session, key(visit.me), visit.now)
        ]
    view = View(_clinicians(visit), waiting, email, link, wrong, is_mailed)
    return visit.page("clinicians.html.j2", _WRONG if wrong else 200, view=view)
