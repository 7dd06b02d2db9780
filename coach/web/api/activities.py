"""What was recorded, page by page, one by one, as it came; and what no sensor knows of it."""

from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field, StrictInt
from sqlmodel import Session
from typing_extensions import TypedDict

from coach import shapes
from coach.cautions import cautions
from coach.errors import NotFoundError
from coach.labelling import forget, label
from coach.plan.model import Exercise
from coach.recorded import file_of, is_let_go
from coach.shapes.types import Activity, ActivityInFull
from coach.store import activities, performances
from coach.store.acting import PROGRAM
from coach.store.activities import Measured
from coach.store.engine import writing
from coach.store.tables import Activity as Row
from coach.store.tables import Person, key
from coach.web.api import cursors
from coach.web.api.cursors import Place
from coach.web.api.routing import BEGINNING, END, Cursor, Labeller, Limit, Number, Reader, Since, Until, resource
from coach.web.problems import answers
from coach.weeks import IsoWeek, day_starts_at

router: Final = resource("activities")

_FIT: Final = "application/vnd.ant.fit"


class Activities(TypedDict):
    """Newest first; `next` is the `cursor` of the page that follows, null on the last."""

    activities: list[Activity]
    next: str | None


class LabelGiven(BaseModel):
    """What is left out, or null, stays as it was."""

    model_config = ConfigDict(extra="forbid")

    exercise: Exercise | None = None
    borg: Annotated[StrictInt, Field(ge=6, le=20)] | None = None
    water_c: Annotated[float, Field(ge=5, le=45, strict=True)] | None = None


class Change(BaseModel):
    """`label` null takes back what was said."""

    model_config = ConfigDict(extra="forbid")

    label: LabelGiven | None


class Labelled(ActivityInFull):
    advice: list[str]


@router.get("/activities", responses=answers())
def listed(
    caller: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
    since: Since = None,
    until: Until = None,
    week: Annotated[str | None, Query(max_length=10, description="2026-W45, or a date in it.")] = None,
) -> Activities:
    """What began in a span of time, newest first. What comes in meanwhile moves no page."""
    start, end = caller.instant(since, BEGINNING), caller.instant(until, END)
    if week is not None:
        asked = IsoWeek.parse(week)
        start = max(start, day_starts_at(asked.monday, caller.zone))
        end = min(end, day_starts_at(asked.next.monday, caller.zone))
    before = None if cursor is None else _at(cursors.parsed(cursor))
    with caller.reading() as session:
        found = activities.of_person(session, key(caller.me), limit=limit + 1, within=(start, end), before=before)
        page = found[:limit]
        last = page[-1].activity if len(found) > limit else None
        return {
            "activities": [shapes.activity(each) for each in page],
            "next": None if last is None else cursors.written(Place(last.started_at, key(last))),
        }


def _at(place: Place) -> Row:
    """As far as the store looks at it."""
    columns: dict[str, Any] = {"id": place.id, "started_at": place.at}
    return Row(**columns)


@router.get("/activities/{activity_id}", responses=answers(404))
def one(caller: Reader, activity_id: Number) -> ActivityInFull:
    """One activity, with its eligible minutes and with those of the same time."""
    with caller.reading() as session:
        return _in_full(session, activities.one(session, key(caller.me), activity_id))


@router.get(
    "/activities/{activity_id}/original",
    response_class=Response,
    responses={
        200: {"content": {_FIT: {"schema": {"type": "string", "format": "binary"}}}, "description": "The FIT file."},
        **answers(404),
    },
)
def original(caller: Reader, activity_id: Number) -> Response:
    """The file as it came; of a multisport file all of it. 404 also where the activity was entered by hand."""
    with caller.reading() as session:
        row = activities.one(session, key(caller.me), activity_id).activity
        data, gone = file_of(session, row), is_let_go(session, row)
    if data is None:
        why = "It was let go, for files are kept only for a time here." if gone else "It was entered by hand."
        raise NotFoundError(f"There is no file of activity {activity_id}. {why}")
    name = f"{row.started_at.astimezone(ZoneInfo(row.timezone)):%Y-%m-%d}-{activity_id}.fit"
    return Response(data, media_type=_FIT, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.patch("/activities/{activity_id}", responses=answers(400, 404, 409, 413))
def changed(caller: Labeller, activity_id: Number, change: Change) -> Labelled:
    """Say what no sensor knows, or take it back. Another exercise is measured anew from the original."""
    with writing(caller.app.engine, caller.me.id, PROGRAM) as session:
        me = session.get_one(Person, caller.me.id)
        said = change.label
        if said is None:
            measured = forget(session, me, activity_id, caller.now)
        else:
            given = said.model_dump()
            measured = label(session, me, activity_id, caller.now, **given)
        return {**_in_full(session, measured), "advice": cautions(session, me, measured)}


def _in_full(session: Session, measured: Measured) -> ActivityInFull:
    number = key(measured.activity)
    efforts = performances.efforts_of([number], session).get(number, {})
    return shapes.activity_in_full(measured, activities.overlapping(session, measured.activity), efforts)
