"""Notes of clinicians: who looks after a person writes and reads them, and so the person reads them too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from coach.care import noting
from coach.care.looking import look
from coach.errors import UsageError
from coach.store import care
from coach.store.access import What
from coach.store.accounts import Account
from coach.store.care import CareNote
from coach.store.tables import Person, key
from coach.web.caring import Clinicians, patient
from coach.web.forms import Form, keeping
from coach.web.moments import moment_in_words
from coach.web.visit import Id, Own, Visit

router: Final = APIRouter()

_PATH: Final = "/people/{person_id}/notes"


@dataclass(frozen=True, slots=True)
class Note:
    id: int
    who: str
    at: str
    text: str
    can_take_back: bool


@router.get("/account/notes")
def mine(visit: Own) -> Response:
    with visit.reading() as session:
        kept = care.notes(session, key(visit.me))
        return visit.page("notes.html.j2", notes=_notes(visit, visit.me, kept))


@router.get(_PATH)
def of_person(visit: Clinicians, person_id: Id) -> Response:
    return _page(visit, person_id)


@router.post(_PATH)
def noted(visit: Clinicians, person_id: Id, form: Form) -> Response:
    text = form.text("note")
    try:
        with keeping(visit, form, f"/people/{person_id}/notes", person_id) as kept:
            account = kept.session.get_one(Account, visit.account_id)
            look(kept.session, account, person_id, What.NOTES, visit.now)
            noting.note(kept.session, account, person_id, text, visit.now)
            kept.lines.append(visit.say("notes.kept"))
    except UsageError:
        return _page(visit, person_id, text, visit.say("notes.wrong", most=noting.LONGEST))
    return visit.to(kept.address)


@router.post(_PATH + "/{number}/remove")
def taken_back(visit: Clinicians, person_id: Id, number: Id, form: Form) -> Response:
    with keeping(visit, form, f"/people/{person_id}/notes", person_id) as kept:
        account = kept.session.get_one(Account, visit.account_id)
        look(kept.session, account, person_id, What.NOTES, visit.now)
        noting.take_back(kept.session, key(account), person_id, number, visit.now)
        kept.lines.append(visit.say("notes.taken_back"))
    return visit.to(kept.address)


def _page(visit: Visit, person_id: int, typed: str = "", wrong: str | None = None) -> Response:
    with patient(visit, person_id, What.NOTES) as seen:
        kept = care.notes(seen.session, person_id)
        return visit.page(
            "people_notes.html.j2",
            422 if wrong else 200,
            person=seen.person,
            notes=_notes(visit, seen.person, kept),
            typed=typed,
            wrong=wrong,
            longest=noting.LONGEST,
        )


def _notes(visit: Visit, person: Person, kept: Sequence[CareNote]) -> list[Note]:
    zone = ZoneInfo(person.timezone)
    return [
        Note(
            id=key(each),
            who=each.who,
            at=moment_in_words(visit, each.at, zone),
            text=each.text,
            can_take_back=noting.can_take_back(each, visit.account_id, visit.now),
        )
        for each in kept
    ]
