"""Who is new says who they are and what was found; with that there is a plan, and the warning signs are asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from fastapi import APIRouter, Response

from coach.enrolment.details import MAX_HR, RESTING_HR, check
from coach.enrolment.persons import NameTakenError, enrol_own, local_zone
from coach.enrolment.plans import agree
from coach.errors import UsageError
from coach.names import LONGEST_NAME
from coach.plan import Relief
from coach.plan.library import conditions
from coach.store import people
from coach.store.accounts import Account
from coach.store.tables import Person, key
from coach.units import Units
from coach.web.forms import Form, Sent, keeping
from coach.web.visit import Someones, Visit
from coach.web.welcome_form import details
from coach.weeks import OLDEST_YEARS, day_of
from config.messages.catalogue import languages

router: Final = APIRouter()

_WRONG: Final = 422
_REFERENCE: Final = ("posix", "right", "Etc", "SystemV")
"""What begins so is no place: other names of zones that are there."""

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class View:
    """What can be chosen, each as value and words; `first` is what stands there before anything is typed."""

    zones: Sequence[str]
    languages: Options
    units: Options
    conditions: Options
    reliefs: Options
    first: dict[str, str]
    years: tuple[int, int]
    resting_hr: tuple[int, int]
    max_hr: tuple[int, int]
    longest_name: int
    typed: Sent | None = None
    wrong: str | None = None

    def given(self, name: str) -> str:
        return self.first.get(name, "") if self.typed is None else self.typed.text(name)


@router.get("/welcome")
def asked(visit: Someones) -> Response:
    if visit.person is not None and _has_plan(visit, visit.person):
        return visit.to("/")
    return _shown(visit)


@router.post("/welcome")
def enrolled(visit: Someones, form: Form) -> Response:
    try:
        said = details(form, visit.words, visit.now)
        check(said, visit.app.settings.plans, visit.now)
        with keeping(visit, form, "/") as keep:
            account = keep.session.get_one(Account, visit.account_id)
            person = keep.session.get_one(Person, account.person_id) if account.person_id is not None else None
            if person is not None and people.latest_plan(keep.session, key(person)) is not None:
                return visit.to("/")  # two windows: the first has set it up
            person = enrol_own(keep.session, person, said, visit.now, local_zone())
            account.person_id = key(person)
            keep.session.add(account)
            agreed = agree(keep.session, person, said, visit.app.settings.plans, visit.now)
            keep.leads_to = f"/say/signs/{day_of(visit.now, ZoneInfo(person.timezone))}"
            keep.lines.append(visit.say("welcome.set_up", name=person.name))
            if agreed is not None and agreed[1].locked:
                keep.lines.append(visit.say("about.locked"))
    except NameTakenError:
        return _shown(visit, form, visit.say("welcome.taken"))
    except UsageError as error:
        return _shown(visit, form, str(error))
    return visit.to(keep.address)


def _shown(visit: Visit, typed: Sent | None = None, wrong: str | None = None) -> Response:
    plans, text, own = conditions(visit.app.settings.plans), visit.say, visit.words.own
    first = _first(visit)
    places = {each for each in available_timezones() if each.partition("/")[0] not in _REFERENCE}
    view = View(
        zones=sorted(places | {first["timezone"]}),
        languages=[(each, text(f"welcome.language_{each}")) for each in languages()],
        units=[(each, text(f"welcome.units_{each}")) for each in Units],
        conditions=[
            (code, text(known) if own.has(known := f"condition.{code}") else each.name) for code, each in plans.items()
        ],
        reliefs=[(each, text(f"welcome.relief_{each}")) for each in Relief],
        first=first,
        years=(visit.now.year - OLDEST_YEARS, visit.now.year),
        resting_hr=RESTING_HR,
        max_hr=MAX_HR,
        longest_name=LONGEST_NAME,
        typed=typed,
        wrong=wrong,
    )
    return visit.page("welcome.html.j2", _WRONG if wrong else 200, view=view)


def _first(visit: Visit) -> dict[str, str]:
    """What is known of them, or most likely."""
    person = visit.person
    zone = person.timezone if person is not None else local_zone()
    with visit.reading() as session:
        email = session.get_one(Account, visit.account_id).email
    known = {
        "name": person.name if person is not None else "",
        "email": (person.email if person is not None else None) or email,
        "timezone": zone,
        "language": visit.words.language,
        "units": person.units if person is not None else Units.METRIC,
        "emergency_number": person.emergency_number if person is not None else "112",
        "relief": Relief.UNKNOWN,
        "start": visit.now.astimezone(ZoneInfo(zone)).date().isoformat(),
        "swimmer": "yes",
    }
    return {name: str(value) for name, value in known.items()}


def _has_plan(visit: Visit, person: Person) -> bool:
    with visit.reading() as session:
        return people.latest_plan(session, key(person)) is not None
