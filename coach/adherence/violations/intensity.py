"""too_intense: what is above the hardest level that an item has in mind."""

from collections.abc import Iterator, Mapping
from typing import Final

from coach.adherence.model import Because
from coach.adherence.violations.case import Case, Taking
from coach.effort.model import Predicate
from coach.effort.spans import NOTHING, Spans, intersect, total_s
from coach.plan.exercises import facts
from coach.plan.model import Level
from coach.plan.thresholds import thresholds
from coach.plan.violations import Severity, ViolationCode

_ABOVE: Final[Mapping[Level, Predicate]] = {
    Level.LIGHT: Predicate.MODERATE,
    Level.MODERATE: Predicate.VIGOROUS,
    Level.VIGOROUS: Predicate.BEYOND,
}
"""Where a second is above a ceiling: at the next level or harder."""


def found(case: Case) -> Iterator[Taking]:
    if case.item is None or case.item.max_intensity is None or not case.eligible:
        return
    above, measure = _above(case, case.item.max_intensity)
    share, limits = total_s(above) / case.eligible_s, thresholds().violations.too_intense
    if share <= limits.minor_over_share:
        return
    major = share > limits.major_over_share
    limit = limits.major_over_share if major else limits.minor_over_share
    yield Taking(
        code=ViolationCode.TOO_INTENSE,
        spans=above,
        severity=Severity.MAJOR if major else Severity.MINOR,
        exercise=case.item.exercise,
        because=(*measure, Because("share_above", 100 * share, 100 * limit)),
    )


def _above(case: Case, ceiling: Level) -> tuple[Spans, tuple[Because, ...]]:
    """What lies above the ceiling, and by what it was told: seconds by the heart rate, or how hard it felt (Borg).

    Under beta blockers the heart rate says nothing; in water what was felt comes first; and where no heart rate is
    known, it is all there is. One figure for how hard a session felt is that of all of it.
    """
    if not _felt_decides(case, _ABOVE[ceiling]):
        return intersect(case.eligible, case.where(_ABOVE[ceiling])), ()
    borg = case.session.borg
    highest = getattr(thresholds().intensity, ceiling).borg.high
    if borg is None or borg <= highest:
        return NOTHING, ()
    return case.eligible, (Because("borg_above", borg, highest),)


def _felt_decides(case: Case, above: Predicate) -> bool:
    if case.plan.traits.beta_blocker:
        return True
    if case.session.borg is None:
        return False
    in_water = facts(case.session.exercise).family.in_water
    return in_water or above not in case.session.predicates or any(map(_says_unknown, case.session.notes))


def _says_unknown(note: str) -> bool:
    return note.startswith("intensity unknown")
