"""What a rule is asked about, and what it answers."""

from dataclasses import dataclass
from functools import cached_property

from coach.adherence.model import Because, Session, Violation
from coach.effort.model import Predicate
from coach.effort.spans import NOTHING, Spans, total_s
from coach.plan.model import Exercise, Plan, Prescription
from coach.plan.violations import Severity


@dataclass(frozen=True)  # without slots: the sum is asked for many times
class Case:
    """A session, held against an item of the plan.

    Attributes:
        eligible: what of the session the item could count.
        item: whose limits hold; None where the session serves no item.
        lock: the rule by which the plan was locked at the session's start, or None.
    """

    session: Session
    eligible: Spans
    plan: Plan
    item: Prescription | None = None
    lock: str | None = None

    def where(self, predicate: Predicate) -> Spans:
        return self.session.predicates.get(predicate, NOTHING)

    @cached_property
    def eligible_s(self) -> float:
        return total_s(self.eligible)


@dataclass(frozen=True, slots=True)
class Taking:
    """Minutes that earn nothing, and why.

    Attributes:
        code: the reason that those seconds get, and the violation's code.
        minutes: against the plan; they need not all be eligible.
        severity: None for what is no violation: too little to be called one, and still without credit.
        because: the rules that fired, never empty.
    """

    code: str
    spans: Spans
    severity: Severity | None
    exercise: Exercise
    because: tuple[Because, ...]
    minutes: float | None = None

    def violation(self, session: Session) -> Violation | None:
        if self.severity is None:
            return None
        minutes = total_s(self.spans) / 60 if self.minutes is None else self.minutes
        return Violation(self.code, self.severity, minutes, session.activity_ids[0], self.exercise, self.because)
