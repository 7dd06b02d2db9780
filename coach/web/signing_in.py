"""Signing in and out, and the links that let somebody in for the first time."""

import json
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from coach.accounts import entrance, passwords, second_factor
from coach.accounts.entrance import LASTS, tidy
from coach.accounts.invitations import PATH, Invitation, InvitationError, Kind, open_invitations
from coach.accounts.limits import TooOftenError
from coach.accounts.second_factor import TicketError
from coach.store import accounts
from coach.store.access import What, note
from coach.store.accounts import Account
from coach.store.acting import LINK
from coach.store.engine import reading, writing
from coach.web import forms
from coach.web.forms import Form, Sent
from coach.web.visit import COOKIE, Anybodys, Someones, Visit
from config.secrets import open_secrets

router: Final = APIRouter()

Read = Annotated[Sent, Depends(forms.read)]
"""A form of somebody who is not known yet. That no other site sends it the guard has seen to."""

_WRONG: Final = 422


@router.get("/sign-in")
def asked(visit: Anybodys, then: str = "/") -> Response:
    if visit.who is not None:
        return visit.to(_local(then))
    return _sign_in(visit, then, held="")


@router.post("/sign-in")
def signed_in(visit: Anybodys, form: Read, request: Request) -> Response:
    email, address = tidy(form.text("email")), address_of(request)
    then, held = _local(form.text("then")), form.text("held")
    try:
        visit.site.limits.look("account", email)
        visit.site.limits.look("address", address)
    except TooOftenError:
        return _sign_in(visit, then, held, email, "fault.too_often", 429)
    with reading(visit.app.engine) as session:
        session.expire_on_commit = False
        account = entrance.known(session, email, typed_password(form))
    if account is None:
        count_wrong(visit, email, address)
        return _sign_in(visit, then, held, email, "sign_in.wrong", _WRONG)
    if account.sealed_factor is not None:
        ticket = second_factor.ticket(account, open_secrets(visit.app.settings), visit.now)
        return visit.page("code.html.j2", then=then, held=held, ticket=ticket, wrong=None)
    with writing(visit.app.engine, None) as session:
        token = entrance.enter(session, session.get_one(Account, account.id), browser_of(request), visit.now)
    return entered_as(visit, token, then, held)


@router.post("/sign-in/code")
def code_given(visit: Anybodys, form: Read, request: Request) -> Response:
    then, held, ticket = _local(form.text("then")), form.text("held"), form.text("ticket")
    known = open_secrets(visit.app.settings)
    try:
        account_id, stamp = second_factor.of_ticket(ticket, known, visit.now)
        visit.site.limits.look("account", f"code of {account_id}")
    except TicketError:
        return _sign_in(visit, then, held, "", "sign_in.expired", _WRONG)
    except TooOftenError:
        return _sign_in(visit, then, held, "", "fault.too_often", 429)
    with writing(visit.app.engine, None) as session:
        account = session.get(Account, account_id)
        right = account is not None and second_factor.is_of(account, stamp)
        right = right and account is not None and second_factor.accepts(account, form.text("code"), known, visit.now)
        token = entrance.enter(session, account, browser_of(request), visit.now) if right and account else None
    if token is None:
        count_wrong(visit, f"code of {account_id}", address_of(request))
        wrong = visit.say("sign_in.wrong_code")
        return visit.page("code.html.j2", _WRONG, then=then, held=held, ticket=ticket, wrong=wrong)
    return entered_as(visit, token, then, held)


@router.post("/sign-out")
def signed_out(visit: Someones, form: Form) -> Response:
    del form
    assert visit.who is not None  # noqa: S101  (Someones)
    with writing(visit.app.engine, None) as session:
        accounts.sign_out(session, visit.who.token_sha256)
    answer = visit.to("/sign-in")
    answer.delete_cookie(COOKIE, path=_folder(visit))
    return answer


@router.get(PATH + "{token}")
def invited(visit: Anybodys, token: str) -> Response:
    with visit.reading() as session:
        return _invitation(visit, session, token)


