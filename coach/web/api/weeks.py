"""Weeks against the plan."""

from typing import Annotated, Final

from fastapi import Path, Query
from sqlmodel import Session
from typing_extensions import TypedDict

from coach import shapes
from coach.judged import judged_week
from coach.judgement import judge_week
from coach.shapes.types import JudgedWeek
from coach.store import activities, histories, people
from coach.store.tables import key
from coach.web.api.routing import Caller, Reader, resource
from coach.web.problems import answers
from coach.weeks import IsoWeek, day_of

router: Final = resource("weeks")

_MOST: Final = 53  # a year's

WeekText = Annotated[str, Path(max_length=10, description="2026-W45, or a date in it.")]


class Weeks(TypedDict):
    """Newest first; `next` is the `until` of the page that follows, null on the last."""

    weeks: list[JudgedWeek]
    next: str | None


@router.get("/weeks", responses=answers())
def listed(
    caller: Reader,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="Of how many weeks a page is.")] = 8,
    until: Annotated[str | None, Query(max_length=10, description="The newest; this week by default.")] = None,
) -> Weeks:
    """Weeks as they are judged, back to the first of which anything is known."""
    newest = IsoWeek.of(day_of(caller.now, caller.zone)) if until is None else IsoWeek.parse(until)
    with caller.reading() as session:
        first = _first(session, caller)
        found = _back(newest, first, limit)
        if not found:
            return {"weeks": [], "next": None}
        history = histories.load(session, caller.me, found[-1], newest)
    more = first is not None and found[-1] > first
    return {
        "weeks": [shapes.week(judge_week(history, each, caller.now)) for each in found],
        "next": str(found[-1].previous) if more else None,
    }


@router.get("/weeks/{week}", responses=answers())
def one(caller: Reader, week: WeekText) -> JudgedWeek:
    """A week held against the plan that was in force."""
    with caller.reading() as session:
        return shapes.week(judged_week(session, caller.me, IsoWeek.parse(week), caller.now))


def _first(session: Session, caller: Caller) -> IsoWeek | None:
    """Where the plan, or what was recorded, begins."""
    begun = activities.first_of(session, key(caller.me))
    days = (people.first_plan_day(session, key(caller.me)), None if begun is None else day_of(begun, caller.zone))
    return min((IsoWeek.of(day) for day in days if day is not None), default=None)


def _back(newest: IsoWeek, first: IsoWeek | None, limit: int) -> list[IsoWeek]:
    found: list[IsoWeek] = []
    while first is not None and newest >= first and len(found) < limit:
        found.append(newest)
        newest = newest.previous
    return found
