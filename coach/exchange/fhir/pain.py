"""Check-ins as Observations: a row of the table a question."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from coach.exchange.codes import OWN, PAIN, SCORE, SELF_REPORT, SURVEY, Code, local
from coach.exchange.dossier import Dossier, Told
from coach.exchange.fhir.elements import Element, Resource, component, concept, instant, quantity, reference, resource
from coach.safety.model import CheckIn, Extent


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and its answer as a value; None where it was not answered."""

    code: Code
    answer: Callable[[CheckIn], Element | None]


def _score(pain: int | None) -> Element | None:
    value = quantity(pain, SCORE)
    return value and {"valueQuantity": value}


def _extent(extent: Extent | None) -> Element | None:
    return None if extent is None else {"valueCodeableConcept": concept(extent_code(extent))}


def extent_code(extent: Extent) -> Code:
    return local("extent", str(int(extent)), extent.name.lower().replace("_", " "))


def _yes(said: bool) -> Element | None:
    """Only a yes: what was not said to be new was perhaps not asked."""
    return {"valueBoolean": True} if said else None


QUESTIONS: Final = (
    Question(PAIN, lambda each: _score(each.pain)),
    Question(OWN["symptom-extent"], lambda each: _extent(each.extent)),
    Question(OWN["numbness"], lambda each: _yes(each.numbness)),
    Question(OWN["weakness"], lambda each: _yes(each.weakness)),
    Question(OWN["pain-score-shoulder"], lambda each: _score(each.shoulder)),
)


def observations(dossier: Dossier, told: Told, who: Resource) -> Iterator[Resource]:
    check_in = told.check_in
    for question in QUESTIONS:
        if (answer := question.answer(check_in)) is not None:
            yield resource(
                "Observation",
                dossier.whom.id_of("check-in", told.number, question.code.code),
                status="final",
                category=[concept(SURVEY)],
                code=concept(question.code),
                subject=reference(who),
                effectiveDateTime=instant(check_in.at),
                performer=[reference(who)],
                method=concept(SELF_REPORT),
                **answer,
                component=[component(OWN["phase"], means=local("phase", check_in.phase, check_in.phase))],
            )
