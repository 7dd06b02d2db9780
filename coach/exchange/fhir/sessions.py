"""A stored session as Observations: a panel, and one a figure. A row of the table a figure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from coach.effort.model import Predicate
from coach.exchange.codes import (
    ACTIVITY,
    CELSIUS,
    DISTANCE,
    DURATION,
    HEART_RATE_MAX,
    HEART_RATE_MEAN,
    METRES,
    MINUTES,
    OWN,
    PANEL,
    PER_MINUTE,
    PHYSICAL_ACTIVITY,
    RECORDED,
    SCORE,
    SELF_REPORT,
    Code,
    Unit,
    local,
)
from coach.exchange.dossier import Activity, Dossier, known
from coach.exchange.fhir.elements import (
    Element,
    Resource,
    absent_because,
    concept,
    period,
    quantity,
    reference,
    resource,
)
from coach.exchange.fhir.plans import exercise_code
from coach.plan import Exercise, facts


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a session: its code, unit and decimals, and where it is found; None where it is not known."""

    code: Code
    unit: Unit
    value: Callable[[Activity], float | None]
    digits: int = 1


def _minutes(activity: Activity) -> float:
    """Of the device's timer, pauses left out; of the whole where no timer is known."""
    timer_s = activity.best("timer_s")
    whole_s = (activity.ended_at - activity.started_at).total_seconds()
    return (whole_s if timer_s is None else timer_s) / 60


MEASURES: Final = (
    Measure(DURATION, MINUTES, _minutes),
    Measure(DISTANCE, METRES, lambda each: each.best("distance_m")),
    Measure(HEART_RATE_MEAN, PER_MINUTE, lambda each: each.best("avg_heart_rate_bpm")),
    Measure(HEART_RATE_MAX, PER_MINUTE, lambda each: each.best("max_heart_rate_bpm")),
    Measure(OWN["borg"], SCORE, lambda each: each.label.borg if each.label else None),
    Measure(OWN["exertion"], SCORE, lambda each: each.exertion),
    Measure(OWN["water-temperature"], CELSIUS, lambda each: each.label.water_c if each.label else None),
)


def effort_code(predicate: Predicate) -> Code:
    """Minutes of which a predicate holds: `fast`, `uphill`."""
    return local("effort", predicate, f"Minutes: {predicate}")


def observations(dossier: Dossier, activity: Activity, who: Resource) -> Iterator[Resource]:
    """The panel first, then its members."""
    members = [*_measured(dossier, activity, who), *_efforts(dossier, activity, who)]
    exercise = activity.label.exercise if activity.label and activity.label.exercise else activity.exercise
    name = facts(Exercise(exercise)).one if exercise else activity.sport.replace("_", " ")
    yield resource(
        "Observation",
        dossier.whom.id_of("session", activity.number),
        profile="pa-observation-activity-group",
        identifier=[{"system": "urn:sciatica-coach:session", "value": str(activity.number)}],
        **_about(activity, who),
        code={**concept(PANEL), "text": name},
        hasMember=[reference(each) for each in members],
        component=[
            {
                "code": concept(OWN["exercise"]),
                "valueCodeableConcept": concept(exercise_code(Exercise(exercise))),
            }
        ]
        if exercise
        else None,
    )
    yield from members


def _measured(dossier: Dossier, activity: Activity, who: Resource) -> Iterator[Resource]:
    for measure in MEASURES:
        if (value := quantity(measure.value(activity), measure.unit, measure.digits)) is not None:
            yield _one(dossier, activity, who, measure.code, valueQuantity=value)


def _efforts(dossier: Dossier, activity: Activity, who: Resource) -> Iterator[Resource]:
    """What it amounts to in the plan's terms. A grade that could not be told is not a grade of nothing."""
    for predicate, effort in sorted(activity.efforts.items()):
        if not known(effort):
            absent = absent_because("unknown", effort.note)
            yield _one(dossier, activity, who, effort_code(predicate), dataAbsentReason=absent)
        else:
            value = quantity(effort.minutes, MINUTES, 2)
            yield _one(dossier, activity, who, effort_code(predicate), valueQuantity=value)


def _one(dossier: Dossier, activity: Activity, who: Resource, code: Code, **value: Element | None) -> Resource:
    return resource(
        "Observation",
        dossier.whom.id_of("session", activity.number, code.system, code.code),
        profile="pa-observation-activity-measure",
        **_about(activity, who),
        code=concept(code),
        **value,
    )


def _about(activity: Activity, who: Resource) -> Element:
    return {
        "status": "final",
        "category": [concept(ACTIVITY), concept(PHYSICAL_ACTIVITY)],
        "subject": reference(who),
        "effectivePeriod": period(activity.started_at, max(activity.ended_at, activity.started_at)),
        "performer": [reference(who)],
        "method": concept(SELF_REPORT if activity.self_reported else RECORDED),
        "device": {"display": activity.device} if activity.device and not activity.self_reported else None,
    }
