"""What a person did: all of it, newest first, and each session minute by minute; the file that it came from."""

from dataclasses import dataclass
from re import sub
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from coach.errors import NotFoundError, UsageError
from coach.plan import Exercise, facts
from coach.recorded import file_of
from coach.store import activities
from coach.store.activities import Measured
from coach.store.tables import Activity, key
from coach.summary.content import week_in_words
from coach.web import naming
from coach.web.session_view import view_of
from coach.web.visit import Own, Visit
from coach.weeks import IsoWeek

router: Final = APIRouter()

_PAGE: Final = 50
_LAST: Final = 2**31 - 1  # what a PostgreSQL integer holds

Number = Annotated[int, Path(ge=1, le=_LAST)]
"""Of an activity, in a page's address."""


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    what: str
    when: str
    facts: tuple[str, ...]


@router.get("/sessions")
def listed(
    visit: Own, before: Annotated[int | None, Query(ge=1, le=_LAST)] = None, week: str | None = None
) -> Response:
    asked = None if week is None else _week(week)
    within = None if asked is None else (asked.starts_at(visit.zone), asked.ends_at(visit.zone))
    number = key(visit.me)
    with visit.reading() as session:
        after = None if before is None else activities.one(session, number, before).activity
        found = activities.of_person(session, number, limit=_PAGE + 1, within=within, before=after)
        lines = [_line(each, visit) for each in found[:_PAGE]]
    return visit.page(
        "sessions.html.j2",
        lines=lines,
        week=asked,
        title=None if asked is None else week_in_words(asked, visit.words.messages),
        older=lines[-1].number if len(found) > _PAGE else None,
        is_newest=before is None,
    )


@router.get("/sessions/{number}")
def one(visit: Own, number: Number) -> Response:
    return visit.page("session.html.j2", view=view_of(visit, number), typed={}, wrong=None)


@router.get("/sessions/{number}/original")
def original(visit: Own, number: Number) -> Response:
    """The file as it came; of a multisport file all of it."""
    with visit.reading() as session:
        row = activities.one(session, key(visit.me), number).activity
        data = file_of(session, row)
    if data is None:
        raise NotFoundError(str(number))
    disposition = f'attachment; filename="{_file_name(row, visit)}"'
    return Response(data, media_type="application/vnd.ant.fit", headers={"Content-Disposition": disposition})


def _file_name(row: Activity, visit: Visit) -> str:
    """`2026-11-05-walk.fit`."""
    name = facts(Exercise(row.exercise)).one if row.exercise else row.sport
    return f"{row.started_at.astimezone(visit.zone):%Y-%m-%d}-{sub('[^a-z0-9]+', '-', name.lower()).strip('-')}.fit"


def _line(measured: Measured, visit: Visit) -> Line:
    row = measured.activity
    return Line(key(row), naming.what(row, visit), naming.when(row.started_at, visit), naming.in_short(measured, visit))


def _week(text: str) -> IsoWeek:
    try:
        return IsoWeek.parse(text)
    except UsageError:
        raise NotFoundError(text) from None
