"""A clinician opens the invitation of a person: with the account of the address that it was written for, or a new one.

Whose it is stands on the page once somebody is signed in as the clinician; a link that was forwarded tells nothing.
"""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from coach.accounts import entrance, passwords
from coach.accounts.entrance import tidy
from coach.accounts.limits import TooOftenError
from coach.accounts.role import Role
from coach.care.inviting import PATH, InvitationOverError, OtherAddressError, accept, opened
from coach.names import LONGEST_NAME
from coach.signs import UNSEEN
from coach.store import accounts
from coach.store.access import What, note
from coach.store.accounts import Account
from coach.store.acting import LINK
from coach.store.engine import writing
from coach.web.confirming import my_account
from coach.web.forms import Form, Sent, keeping
from coach.web.signing_in import Read, address_of, browser_of, count_wrong, entered_as, typed_password
from coach.web.visit import Anybodys, Someones, Visit

router: Final = APIRouter()


@router.get(PATH + "{token}")
def asked(visit: Anybodys, token: str) -> Response:
    with visit.reading() as session:
        try:
            found, person = opened(session, token, visit.now)
        except InvitationOverError:
            return _told(visit, HTTPStatus.GONE, "care.over")
        if visit.who is None:
            return _strangers(visit, token, has_account=accounts.of_email(session, found.email) is not None)
        if found.email != my_account(visit).email:
            return _told(visit, HTTPStatus.FORBIDDEN, "care.other")
        if visit.who.role is Role.ADMINISTRATOR:
            return _told(visit, HTTPStatus.FORBIDDEN, "care.administrator")
        return visit.page("care.html.j2", token=token, name=person.name)


@router.post(PATH + "{token}")
def accepted(visit: Someones, form: Form, token: str) -> Response:
    if visit.who is not None and visit.who.role is Role.ADMINISTRATOR:
        return _told(visit, HTTPStatus.FORBIDDEN, "care.administrator")
    try:
        with keeping(visit, form, "/caseload") as kept:
            person = accept(kept.session, token, kept.session.get_one(Account, visit.account_id), visit.now)
            kept.lines.append(visit.say("care.accepted", name=person.name))
    except InvitationOverError:
        return _told(visit, HTTPStatus.GONE, "care.over")
    except OtherAddressError:
        return _told(visit, HTTPStatus.FORBIDDEN, "care.other")
    return visit.to(kept.address)


@router.post(PATH + "{token}/account")
def joined(visit: Anybodys, token: str, form: Read, request: Request) -> Response:
    """An account for who has none; whoever does not know the address that the invitation is for gets none."""
    email, name = tidy(form.text("email")), " ".join(form.text("name").split())
    try:
        visit.site.limits.look("address", address_of(request))
    except TooOftenError:
        return _told(visit, HTTPStatus.TOO_MANY_REQUESTS, "fault.too_often")
    with writing(visit.app.engine, None, LINK) as session:
        try:
            found, _ = opened(session, token, visit.now)
        except InvitationOverError:
            return _told(visit, HTTPStatus.GONE, "care.over")
        if email != found.email:
            count_wrong(visit, found.email, address_of(request))
            return _strangers(visit, token, email, name, fault="care.other")
        if (fault := _fault(session, email, name, form)) is not None:
            return _strangers(visit, token, email, name, fault=fault)
        account = Account(
            email=email,
            name=name,
            role=Role.CLINICIAN,
            password_hash=passwords.hashed(typed_password(form)),
            created_at=visit.now,
        )
        session.add(account)
        session.flush()
        note(session, What.ACCOUNT_MADE, None, visit.now, of_account=account.id)
        entered = entrance.enter(session, account, browser_of(request), visit.now)
    return entered_as(visit, entered, f"{PATH}{token}", "")


def _fault(session: Session, email: str, name: str, form: Sent) -> str | None:
    """What keeps an account from being made, as the name of a text."""
    if accounts.of_email(session, email) is not None:
        return "join.taken"
    if not 0 < len(name) <= LONGEST_NAME or UNSEEN.search(name):
        return "care.no_name"
    return next(passwords.faults(typed_password(form), typed_password(form, "repeated"), email), None)


def _strangers(
    visit: Visit, token: str, email: str = "", name: str = "", *, has_account: bool = False, fault: str | None = None
) -> Response:
    """For who is not signed in."""
    wrong = visit.say(fault, least=passwords.LEAST) if fault else None
    status = HTTPStatus.FORBIDDEN if fault == "care.other" else HTTPStatus.UNPROCESSABLE_ENTITY
    return visit.page(
        "care_strangers.html.j2",
        status if fault else HTTPStatus.OK,
        token=token,
        email=email,
        name=name,
        has_account=has_account,
        longest=LONGEST_NAME,
        wrong=wrong,
    )


def _told(visit: Visit, status: HTTPStatus, text: str) -> Response:
    return visit.page("fault.html.j2", status, sentence=visit.say(text))