@router.post(PATH + "{token}")
def joined(visit: Anybodys, token: str, form: Read, request: Request) -> Response:
    email, password = tidy(form.text("email")), typed_password(form)
    invitations = open_invitations(visit.app.settings)
    with writing(visit.app.engine, None, LINK) as session:
        try:
            invitation = invitations.read(session, token, visit.now)
        except InvitationError as error:
            return _no_invitation(visit, error)
        if (fault := _fault(session, invitation, email, password, form)) is not None:
            return _invitation(visit, session, token, email, fault)
        account = _kept(session, invitation, email, password, visit)
        entered = entrance.enter(session, account, browser_of(request), visit.now)
    return entered_as(visit, entered, "/" if invitation.kind is not Kind.FIRST else "/welcome", "")


def _kept(session: Session, invitation: Invitation, email: str, password: str, visit: Visit) -> Account:
    """The account: made, or with a new password, which alone opens it now."""
    if invitation.kind is Kind.RESET:
        account = session.get_one(Account, invitation.subject)
        second_factor.turn_off(account)
        entrance.change_password(session, account, passwords.hashed(password))
    else:
        account = Account(email=email, password_hash=passwords.hashed(password), created_at=visit.now)
        account.person_id = invitation.subject or None
    session.add(account)
    session.flush()
    what = What.PASSWORD_CHANGED if invitation.kind is Kind.RESET else What.ACCOUNT_MADE
    note(session, what, account.person_id, visit.now, of_account=account.id)
    return account


def _fault(session: Session, invitation: Invitation, email: str, password: str, form: Sent) -> str | None:
    """What keeps it from being taken, as the name of a text."""
    if invitation.kind is Kind.RESET:
        email = session.get_one(Account, invitation.subject).email
    elif not entrance.is_fit(email):
        return "join.no_address"
    elif accounts.of_email(session, email) is not None:
        return "join.taken"
    return next(passwords.faults(password, typed_password(form, "repeated"), email), None)


def _invitation(visit: Visit, session: Session, token: str, email: str = "", fault: str | None = None) -> Response:
    try:
        invitation = open_invitations(visit.app.settings).read(session, token, visit.now)
    except InvitationError as error:
        return _no_invitation(visit, error)
    if invitation.kind is Kind.RESET:
        email = session.get_one(Account, invitation.subject).email
    wrong = visit.say(fault, least=passwords.LEAST) if fault else None
    action = f"{visit.site.root}{PATH}{token}"
    status = _WRONG if fault else 200
    return visit.page("join.html.j2", status, action=action, kind=invitation.kind, email=email, wrong=wrong)


def _no_invitation(visit: Visit, error: InvitationError) -> Response:
    status = 410 if str(error) == "over" else 404
    return visit.page("fault.html.j2", status, sentence=visit.say(f"join.{error}"))


def _sign_in(
    visit: Visit, then: str, held: str, email: str = "", wrong: str | None = None, status: int = 200
) -> Response:
    sentence = visit.say(wrong) if wrong else None
    return visit.page("sign_in.html.j2", status, then=_local(then), held=held, email=email, wrong=sentence)


def entered_as(visit: Visit, token: str, then: str, held: str) -> Response:
    """Signed in: on to where they wanted to go, or to the form that they had filled in."""
    with visit.reading() as session:
        who = entrance.recognised(session, token, visit.now)
    if held and who is not None:
        answer = visit.page("held.html.j2", then=then, fields=_held(held), csrf=who.csrf, once=visit.once())
    else:
        answer = visit.to(then)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(LASTS.total_seconds()),
        path=_folder(visit),
        secure=visit.site.is_secure,
        httponly=True,
        samesite="lax",
    )
    return answer


def _held(text: str) -> list[tuple[str, str]]:
    """The fields of a form that was under way. It comes back from the browser: anything may stand there."""
    try:
        return [(str(name), str(value)) for name, value in json.loads(text)]
    except (ValueError, TypeError):
        return []


def count_wrong(visit: Visit, email: str, address: str) -> None:
    for kind, whom in (("account", email), ("address", address)):
        try:
            visit.site.limits.count(kind, whom)
        except TooOftenError:
            continue


def _local(path: str) -> str:
    """A path of ours; nobody is sent elsewhere."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def typed_password(form: Sent, name: str = "password") -> str:
    """As it was typed: blanks may be part of it."""
    return next(iter(form.all(name)), "")


def address_of(request: Request) -> str:
    return request.client.host if request.client else "?"


def browser_of(request: Request) -> str:
    return request.headers.get("user-agent", "")


def _folder(visit: Visit) -> str:
    return visit.site.root or "/"
