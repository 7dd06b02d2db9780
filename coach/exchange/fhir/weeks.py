"""A judged week as DiagnosticReport. Its figures are those of `coach week --json`: they come from that very shape."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from coach.adherence import Session, Status
from coach.exchange.codes import (
    ACTIVITY,
    JUDGED,
    MINUTES,
    OWN,
    PERCENT,
    PHYSICAL_ACTIVITY,
    RATIO,
    SESSIONS_A_WEEK,
    Code,
    Unit,
    local,
)
from coach.exchange.dossier import Dossier
from coach.exchange.fhir.elements import (
    Element,
    Resource,
    absent_because,
    component,
    concept,
    period,
    quantity,
    reference,
    resource,
)
from coach.exchange.fhir.plans import exercise_code
from coach.exchange.words import conclusion
from coach.plan import Exercise
from coach.shapes import week as shape_of

if TYPE_CHECKING:
    from coach.judgement import JudgedWeek

_SETTLED: Final = {Status.COMPLETE, Status.PAUSED, Status.LOCKED}

ITEM_FIGURES: Final[tuple[tuple[str, Code, Unit], ...]] = (
    ("frequency", OWN["frequency"], RATIO),
    ("dose", OWN["dose"], RATIO),
    ("over_dose", OWN["over-dose"], RATIO),
    ("planned_sessions", OWN["planned-sessions"], SESSIONS_A_WEEK),
    ("planned_minutes", OWN["planned-minutes"], MINUTES),
)
"""A component each, from a key of the item's shape; the score itself is the value."""


def resources(dossier: Dossier, judged: "JudgedWeek", who: Resource, writer: Resource) -> Iterator[Resource]:
    """The report, then what it rests on; nothing for a week without a plan."""
    week = judged.adherence
    if week.status is Status.NO_PLAN:
        return
    shape = shape_of(judged)
    about = _about(dossier, judged, who, writer)
    results = [
        _score(dossier, shape, about),
        *(_item(dossier, shape, each, about) for each in shape["items"]),
        *(_violation(dossier, shape, place, about) for place, _ in enumerate(shape["violations"])),
        *(each for session in week.sessions for each in _verdict(dossier, session, about)),
        _decision(dossier, judged, about),
    ]
    yield resource(
        "DiagnosticReport",
        dossier.whom.id_of("week", shape["week"]),
        identifier=[{"system": "urn:sciatica-coach:week", "value": shape["week"]}],
        basedOn=_plan(dossier, judged),
        status="final" if _is_final(dossier, judged) else "preliminary",
        category=[concept(PHYSICAL_ACTIVITY)],
        code=concept(OWN["week"]),
        subject=reference(who),
        effectivePeriod=period(week.week.monday, week.week.sunday),
        result=[reference(each) for each in results],
        conclusion=conclusion(judged),
    )
    yield from results


def _about(dossier: Dossier, judged: "JudgedWeek", who: Resource, writer: Resource) -> Element:
    return {
        "basedOn": _plan(dossier, judged),
        "status": "final" if _is_final(dossier, judged) else "preliminary",
        "category": [concept(ACTIVITY), concept(PHYSICAL_ACTIVITY)],
        "subject": reference(who),
        "effectivePeriod": period(judged.adherence.week.monday, judged.adherence.week.sunday),
        "method": concept(JUDGED),
        "device": reference(writer),
    }


def _is_final(dossier: Dossier, judged: "JudgedWeek") -> bool:
    return judged.adherence.status in _SETTLED and judged.adherence.week.sunday < dossier.today


def _plan(dossier: Dossier, judged: "JudgedWeek") -> list[Element] | None:
    known = {each.number for each in dossier.versions}
    if judged.version not in known:
        return None
    return [{"reference": f"urn:uuid:{dossier.whom.id_of('plan', judged.version)}"}]


def _score(dossier: Dossier, shape: Mapping[str, Any], about: Element) -> Resource:
    """W; its range where only that is known; why there is neither."""
    low, high = (quantity(shape[name], PERCENT) for name in ("score_low", "score_high"))
    value: dict[str, Any]
    if (score := quantity(shape["score"], PERCENT)) is not None:
        value = {"valueQuantity": score}
    elif low is not None and high is not None:
        value = {"valueRange": {"low": low, "high": high}}
    else:
        value = {"dataAbsentReason": absent_because("not-applicable", shape["status"])}
    band = shape["band"]
    return resource(
        "Observation",
        dossier.whom.id_of("week", shape["week"], "score"),
        **about,
        code=concept(OWN["week-score"]),
        **value,
        interpretation=[concept(local("band", band, band.replace("_", " ")))] if band else None,
    )


def _item(dossier: Dossier, shape: Mapping[str, Any], item: Mapping[str, Any], about: Element) -> Resource:
    score = quantity(item["score"], PERCENT)
    return resource(
        "Observation",
        dossier.whom.id_of("week", shape["week"], "item", item["activity"]),
        **about,
        code=concept(OWN["item-score"]),
        valueQuantity=score,
        dataAbsentReason=absent_because("not-applicable") if score is None else None,
        component=[
            component(OWN["exercise"], means=exercise_code(Exercise(item["activity"]))),
            component(OWN["role"], means=local("role", item["role"], item["role"])),
            *(component(code, value=item[name], unit=unit) for name, code, unit in ITEM_FIGURES),
        ],
    )


def _violation(dossier: Dossier, shape: Mapping[str, Any], place: int, about: Element) -> Resource:
    found = shape["violations"][place]
    return resource(
        "Observation",
        dossier.whom.id_of("week", shape["week"], "violation", place),
        **about,
        code=concept(OWN["violation"]),
        valueQuantity=quantity(found["minutes"], MINUTES),
        component=[
            component(OWN["violation"], means=local("restriction", found["code"], found["code"])),
            component(OWN["severity"], means=local("severity", found["severity"], found["severity"])),
            component(OWN["exercise"], means=exercise_code(Exercise(found["activity"]))),
        ],
    )


def _decision(dossier: Dossier, judged: "JudgedWeek", about: Element) -> Resource:
    """What was decided, and of what; a week may decide nothing, and says why."""
    decision = judged.decision
    return resource(
        "Observation",
        dossier.whom.id_of("week", judged.adherence.week, "decision"),
        **about,
        code=concept(OWN["week-decision"]),
        valueCodeableConcept=concept(local("decision", decision.kind, decision.kind.replace("_", " ")))
        if decision.kind
        else None,
        dataAbsentReason=None if decision.kind else absent_because("not-applicable"),
        note=[{"text": ", ".join(each.code for each in decision.reasons)}],
    )


def _verdict(dossier: Dossier, session: Session, about: Element) -> Iterator[Resource]:
    """GREEN, AMBER and so on, with the reasons; of the session's own time."""
    if session.verdict is None:
        return
    colour = session.verdict.colour
    yield resource(
        "Observation",
        dossier.whom.id_of("session", session.activity_ids[0], "verdict"),
        **about | {"effectivePeriod": period(session.started_at, session.ended_at)},
        code=concept(OWN["session-verdict"]),
        valueCodeableConcept=concept(local("verdict", colour, colour)),
        note=[{"text": ", ".join(session.verdict.reasons)}] if session.verdict.reasons else None,
    )
