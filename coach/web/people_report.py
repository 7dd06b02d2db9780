"""The weekly report on somebody whom a clinician looks after, as a page that can be printed."""

from typing import Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from coach.care.looking import What
from coach.charts.svg import as_svg
from coach.errors import NotFoundError, UsageError
from coach.summaries import report_of
from coach.summary.trend import chart
from coach.web.caring import Clinicians, patient
from coach.web.visit import Id
from coach.weeks import IsoWeek, day_of

router: Final = APIRouter()


@router.get("/people/{person_id}/report")
def report(visit: Clinicians, person_id: Id, week: str | None = None) -> Response:
    """Of a week that has begun; without one, of the last that has closed."""
    words = visit.words.messages
    with patient(visit, person_id, What.REPORT) as seen:
        running = IsoWeek.of(day_of(visit.now, ZoneInfo(seen.person.timezone)))
        asked = running.previous if week is None else _week(week)
        if asked > running:
            raise NotFoundError(str(asked))
        made = report_of(seen.session, seen.person, asked, visit.now, words)
        return visit.page(
            "people_report.html.j2",
            person=seen.person,
            report=made,
            trend=as_svg(chart(made.trend, words)) if made.trend_in_words else None,
            before=asked.previous,
            after=asked.next if asked < running else None,
        )


def _week(text: str) -> IsoWeek:
    try:
        return IsoWeek.parse(text)
    except UsageError:
        raise NotFoundError(text) from None
