"""The plan that comes of what is said: the example of a condition, or the one that stands with what is new."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.enrolment.details import Details
from coach.errors import UsageError
from coach.names import faults_of_name
from coach.plan import Diagnosis, Plan, Relief, Traits
from coach.plan.library import condition, conditions, example_plan
from coach.plan.merging import carried
from coach.store import people
from coach.store.tables import Person, key
from coach.weeks import day_of


def check_setter(name: str | None) -> str | None:
    """Who is said to have set a plan, without the blanks around it.

    Raises:
        UsageError: that is no name.
    """
    if name is None:
        return None
    for fault in faults_of_name(name.strip(), "Who set the plan"):
        raise UsageError(fault)
    return name.strip()


def begin_anew(
    session: Session, person: Person, details: Details, set_by: str | None, extra_plans: Path, now: datetime
) -> tuple[int, Plan]:
    """The example plan of a condition from its first step, as a new version; what is not said stays as it was.

    Raises:
        UsageError: as `agree`.
    """
    standing = people.latest_plan(session, key(person))
    today = day_of(now, ZoneInfo(person.timezone))
    plan = _plan(details, standing[1] if standing else None, extra_plans, today, anew=True)
    plan = plan.model_copy(update={"set_by": set_by, "is_example": set_by is None})
    if standing is not None and _says_the_same(plan, standing[1], details):
        return standing
    return people.add_plan(session, key(person), plan, now), plan


def agree(
    session: Session, person: Person, details: Details, extra_plans: Path, now: datetime
) -> tuple[int, Plan] | None:
    """The person's plan and its version, a new one where something of it is said; None for no plan yet.

    Raises:
        UsageError: no condition is known, a diagnosis is half said, or the plan would start before the one in force.
    """
    standing = people.latest_plan(session, key(person))
    if not details.of_plan:
        return standing
    before = standing[1] if standing else None
    plan = _plan(details, before, extra_plans, day_of(now, ZoneInfo(person.timezone)))
    if standing is not None and _says_the_same(plan, standing[1], details):
        return standing
    return people.add_plan(session, key(person), plan, now), plan


def _plan(details: Details, before: Plan | None, extra_plans: Path, today: date, *, anew: bool = False) -> Plan:
    code = details.condition or (before.condition if before else None)
    if code is None:
        raise UsageError(f"Which condition? Give --condition: {', '.join(conditions(extra_plans))}.")
    earliest = before.starts_on if before else date.min
    starts_on = details.start or max(today, earliest)
    standing = before if before and before.condition == code else None
    if standing is not None and not anew and not standing.is_example and _beyond_the_diagnosis(details):
        raise UsageError(
            f"This plan was set by {standing.set_by or 'a clinician'}: changing it is theirs. "
            "`coach plan edit --by NAME` takes down what they say."
        )
    tolerated = details.flexion_tolerated
    now = example_plan(
        condition(code, extra_plans),
        starts_on=starts_on,
        diagnosis=_diagnosis(details, standing),
        relief=Relief(details.relief or (before.relief if before else Relief.UNKNOWN)),
        flexion_tolerated=before.flexion_tolerated if tolerated is None and before else tolerated,
        traits=(before.traits if before else Traits()).model_copy(update=details.of_traits),
        pain_free_only=_either(details.pain_free_only, before.pain_free_only if before else False),
        step=standing.step if standing and not anew else 1,
    )
    return now if standing is None or anew else carried(standing, _example_of(standing, extra_plans), now)


def _example_of(plan: Plan, extra_plans: Path) -> Plan:
    """What the library has for the circumstances of a plan."""
    return example_plan(
        condition(plan.condition, extra_plans),
        starts_on=plan.starts_on,
        diagnosis=plan.diagnosis,
        relief=plan.relief,
        flexion_tolerated=plan.flexion_tolerated,
        traits=plan.traits,
        pain_free_only=plan.pain_free_only,
        step=plan.step,
    )


def _beyond_the_diagnosis(details: Details) -> bool:
    """Whether more is said of the plan than who found out what, and when it begins."""
    said = (details.relief, details.flexion_tolerated, details.pain_free_only)
    return bool(details.of_traits) or any(each is not None for each in said)


def _either(said: bool | None, before: bool) -> bool:
    return before if said is None else said


def _diagnosis(details: Details, before: Plan | None) -> Diagnosis | None:
    """What is said, or what stands: `before` is a plan for the same condition, which a diagnosis names."""
    known = before.diagnosis if before else None
    made_by = details.diagnosed_by or (known.made_by if known else None)
    made_on = details.diagnosed_on or (known.made_on if known else None)
    if made_by is None and made_on is None:
        return None
    if made_by is None or made_on is None:
        raise UsageError("A diagnosis needs both: who made it (--diagnosed-by) and when (--diagnosed-on).")
    return Diagnosis(made_by=made_by, made_on=made_on)


def _says_the_same(plan: Plan, before: Plan, details: Details) -> bool:
    """Whether only the first day differs, and nobody asked for another: the same words again are no change."""
    starts_on = plan.starts_on if details.start else before.starts_on
    return plan.model_copy(update={"starts_on": starts_on}) == before
