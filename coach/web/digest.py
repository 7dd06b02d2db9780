"""Whether a clinician wants the Monday overview, and where they are."""

from typing import Final
from zoneinfo import available_timezones

from fastapi import APIRouter, Response

from coach.care import digest
from coach.store import care
from coach.store.accounts import Account
from coach.web.caring import Clinicians
from coach.web.forms import Form, keeping
from coach.web.visit import Visit

router: Final = APIRouter()

PATH: Final = "/account/digest"
_WRONG: Final = 422


@router.get(PATH)
def asked(visit: Clinicians) -> Response:
    return _page(visit)


@router.post(PATH)
def said(visit: Clinicians, form: Form) -> Response:
    zone = form.text("zone") if form.text("do") == "send" else None
    if zone is not None and zone not in available_timezones():
        return _page(visit, wrong=visit.say("account.wrong_timezone"))
    with keeping(visit, form, "/account") as kept:
        mine = kept.session.get_one(Account, visit.account_id)
        mine.digest_zone, mine.digest_language = zone, visit.words.language
        kept.session.add(mine)
        kept.lines.append(visit.say("digest_page.off_now" if zone is None else "digest_page.on_now", email=mine.email))
    return visit.to(kept.address)


def _page(visit: Visit, wrong: str | None = None) -> Response:
    with visit.reading() as session:
        mine = session.get_one(Account, visit.account_id)
        near = next((each.timezone for each in care.persons(session, visit.account_id)), "UTC")
        own = visit.person.timezone if visit.person is not None else near
        chosen = mine.digest_zone or own
        return visit.page(
            "digest.html.j2",
            _WRONG if wrong else 200,
            email=mine.email,
            is_on=mine.digest_zone is not None,
            can_send=bool(digest.ways(mine, visit.app.settings)),
            chosen=chosen,
            zones=sorted(
                {each for each in available_timezones() if "/" in each and not each.startswith("Etc/")}
                | {"UTC", chosen}
            ),
            wrong=wrong,
        )
