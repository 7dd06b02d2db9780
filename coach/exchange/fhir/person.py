"""Who it is about, what they were diagnosed with, and what wrote the document."""

from collections.abc import Iterator
from uuid import UUID

from coach.exchange.codes import (
    ACTIVITY,
    HEART_RATE_RESTING,
    OURS,
    OWN,
    PER_MINUTE,
    PHYSICAL_ACTIVITY,
    Code,
    condition_codes,
)
from coach.exchange.dossier import Dossier, PlanVersion
from coach.exchange.fhir.elements import (
    Resource,
    absent_extension,
    annotation,
    concept,
    quantity,
    reference,
    resource,
    text_concept,
)
from coach.plan.condition import Condition

_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


def patient(dossier: Dossier, *, with_name: bool) -> Resource:
    """By a pseudonym, and by name only where that was asked for."""
    whom = dossier.whom
    return resource(
        "Patient",
        whom.pseudonym,
        identifier=[{"system": f"{OURS}:person", "value": str(whom.pseudonym)}],
        name=[{"text": whom.name} if with_name else absent_extension("masked")],
        gender="unknown",
    )


def software(dossier: Dossier) -> Resource:
    """The program, its version and its way of measuring; what it says of itself stands here too."""
    writer = dossier.writer
    plans = ", ".join(str(each.number) for each in dossier.versions) or "none"
    return resource(
        "Device",
        dossier.whom.id_of("software", writer.program_version, writer.algorithm),
        deviceName=[{"name": writer.program, "type": "model-name"}],
        type=concept(OWN["software"]),
        version=[
            {"type": text_concept("program"), "value": writer.program_version},
            {"type": text_concept("algorithm"), "value": str(writer.algorithm)},
        ],
        note=annotation((writer.disclaimer, f"Plan versions: {plans}.")),
    )


def condition(dossier: Dossier, version: PlanVersion, known: Condition | None, who: Resource) -> Resource | None:
    """The diagnosis that a plan rests on; None where nobody has made one."""
    plan = version.plan
    if plan.diagnosis is None:
        return None
    name = known.about.name if known else plan.condition.replace("_", " ")
    codes = condition_codes(known.about) if known else ()
    return resource(
        "Condition",
        condition_id(dossier, version),
        clinicalStatus=concept(Code(_CLINICAL, "active", "active")),
        verificationStatus=concept(Code(_VERIFICATION, "confirmed", "confirmed")),
        code=concept(*codes) if codes else text_concept(name),
        subject=reference(who),
        recordedDate=plan.diagnosis.made_on.isoformat(),
        asserter={"display": plan.diagnosis.made_by},
    )


def condition_id(dossier: Dossier, version: PlanVersion) -> UUID:
    """One a diagnosis: versions that rest on the same one share it."""
    plan = version.plan
    made = plan.diagnosis
    return dossier.whom.id_of("condition", plan.condition, made and made.made_on, made and made.made_by)


def resting_heart_rate(dossier: Dossier, who: Resource) -> Iterator[Resource]:
    """As the person gave it once; when it was measured, nobody asked."""
    if dossier.whom.resting_heart_rate_bpm is None:
        return
    yield resource(
        "Observation",
        dossier.whom.id_of("resting-heart-rate"),
        profile="pa-observation-time-measure",
        status="final",
        category=[concept(ACTIVITY), concept(PHYSICAL_ACTIVITY)],
        code=concept(HEART_RATE_RESTING),
        subject=reference(who),
        _effectiveDateTime=absent_extension("unknown"),
        performer=[reference(who)],
        valueQuantity=quantity(dossier.whom.resting_heart_rate_bpm, PER_MINUTE),
    )
