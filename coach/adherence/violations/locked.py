"""while_locked: nothing counts before a diagnosis, nor while a warning sign waits to be cleared."""

from collections.abc import Iterator

from coach.adherence.model import Because
from coach.adherence.violations.case import Case, Taking
from coach.plan.thresholds import thresholds
from coach.plan.violations import ViolationCode

NO_DIAGNOSIS = "no_diagnosis"
WARNING_SIGN = "warning_sign"
"""By which rule a plan is locked."""


def found(case: Case) -> Iterator[Taking]:
    if case.lock is None:
        return
    code = ViolationCode.WHILE_LOCKED
    severity = thresholds().violations.any[code] if case.eligible else None
    yield Taking(code, case.eligible, severity, case.session.exercise, (Because(case.lock),))
