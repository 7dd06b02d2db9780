"""The account: what is kept of its person, and where its other pages are."""

from collections.abc import Iterator, Sequence
from typing import Final
from zoneinfo import available_timezones

from fastapi import APIRouter, Response

from coach import revising
from coach.accounts import entrance
from coach.enrolment.details import MAX_HR, RESTING_HR, Details, check
from coach.enrolment.persons import NameTakenError
from coach.errors import UsageError
from coach.replies.model import Given, Number
from coach.revising import Particulars
from coach.store import accounts
from coach.store.access import What, note
from coach.store.accounts import Account
from coach.store.tables import Person
from coach.units import Units
from coach.web.confirming import my_account, unconfirmed
from coach.web.forms import Form, Sent, keeping
from coach.web.visit import Own, Someones, Visit
from coach.web.words import words_in
from coach.weeks import OLDEST_YEARS
from config.messages.catalogue import languages

router: Final = APIRouter()

_WRONG: Final = 422
_LONGEST: Final = 254
"""Of what has no limit of its own: an address (RFC 5321) has this one."""
_FIELDS: Final = {
    "name": "name",
    "email": "email",
    "timezone": "timezone",
    "language": "language",
    "units": "units",
    "birth_year": "birth_year",
    "resting_hr": "resting_heart_rate_bpm",
    "max_hr": "max_heart_rate_bpm",
    "emergency_number": "emergency_number",
}
"""Fields of the form, and the person's columns."""


@router.get("/account")
def account(visit: Someones) -> Response:
    with visit.reading() as session:
        mine = session.get_one(Account, visit.account_id)
        browsers = len(accounts.sign_ins(session, visit.account_id, visit.now))
        return visit.page(
            "account.html.j2", email=mine.email, has_second=mine.sealed_factor is not None, browsers=browsers
        )


@router.get("/account/details")
def asked(visit: Own) -> Response:
    return _page(visit, _known(visit.me))


@router.post("/account/details")
def said(visit: Own, form: Form) -> Response:
    typed = {name: form.text(name) for name in _FIELDS}
    try:
        details = _details(visit, form)
        words = words_in(details.language or visit.words.language)
        with keeping(visit, form, "/account") as kept:
            me = kept.me(visit)
            before = revising.heart(me)
            if revising.revise(kept.session, me, _particulars(details)):
                note(kept.session, What.DETAILS_CHANGED, me.id, visit.now)
            kept.lines.append(words.text("account.noted"))
            if revising.heart(me) != before:
                kept.lines.append(words.text("account.measured"))
    except NameTakenError:
        return _page(visit, typed, visit.say("account.taken"))
    except UsageError as error:
        return _page(visit, typed, str(error))
    with visit.reading() as session:
        revising.measure_again(visit.app.engine, session.get_one(Person, visit.me.id), before)
    return visit.to(kept.address)


@router.get("/account/email")
def address(visit: Someones) -> Response:
    mine = my_account(visit).email
    return visit.page("account_email.html.j2", mine=mine, email=mine, wrong=None)


@router.post("/account/email")
def address_changed(visit: Someones, form: Form) -> Response:
    email = entrance.tidy(form.text("email"))
    with visit.reading() as session:
        other = accounts.of_email(session, email)
        taken = other is not None and other.id != visit.account_id
    fault = "join.no_address" if not entrance.is_fit(email) else unconfirmed(visit, form)
    if (fault := fault or ("join.taken" if taken else None)) is not None:
        given = {"mine": my_account(visit).email, "email": form.text("email"), "wrong": visit.say(fault)}
        return visit.page("account_email.html.j2", _WRONG, **given)
    with keeping(visit, form, "/account") as kept:
        mine = kept.session.get_one(Account, visit.account_id)
        mine.email = email
        note(kept.session, What.ADDRESS_CHANGED, mine.person_id, visit.now, of_account=mine.id)
        kept.session.add(mine)
        kept.lines.append(visit.say("account.email_noted", email=email))
    return visit.to(kept.address)


def _known(person: Person) -> dict[str, str]:
    values = {name: getattr(person, column) for name, column in _FIELDS.items()}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _details(visit: Visit, form: Sent) -> Details:
    """
    Raises:
        UsageError: the first thing that cannot be meant, in the reader's language.
    """
    details = Details(
        name=form.text("name"),
        email=form.text("email") or None,
        timezone=form.text("timezone"),
        language=form.text("language"),
        units=form.text("units"),
        birth_year=_number(visit, form, "birth_year"),
        resting_hr=_number(visit, form, "resting_hr"),
        max_hr=_number(visit, form, "max_hr"),
        emergency_number=form.text("emergency_number"),
    )
    if (wrong := next(_wrong(visit, details), None)) is not None:
        raise UsageError(visit.say(f"account.wrong_{wrong}"))
    return details


def _number(visit: Visit, form: Sent, name: str) -> int | None:
    least, most = _bounds(visit)[name]
    asked = Number(name, visit.say(f"account.{name}"), least, most)
    return Given(form.values, visit.words.messages).number(asked) if form.text(name) else None


def _wrong(visit: Visit, details: Details) -> Iterator[str]:
    """The fields that cannot be meant; heart rates are looked at together."""
    for name in ("name", "email", "timezone", "language", "units", "emergency_number"):
        text = getattr(details, name)
        if (text and len(text) > _LONGEST) or not _is_fit(visit, Details(**{name: text})):
            yield name
    if not _is_fit(visit, Details(resting_hr=details.resting_hr, max_hr=details.max_hr)):
        yield "hearts"


def _is_fit(visit: Visit, details: Details) -> bool:
    try:
        check(details, visit.app.settings.plans, visit.now)
    except UsageError:
        return False
    return True


def _bounds(visit: Visit) -> dict[str, tuple[int, int]]:
    years = visit.now.year - OLDEST_YEARS, visit.now.year
    return {"birth_year": years, "resting_hr": RESTING_HR, "max_hr": MAX_HR}


def _particulars(details: Details) -> Particulars:
    return Particulars(**{column: getattr(details, name) for name, column in _FIELDS.items()})


def _page(visit: Visit, typed: dict[str, str], wrong: str | None = None) -> Response:
    return visit.page(
        "details.html.j2",
        _WRONG if wrong else 200,
        typed=typed,
        wrong=wrong,
        bounds=_bounds(visit),
        zones=_zones(visit),
        languages=[(each, visit.say(f"account.language_{each}")) for each in languages()],
        units=[(each, visit.say(f"account.units_{each}")) for each in Units],
    )


def _zones(visit: Visit) -> Sequence[str]:
    """Places, and what is set now."""
    return sorted(
        {each for each in available_timezones() if "/" in each and not each.startswith("Etc/")}
        | {"UTC", visit.me.timezone}
    )
