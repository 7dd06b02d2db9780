"""What one session is worth to one item: eligible minutes, less those that a violation takes."""

from collections.abc import Iterable
from typing import Final

from coach.adherence.eligible import eligible_for
from coach.adherence.model import Credit, Session, Taken
from coach.adherence.violations import Case, Taking, intensity, left_out, past_the_limits
from coach.effort.model import predicate_of
from coach.effort.spans import NOTHING, Spans, subtract, total_s
from coach.plan.felt import INSIDE_WALKS
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
    whole = eligible_for(item, session)
    claimed = _claimed(session, plan) if item.exercise is Exercise.LEVEL_WALK else ()
    case = Case(session, _less(whole, claimed), plan, item, lock)
    if item.nested_in is None:
        return _credit(case, whole, claimed, (*left_out(case), *past_the_limits(case)))
    # What its host leaves out or loses, it loses too, and the host tells of it; its own ceiling it tells of itself.
    own = tuple(intensity.found(case))
    host = plan.item(item.nested_in)
    its = () if host is None else past_the_limits(Case(session, eligible_for(host, session), plan, host, lock))
    return _credit(case, whole, claimed, (*left_out(case), *own, *its), told=own)


def unasked(session: Session, plan: Plan, lock: str | None = None) -> Credit:
    """A session that has no item of its own, all of it to lend; what the plan leaves out is left out here too."""
    whole = _whole(session)
    claimed = _claimed(session, plan) if session.exercise is Exercise.LEVEL_WALK else ()
    case = Case(session, _less(whole, claimed), plan, None, lock)
    return _credit(case, whole, claimed, tuple(left_out(case)))


def before_the_plan(session: Session) -> Credit:
    """A session of a day on which there was no plan yet: it earns nothing, and goes against nothing."""
    eligible = _whole(session)
    return Credit(session, eligible, eligible, NOTHING, total_s(eligible), 0.0, (Taken(NOT_STARTED, eligible),))


def _whole(session: Session) -> Spans:
    return session.predicates.get(predicate_of(session.exercise), NOTHING)


def _claimed(session: Session, plan: Plan) -> tuple[Taken, ...]:
    """What other items claim of a walk for themselves alone."""
    return tuple(
        Taken(f"counted_as_{item.exercise}", eligible_for(item, session))
        for item in plan.items
        if item.exercise in INSIDE_WALKS and item.nested_in is None
    )


def _less(spans: Spans, taken: Iterable[Taken]) -> Spans:
    for each in taken:
        spans = subtract(spans, each.spans)
    return spans


def _credit(
    case: Case,
    whole: Spans,
    claimed: tuple[Taken, ...],
    takings: tuple[Taking, ...],
    *,
    told: tuple[Taking, ...] | None = None,
) -> Credit:
    """What is left of the eligible seconds.

    `told` are the takings that are told as violations here; all of them, unless some are another item's to tell.
    """
    taken = tuple([Taken(each.code, each.spans) for each in takings if each.spans])
    credited = _less(case.eligible, taken)
    found = (taking.violation(case.session) for taking in (takings if told is None else told))
    return Credit(
        session=case.session,
        whole=whole,
        eligible=case.eligible,
        credited=credited,
        eligible_s=case.eligible_s,
        credited_s=total_s(credited) if taken else case.eligible_s,
        taken=claimed + taken,
        violations=tuple(violation for violation in found if violation is not None),
        inside=case.item is not None and case.item.exercise in INSIDE_WALKS,
    )
