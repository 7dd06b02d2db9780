"""For an administrator: who has an account, and a way back in for who is locked out. Nothing of anybody's health."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from coach.accounts.invitations import PATH as JOIN
from coach.accounts.invitations import for_account, open_invitations
from coach.accounts.role import Role
from coach.errors import NotFoundError
from coach.signs import visible
from coach.store import accounts as stored
from coach.store.access import What, note
from coach.store.accounts import Account
from coach.store.tables import key
from coach.web.forms import Form, Keeping, keeping
from coach.web.moments import day_in_words
from coach.web.visit import Id, Someones, Visit

router: Final = APIRouter()

PATH: Final = "/accounts"


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    email: str
    name: str
    role: str
    has_second: bool
    seen: str | None


def administrator(visit: Someones) -> Visit:
    """The request of somebody who sees to accounts.

    Raises:
        NotFoundError: they do not: to them there is no such page.
    """
    if visit.who is None or visit.who.role is not Role.ADMINISTRATOR:
        raise NotFoundError
    return visit


Administrators = Annotated[Visit, Depends(administrator)]


@router.get(PATH)
def listed(visit: Administrators) -> Response:
    return visit.page("accounts.html.j2", lines=_lines(visit), link=None)


@router.post(PATH + "/{number}/link")
def linked(visit: Administrators, form: Form, number: Id) -> Response:
    """A link for a new password, on this answer alone; the person's log tells that there was one."""
    with keeping(visit, form, PATH) as kept:
        account = _of_number(kept, number)
        invitation = for_account(kept.session, account, visit.now)
        note(kept.session, What.LINK_WRITTEN, account.person_id, visit.now, of_account=account.id)
        email = account.email
        kept.lines.append(visit.say("accounts.written_before", email=email))
    token = open_invitations(visit.app.settings).token(invitation)
    link = visit.address(f"{JOIN}{token}")
    return visit.page("accounts.html.j2", lines=_lines(visit), link=link, email=email)


@router.post(PATH + "/{number}/sign-out")
def signed_out(visit: Administrators, form: Form, number: Id) -> Response:
    with keeping(visit, form, PATH) as kept:
        account = _of_number(kept, number)
        here = visit.who.token_sha256 if visit.who is not None else None
        stored.sign_out_everywhere(kept.session, key(account), but=here)
        note(kept.session, What.SIGNED_OUT, account.person_id, visit.now, of_account=account.id)
        kept.lines.append(visit.say("accounts.signed_out", email=account.email))
    return visit.to(kept.address)


def _of_number(kept: Keeping, number: int) -> Account:
    """
    Raises:
        NotFoundError: there is none.
    """
    found = kept.session.get(Account, number)
    if found is None:
        raise NotFoundError(str(number))
    return found


def _lines(visit: Visit) -> Sequence[Line]:
    with visit.reading() as session:
        seen = stored.last_seen(session)
        return [
            Line(
                number=key(account),
                email=account.email,
                name=visible(account.name or (person.name if person is not None else "")),
                role=visit.say(f"accounts.{account.role}"),
                has_second=account.sealed_factor is not None,
                seen=day_in_words(visit, seen[key(account)]) if key(account) in seen else None,
            )
            for account, person in stored.everybody(session)
        ]
