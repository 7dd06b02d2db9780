"""stroke_avoid: lengths in a stroke that the plan leaves out."""

from collections.abc import Iterator

from coach.adherence.model import Because
from coach.adherence.violations.case import Case, Taking
from coach.effort.model import Predicate
from coach.effort.spans import total_s, union
from coach.plan.model import RestrictionCode
from coach.plan.thresholds import thresholds
from coach.plan.violations import ViolationCode


def found(case: Case) -> Iterator[Taking]:
    restriction = case.plan.restricts(RestrictionCode.STROKE_AVOID)
    if restriction is None:
        return
    swum = {stroke: case.where(Predicate(stroke.value)) for stroke in restriction.strokes}
    lengths = union(*swum.values())
    if not lengths:
        return
    code = ViolationCode.STROKE_AVOID
    because = tuple(Because(f"swum_{stroke}", total_s(spans) / 60) for stroke, spans in swum.items() if spans)
    yield Taking(code, lengths, thresholds().violations.any[code], case.session.exercise, because)
