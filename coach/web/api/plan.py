"""The plan, and each version of it."""

from itertools import pairwise
from typing import Final

from typing_extensions import TypedDict

from coach import shapes
from coach.plan.differences import since
from coach.shapes.types import PlanInFull, PlanVersion
from coach.store import locks, people
from coach.store.tables import key
from coach.web.api.routing import Caller, Number, PlanReader, resource
from coach.web.problems import answers
from coach.weeks import day_of

router: Final = resource("plan")


class Versions(TypedDict):
    versions: list[PlanVersion]


@router.get("/plan", responses=answers(409))
def in_force(caller: PlanReader) -> PlanInFull:
    """The version that holds today, or the one that will; 409 where there is no plan yet."""
    return _version(caller, None)


@router.get("/plan/versions", responses=answers(409))
def versions(caller: PlanReader) -> Versions:
    """Every version, oldest first, with what it changed."""
    with caller.reading() as session:
        kept = people.every_version(session, caller.me)
    before = {each.version: earlier.plan for earlier, each in pairwise(kept)}
    told = [shapes.plan_version(each, since(before.get(each.version), each.plan)) for each in kept]
    return {"versions": told}


@router.get("/plan/versions/{version}", responses=answers(404, 409))
def version(caller: PlanReader, version: Number) -> PlanInFull:
    """One version."""
    return _version(caller, version)


def _version(caller: Caller, number: int | None) -> PlanInFull:
    with caller.reading() as session:
        kept = people.every_version(session, caller.me)
        lock = locks.holding(session, key(caller.me), caller.now)
    holds = people.in_force(kept, day_of(caller.now, caller.zone))
    wanted = (holds or kept[-1]) if number is None else people.of_number(kept, number, caller.me)
    return shapes.plan_in_full(wanted, holds, lock)
