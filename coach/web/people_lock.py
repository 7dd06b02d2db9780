"""A warning sign has locked a plan: a clinician who has looked at it clears that, by their own name."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from coach.care.looking import looked_after
from coach.errors import ConflictError, UsageError
from coach.safety import Lock
from coach.store import locks
from coach.store.access import What
from coach.store.accounts import Account
from coach.store.tables import Person
from coach.web.caring import Clinicians, patient
from coach.web.forms import Form, Sent, keeping
from coach.web.moments import day_in_words, moment_in_words
from coach.web.visit import Id, Visit
from config.messages.calendar import whole

router: Final = APIRouter()

_PATH: Final = "/people/{person_id}/lock"


@router.get(_PATH)
def asked(visit: Clinicians, person_id: Id) -> Response:
    return _page(visit, person_id)


@router.post(_PATH)
def cleared(visit: Clinicians, person_id: Id, form: Form) -> Response:
    if form.text("sure") != "yes":
        return _page(visit, person_id, form, "lock_page.unsure")
    try:
        on = date.fromisoformat(form.text("on"))
        with keeping(visit, form, f"/people/{person_id}/lock", person_id) as kept:
            account = kept.session.get_one(Account, visit.account_id)
            person = looked_after(kept.session, account, person_id)
            by = account.name or account.email
            locks.clear(kept.session, person_id, by, on, visit.now, ZoneInfo(person.timezone))
            kept.lines.append(visit.say("lock_page.done", name=person.name))
    except ConflictError:
        return _page(visit, person_id)
    except (UsageError, ValueError):
        return _page(visit, person_id, form, "lock_page.wrong_day")
    return visit.to(kept.address)


def _page(visit: Visit, person_id: int, form: Sent | None = None, wrong: str | None = None) -> Response:
    with patient(visit, person_id, What.PLAN) as seen:
        zone = ZoneInfo(seen.person.timezone)
        ever = locks.of(seen.session, person_id)
        holding = [each for each in ever if each.holds(visit.now)]
        today = visit.now.astimezone(zone).date()
        first = max((_day(each.raised_at, zone) for each in holding), default=today)
        return visit.page(
            "people_lock.html.j2",
            422 if wrong else 200,
            person=seen.person,
            by=seen.account.name or seen.account.email,
            told=[_told(visit, seen.person, each) for each in holding],
            before=[_before(visit, seen.person, each) for each in reversed(ever) if each.cleared_on is not None],
            first=first,
            last=today,
            on=form.text("on") if form is not None else str(today),
            is_sure=form is not None and form.text("sure") == "yes",
            wrong=None if wrong is None else visit.say(wrong, day=whole(first, visit.words.messages)),
        )


def _told(visit: Visit, person: Person, lock: Lock) -> tuple[str, list[str]]:
    """When it was raised, and the questions that were answered yes."""
    words = visit.words.messages
    signs = [words.text(f"sign.{each}") if words.has(f"sign.{each}") else each for each in lock.signs]
    return moment_in_words(visit, lock.raised_at, ZoneInfo(person.timezone)), signs


def _before(visit: Visit, person: Person, lock: Lock) -> str:
    assert lock.cleared_on is not None  # noqa: S101  (those alone are asked for)
    return visit.say(
        "lock_page.was",
        day=day_in_words(visit, lock.raised_at, ZoneInfo(person.timezone)),
        cleared=whole(lock.cleared_on, visit.words.messages),
        who=lock.cleared_by,
    )


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
