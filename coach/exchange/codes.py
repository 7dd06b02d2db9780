"""Codes and units (clinical rules, section 12). Where no public code fits, one of our own, whose system is a URN."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from coach.plan.condition import About

LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
ICD_10_CM: Final = "http://hl7.org/fhir/sid/icd-10-cm"
SNOMED: Final = "http://snomed.info/sct"

IG: Final = "http://hl7.org/fhir/us/physical-activity"
"""The HL7 Physical Activity Implementation Guide 1.0.0."""

OURS: Final = "urn:sciatica-coach"


@dataclass(frozen=True, slots=True)
class Code:
    """A code; `display` only where we know the system's own wording, `text` says it in ours."""

    system: str
    code: str
    text: str
    display: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by its UCUM code, and as people write it."""

    code: str
    name: str


def local(kind: str, code: str, text: str) -> Code:
    return Code(f"{OURS}:{kind}", code, text, text)


def loinc(code: str, text: str, display: str | None = None) -> Code:
    return Code(LOINC, code, text, display)


MINUTES: Final = Unit("min", "min")
METRES: Final = Unit("m", "m")
PER_MINUTE: Final = Unit("/min", "beats/min")
CELSIUS: Final = Unit("Cel", "°C")
SCORE: Final = Unit("{score}", "score")
PERCENT: Final = Unit("%", "%")
RATIO: Final = Unit("1", "ratio")
SESSIONS_A_WEEK: Final = Unit("{sessions}/wk", "sessions a week")

DURATION: Final = loinc("55411-3", "Exercise duration", "Exercise duration")
DISTANCE: Final = loinc("55412-1", "Exercise distance")
HEART_RATE_MEAN: Final = loinc(
    "55425-3", "Heart rate, mean of the session", "Heart rate unspecified time mean by Pedometer"
)
HEART_RATE_MAX: Final = loinc(
    "55426-1", "Heart rate, highest of the session", "Heart rate unspecified time maximum by Pedometer"
)
HEART_RATE_RESTING: Final = loinc("40443-4", "Resting heart rate", "Heart rate --resting")
PAIN: Final = loinc("72514-3", "Pain, 0-10", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")

PHYSICAL_ACTIVITY: Final = Code(f"{IG}/CodeSystem/pa-temporary-codes", "PhysicalActivity", "Physical activity")
PANEL: Final = Code(f"{IG}/CodeSystem/pa-temporary-codes", "PAPanel", "A session")
_CATEGORIES: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
ACTIVITY: Final = Code(_CATEGORIES, "activity", "Activity", "Activity")
SURVEY: Final = Code(_CATEGORIES, "survey", "Survey", "Survey")
ASSESS_PLAN: Final = Code("http://hl7.org/fhir/us/core/CodeSystem/careplan-category", "assess-plan", "Plan")

SELF_REPORT: Final = local("method", "self-report", "Told by the person")
RECORDED: Final = local("method", "recorded", "Recorded by a device")
JUDGED: Final = local("method", "judged", "Worked out by the coach")

OWN: Final[Mapping[str, Code]] = {
    code: local("code", code, text)
    for code, text in {
        "week": "A week held against the plan",
        "week-score": "W: the share of the week's plan that was done",
        "item-score": "S: the share of one item of the plan that was done",
        "frequency": "F: sessions done of those asked",
        "dose": "D: minutes done of those asked",
        "over-dose": "R: minutes of the item itself for each minute asked, uncapped",
        "planned-sessions": "Sessions asked in the week, after excusals",
        "planned-minutes": "Minutes asked of each session",
        "exercise": "The exercise that the item asks for",
        "role": "How much the item weighs",
        "violation": "Minutes that went against what the plan leaves out",
        "severity": "How severe",
        "week-decision": "What the week says of the next one",
        "session-verdict": "What came of the session, by the pain that was told",
        "pain-score-shoulder": "Shoulder pain, 0-10",
        "symptom-extent": "How far down the symptoms reach",
        "numbness": "New or worse numbness",
        "weakness": "New or worse weakness",
        "phase": "When it was asked, seen from a session",
        "borg": "Effort, Borg 6-20",
        "exertion": "Effort, Borg CR10, as told to the device",
        "water-temperature": "Temperature of the water",
        "grade-unavailable": "The grade could not be told",
        "sessions-a-week": "Sessions a week",
        "software": "The program that wrote this",
    }.items()
}
"""Codes of ours that stand alone; those of exercises, roles, restrictions and so on are the words of the plan."""


def condition_codes(about: About) -> tuple[Code, ...]:
    """What a condition is called elsewhere; nothing where no single code says just what the plan says.

    A condition's file may list codes that differ in what no plan records: the side, or claudication. Then it is the one
    for an unspecified side (it ends in 0), or the heading that they share.
    """
    codes = []
    if icd := _shared(about.icd10):
        codes.append(Code(ICD_10_CM, icd, about.name))
    if about.code == "general_sciatica":  # the only one that was checked
        codes.append(Code(SNOMED, "23056005", about.name, "Sciatica"))
    return tuple(codes)


_HEADING_LENGTH: Final = 5  # M54.3: a letter, two digits, the point, and one digit after it


def _agree(letters: tuple[str, ...]) -> bool:
    return len(set(letters)) == 1


def _shared(codes: tuple[str, ...]) -> str | None:
    shared = "".join(letters[0] for letters in takewhile(_agree, zip(*codes, strict=False)))
    if f"{shared}0" in codes:
        return f"{shared}0"
    return shared if shared in codes or len(shared) >= _HEADING_LENGTH else None
