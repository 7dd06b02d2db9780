"""The plan of somebody whom a clinician looks after: as the person reads it, each version, and any two side by side."""

from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from coach.store import locks, people
from coach.store.access import What
from coach.store.tables import key
from coach.web.caring import Clinicians, patient
from coach.web.plan import view
from coach.web.visit import Id, Visit

router: Final = APIRouter()

With = Annotated[int | None, Query(alias="with")]
"""The version that another is held against."""


@router.get("/people/{person_id}/plan")
def plan(visit: Clinicians, person_id: Id) -> Response:
    return _page(visit, person_id, None, None)


@router.get("/people/{person_id}/plan/versions/{version}")
def another(visit: Clinicians, person_id: Id, version: int, other: With = None) -> Response:
    return _page(visit, person_id, version, other)


def _page(visit: Visit, person_id: int, version: int | None, other: int | None) -> Response:
    """A version, or without a number the one that holds; held against another, or the one before."""
    with patient(visit, person_id, What.PLAN) as seen:
        kept = people.every_version(seen.session, seen.person)
        wanted = people.of_number(kept, version, seen.person) if version is not None else None
        against = people.of_number(kept, other, seen.person) if other is not None else None
        lock = locks.holding(seen.session, key(seen.person), visit.now)
        today = visit.now.astimezone(ZoneInfo(seen.person.timezone)).date()
        shown = wanted or people.in_force(kept, today) or kept[-1]
        return visit.page(
            "people_plan.html.j2",
            view=view(visit, seen.person, kept, shown, lock=lock, against=against),
            person=seen.person,
            at=f"/people/{person_id}/plan",
            versions_at=f"/people/{person_id}/plan/versions/",
        )
