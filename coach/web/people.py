"""A person's week as their clinician reads and prints it: with figures, codes and what decided it."""

from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from coach.care.inviting import end
from coach.charts.svg import as_svg
from coach.errors import NotFoundError, UsageError
from coach.signs import visible
from coach.store import care
from coach.store.access import What
from coach.store.tables import key
from coach.summaries import report_of
from coach.summary.trend import chart
from coach.web.caring import Clinicians, patient
from coach.web.forms import Form, keeping
from coach.web.visit import Id, Visit
from coach.weeks import IsoWeek, day_of

router: Final = APIRouter()

PATH: Final = "/people/{person_id}"


@router.get(PATH)
def this_week(visit: Clinicians, person_id: Id) -> Response:
    return _page(visit, person_id, What.WEEK, lambda running: running)


@router.get(PATH + "/week/{week}")
def another(visit: Clinicians, person_id: Id, week: str) -> Response:
    asked = _week(week)
    return _page(visit, person_id, What.WEEK, lambda _: asked)


@router.get(PATH + "/report")
def report(visit: Clinicians, person_id: Id, week: str | None = None) -> Response:
    """The same, to print: without a week, of the last that has closed."""
    asked = None if week is None else _week(week)
    return _page(visit, person_id, What.REPORT, lambda running: asked or running.previous)


@router.get(PATH + "/end")
def about_to_end(visit: Clinicians, person_id: Id) -> Response:
    with visit.reading() as session:
        found = next((each for each in care.persons(session, visit.account_id) if key(each) == person_id), None)
    if found is None:
        raise NotFoundError(str(person_id))
    return visit.page("person_end.html.j2", number=person_id, name=visible(found.name))


@router.post(PATH + "/end")
def ended(visit: Clinicians, form: Form, person_id: Id) -> Response:
    with keeping(visit, form, "/caseload") as kept:
        end(kept.session, person_id, visit.account_id, visit.now)
        kept.lines.append(visit.say("people.ended"))
    return visit.to(kept.address)


def _page(visit: Visit, person_id: int, what: What, wanted: Callable[[IsoWeek], IsoWeek]) -> Response:
    """A week that has begun, as the one that runs tells which it is."""
    words = visit.words.messages
    with patient(visit, person_id, what) as seen:
        running = IsoWeek.of(day_of(visit.now, ZoneInfo(seen.person.timezone)))
        if (week := wanted(running)) > running:
            raise NotFoundError(str(week))
        report = report_of(seen.session, seen.person, week, visit.now, words)
    return visit.page(
        "person.html.j2",
        number=person_id,
        week=week,
        is_running=week == running,
        report=report,
        chart=as_svg(chart(report.trend, report.trend_in_words, words)) if report.trend_in_words else None,
    )


def _week(text: str) -> IsoWeek:
    try:
        return IsoWeek.parse(text)
    except UsageError:
        raise NotFoundError(text) from None
