"""pain_over_limit: a session that hurt more than it should have, by its verdict. It takes no minutes."""

from collections.abc import Iterator, Mapping
from typing import Final

from coach.adherence.model import Because
from coach.adherence.violations.case import Case, Taking
from coach.effort.spans import NOTHING
from coach.plan.thresholds import thresholds
from coach.plan.violations import ViolationCode
from coach.safety.model import Colour

_AS_SEVERE_AS: Final[Mapping[Colour, str]] = {Colour.AMBER: "amber", Colour.RED: "red", Colour.ESCALATE: "red"}


def found(case: Case) -> Iterator[Taking]:
    verdict = case.session.verdict
    if verdict is None or (like := _AS_SEVERE_AS.get(verdict.colour)) is None:
        return
    limits = thresholds().violations.pain_over_limit
    severity = limits.amber if like == "amber" else limits.red
    because = tuple(Because(f"verdict_{reason}") for reason in verdict.reasons)
    yield Taking(ViolationCode.PAIN_OVER_LIMIT, NOTHING, severity, case.session.exercise, because)
