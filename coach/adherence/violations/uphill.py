"""uphill_avoid: the uphill bouts of a walk that should stay level."""

from collections.abc import Iterator

from coach.adherence.model import Because
from coach.adherence.violations.case import Case, Taking
from coach.effort.model import Predicate
from coach.plan.model import RestrictionCode
from coach.plan.thresholds import thresholds
from coach.plan.violations import Severity, ViolationCode


def found(case: Case) -> Iterator[Taking]:
    uphill = case.where(Predicate.UPHILL)
    if not uphill or not case.plan.restricts(RestrictionCode.UPHILL_AVOID):
        return
    limits = thresholds().violations.uphill_avoid
    minutes, share, steep = case.session.climb
    major = tuple(
        because
        for because, fired in (
            (Because("uphill_over_minutes", minutes, limits.major_over_minutes), minutes > limits.major_over_minutes),
            (Because("uphill_over_share", 100 * share, 100 * limits.major_over_share), share > limits.major_over_share),
            (Because("steep_from_minutes", steep, limits.major_steep_minutes), steep >= limits.major_steep_minutes),
        )
        if fired
    )
    severity: Severity | None = Severity.MAJOR if major else Severity.MINOR
    because = major or (Because("uphill_from_minutes", minutes, limits.minor_from_minutes),)
    if minutes < limits.minor_from_minutes:
        severity, because = None, (Because("uphill_under_minutes", minutes, limits.minor_from_minutes),)
    yield Taking(ViolationCode.UPHILL_AVOID, uphill, severity, case.session.exercise, because)
