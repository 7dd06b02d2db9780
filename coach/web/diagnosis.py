"""Who began without a diagnosis says it once there is one: the plan that it kept locked opens."""

from typing import Final

from fastapi import APIRouter, Response

from coach.enrolment.plans import agree
from coach.errors import UsageError
from coach.names import LONGEST_NAME
from coach.plan import Plan
from coach.plan.words import capital, condition
from coach.store import people
from coach.store.tables import key
from coach.web.forms import Form, Sent, keeping
from coach.web.visit import Own, Visit
from coach.web.welcome_form import diagnosis

router: Final = APIRouter()

_WRONG: Final = 422


@router.get("/diagnosis")
def asked(visit: Own) -> Response:
    plan = _locked(visit)
    return visit.to("/plan") if plan is None else _shown(visit, plan)


@router.post("/diagnosis")
def told(visit: Own, form: Form) -> Response:
    plan = _locked(visit)
    if plan is None:  # two windows: the first has told it
        return visit.to("/plan")
    try:
        said = diagnosis(form, visit.words, visit.now)
        with keeping(visit, form, "/plan") as keep:
            agree(keep.session, keep.me(visit), said, visit.app.settings.plans, visit.now)
            keep.lines.append(visit.say("diagnosis.kept"))
    except UsageError as error:
        return _shown(visit, plan, form, str(error))
    return visit.to(keep.address)


def _locked(visit: Visit) -> Plan | None:
    """The latest plan, where it waits for a diagnosis."""
    with visit.reading() as session:
        latest = people.latest_plan(session, key(visit.me))
    return latest[1] if latest is not None and latest[1].locked else None


def _shown(visit: Visit, plan: Plan, typed: Sent | None = None, wrong: str | None = None) -> Response:
    given = {name: typed.text(name) if typed else "" for name in ("diagnosed_by", "diagnosed_on")}
    return visit.page(
        "diagnosis.html.j2",
        _WRONG if wrong else 200,
        condition=capital(condition(plan.condition, visit.words.messages)),
        given=given,
        longest_name=LONGEST_NAME,
        wrong=wrong,
    )
