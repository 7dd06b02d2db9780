"""A plan as CarePlan, each item with its Goal; what the plan leaves out is `doNotPerform`."""

from collections.abc import Iterator

from coach.exchange.codes import (
    ASSESS_PLAN,
    DURATION,
    MINUTES,
    OURS,
    OWN,
    PHYSICAL_ACTIVITY,
    SESSIONS_A_WEEK,
    Code,
    local,
)
from coach.exchange.dossier import Dossier, PlanVersion
from coach.exchange.fhir.elements import (
    Element,
    Resource,
    concept,
    filled,
    narrative,
    period,
    quantity,
    reference,
    resource,
    text_concept,
)
from coach.plan import Exercise, Prescription, Restriction, facts

_EXAMPLE = "Example plan: to be reviewed with a clinician."


def exercise_code(exercise: Exercise) -> Code:
    return local("exercise", exercise, facts(exercise).one)


def goals(dossier: Dossier, version: PlanVersion, who: Resource) -> dict[Exercise, Resource]:
    """What each item asks for: so many sessions a week of so many minutes."""
    status = _status(dossier, version)
    return {
        item.exercise: resource(
            "Goal",
            dossier.whom.id_of("goal", version.number, item.exercise),
            profile="pa-goal",
            lifecycleStatus=status,
            category=[concept(PHYSICAL_ACTIVITY)],
            description=text_concept(_asked(item)),
            subject=reference(who),
            startDate=version.plan.starts_on.isoformat(),
            target=[
                {
                    "measure": concept(OWN["sessions-a-week"]),
                    "detailQuantity": quantity(item.dose.sessions, SESSIONS_A_WEEK),
                },
                {"measure": concept(DURATION), "detailQuantity": quantity(item.dose.minutes, MINUTES)},
            ],
        )
        for item in version.plan.prescriptions
    }


def care_plan(
    dossier: Dossier,
    version: PlanVersion,
    who: Resource,
    aims: dict[Exercise, Resource],
    rests_on: Resource | None,
) -> Resource:
    plan = version.plan
    details = [
        *(_detail(dossier, version, item, aims[item.exercise]) for item in plan.prescriptions),
        *(each for restriction in plan.restrictions for each in _left_out(restriction)),
    ]
    return resource(
        "CarePlan",
        dossier.whom.id_of("plan", version.number),
        profile="pa-careplan",
        text=narrative(_in_words(version)),
        identifier=[{"system": f"{OURS}:plan-version", "value": str(version.number)}],
        replaces=_replaced(dossier, version),
        status=_status(dossier, version),
        intent="plan",
        category=[concept(ASSESS_PLAN), concept(PHYSICAL_ACTIVITY)],
        title=f"{plan.condition.replace('_', ' ')}, version {version.number}",
        description=_EXAMPLE if plan.is_example else None,
        subject=reference(who),
        period=period(plan.starts_on, version.until),
        created=version.created_at.astimezone(dossier.whom.zone).date().isoformat(),
        addresses=[reference(rests_on)] if rests_on else None,
        goal=[reference(each) for each in aims.values()],
        activity=[{"detail": detail} for detail in details],
    )


def _detail(dossier: Dossier, version: PlanVersion, item: Prescription, aim: Resource) -> Element:
    held = dossier.on_hold(version)
    waits = item not in version.plan.items
    status = (
        "completed" if _is_over(dossier, version) else "not-started" if waits else "on-hold" if held else "in-progress"
    )
    return filled(
        kind="ServiceRequest",
        code=concept(exercise_code(item.exercise)),
        goal=[reference(aim)],
        status=status,
        statusReason=text_concept(held) if status == "on-hold" and held else None,
        doNotPerform=False,
        scheduledTiming={"repeat": _repeat(item, period(version.plan.starts_on, version.until))},
        description=_asked(item),
    )


def _repeat(item: Prescription, bounds: Element) -> Element:
    """So often a week; where each session has its day, those; where they share an hour, that instead of how often.

    FHIR reads an hour of the day as "on each of these days", and does not let it stand beside a frequency.
    """
    length = {"boundsPeriod": bounds, "duration": item.dose.minutes, "durationUnit": "min"}
    often = {"frequency": item.dose.sessions, "period": 1, "periodUnit": "wk"}
    slots = item.planned or ()
    days = sorted({slot.day for slot in slots})
    if not slots or len(days) != item.dose.sessions or len(days) != len(slots):
        return {**length, **often}
    named = {"dayOfWeek": [day.name.lower() for day in days]}
    hours = {slot.at for slot in slots}
    if len(hours) == 1 and (hour := hours.pop()) is not None:
        return {**length, **named, "timeOfDay": [hour.isoformat(timespec="seconds")]}
    return {**length, **often, **named}


def _left_out(restriction: Restriction) -> Iterator[Element]:
    """One for uphill walking, one for each stroke."""
    codes = [local("restriction", f"{restriction.code}.{stroke}", stroke) for stroke in restriction.strokes]
    for code in codes or [local("restriction", restriction.code, restriction.code.replace("_", " "))]:
        yield filled(
            kind="ServiceRequest",
            code=concept(code),
            status="in-progress",
            doNotPerform=True,
            description=restriction.reason,
        )


def _status(dossier: Dossier, version: PlanVersion) -> str:
    """Of the plan and of its goals: completed means that another version took its place, not that they were reached."""
    if _is_over(dossier, version):
        return "completed"
    return "on-hold" if dossier.on_hold(version) else "active"


def _is_over(dossier: Dossier, version: PlanVersion) -> bool:
    return version.until is not None and version.until < dossier.today


def _replaced(dossier: Dossier, version: PlanVersion) -> list[Element]:
    before = [each for each in dossier.versions if each.number == version.number - 1]
    return [{"reference": f"urn:uuid:{dossier.whom.id_of('plan', each.number)}"} for each in before]


def _in_words(version: PlanVersion) -> Iterator[str]:
    plan = version.plan
    yield f"Plan version {version.number} from {plan.starts_on}, step {plan.step}."
    if plan.is_example:
        yield _EXAMPLE
    yield from (f"{_asked(item)}." for item in plan.prescriptions)
    yield from (f"Left out: {each.reason}" for each in plan.restrictions)


def _asked(item: Prescription) -> str:
    """`walk (base): 5 sessions a week of 10 min, up to 5 of 30 min, from step 3, mon 17:30`."""
    dose, ceiling = item.dose, item.ceiling
    planned = ", ".join(map(str, item.planned or ()))
    parts = (
        f"{facts(item.exercise).one} ({item.role}): {dose.sessions} sessions a week of {dose.minutes} min",
        f"up to {ceiling.sessions} of {ceiling.minutes} min" if ceiling != dose else "",
        f"from step {item.from_step}" if item.from_step > 1 else "",
        planned,
    )
    return ", ".join(filter(None, parts))
