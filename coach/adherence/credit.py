"""What one session is worth to one item: eligible minutes, less those that a violation takes."""

from collections.abc import Iterable
from typing import Final

from coach.adherence.eligible import INSIDE_WALKS, eligible_for
from coach.adherence.model import Credit, Session
from coach.adherence.violations import Case, Taking, intensity, left_out, past_the_limits
from coach.effort.model import Exclusion, begins, left_for, predicate_of
from coach.effort.spans import NOTHING, Spans, parted
from coach.plan.model import Exercise, Plan, Prescription

NOT_STARTED: Final = "not_started"
"""The reason of days, and of minutes, before the plan began."""


def credit(session: Session, item: Prescription, plan: Plan, lock: str | None = None) -> Credit:
    """Hold a session against an item. Minutes that the item shares with another count where the plan nests them.

    Args:
        session: one that may serve the item: its exercise is among `hosts(item, plan)`.
        item: of the plan.
        plan: what was asked, and what is left out.
        lock: the rule by which the plan was locked when the session began; None: it was not.
    """
    excluded = [] if item.exercise in INSIDE_WALKS else list(session.excluded)
    rivals = _rivals(plan) if item.exercise is Exercise.LEVEL_WALK else ()
    eligible = _less_rivals(session, eligible_for(item, session), rivals, excluded)
    case = Case(session, eligible, plan, item, lock)
    if item.nested_in is None:
        return _less(case, (*left_out(case), *past_the_limits(case)), excluded)
    # What its host leaves out or loses, it loses too, and the host tells of it; its own ceiling it tells of itself.
    own = tuple(intensity.found(case))
    host = plan.item(item.nested_in)
    its = () if host is None else past_the_limits(Case(session, eligible_for(host, session), plan, host, lock))
    return _less(case, (*left_out(case), *own, *its), excluded, told=own)


def unasked(session: Session, plan: Plan, lock: str | None = None) -> Credit:
    """A session that has no item of its own, all of it to lend; what the plan leaves out is left out here too."""
    excluded = list(session.excluded)
    rivals = _rivals(plan) if session.exercise is Exercise.LEVEL_WALK else ()
    eligible = _less_rivals(session, _whole(session), rivals, excluded)
    case = Case(session, eligible, plan, None, lock)
    return _less(case, tuple(left_out(case)), excluded)


def before_the_plan(session: Session) -> Credit:
    """A session of a day on which there was no plan yet: it earns nothing, and goes against nothing."""
    eligible = _whole(session)
    excluded = (*session.excluded, *left_for(eligible, NOT_STARTED))
    return Credit(session, eligible, NOTHING, tuple(sorted(excluded, key=begins)))


def _whole(session: Session) -> Spans:
    return session.predicates.get(predicate_of(session.exercise), NOTHING)


def _rivals(plan: Plan) -> tuple[Prescription, ...]:
    """Items that claim minutes of walks for themselves alone."""
    return tuple(item for item in plan.items if item.exercise in INSIDE_WALKS and item.nested_in is None)


def _less_rivals(session: Session, eligible: Spans, rivals: Iterable[Prescription], excluded: list[Exclusion]) -> Spans:
    for other in rivals:
        theirs, eligible = parted(eligible, eligible_for(other, session))
        excluded += left_for(theirs, f"counted_as_{other.exercise}")
    return eligible


def _less(
    case: Case, takings: tuple[Taking, ...], excluded: list[Exclusion], *, told: tuple[Taking, ...] | None = None
) -> Credit:
    """What is left of the eligible seconds. Each second is given one reason: that of the first that took it.

    `told` are the takings that are told as violations here; all of them, unless some are another item's to tell.
    """
    left = case.eligible
    for taking in takings:
        if not taking.spans:
            continue
        gone, left = parted(left, taking.spans)
        excluded += left_for(gone, taking.code)
    found = (taking.violation(case.session) for taking in (takings if told is None else told))
    return Credit(
        session=case.session,
        eligible=case.eligible,
        credited=left,
        excluded=tuple(sorted(excluded, key=begins)),
        violations=tuple(violation for violation in found if violation is not None),
    )
