"""What could come next, to be offered: the plan that it would make, what would change, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coach.plan.model import Dose, Exercise, Plan
from coach.plan.thresholds import thresholds
from coach.progression import steps
from coach.progression.decision import Decision, DecisionKind
from coach.weeks import IsoWeek


class OfferKind(StrEnum):
    UP = "up"
    EASY = "easy"
    BACK = "back"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Change:
    """An item's dose before and after; `before` None: it comes in."""

    exercise: Exercise
    before: Dose | None
    after: Dose


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that the person could take.

    Attributes:
        plan: with the doses it would ask; its `starts_on` is still that of the plan before.
        returns: the plan that returns on the Monday after an easy week; None for the other kinds.
        reasons: codes, the texts are `text.offered` in the message catalogue; never empty.
    """

    kind: OfferKind
    plan: Plan
    changes: tuple[Change, ...]
    reasons: tuple[str, ...]
    returns: Plan | None = None

    def versions(self, today: date) -> tuple[Plan, ...]:
        """What accepting it adds to the plan's versions, in their order: from today, and for an easy week the dose
        before from the next Monday.
        """
        first = self.plan.model_copy(update={"starts_on": today})
        if self.returns is None:
            return (first,)
        return first, self.returns.model_copy(update={"starts_on": IsoWeek.of(today).next.monday})


def offer(
    plan: Plan, decision: Decision, *, easy_due: bool = False, days_off: int = 0, after_flare: bool = False
) -> Offer | None:
    """The one step that could be taken from a plan, or None where the plan stays as it is.

    Args:
        plan: in force now.
        decision: of the last closed week.
        easy_due: the coming week is a fourth one.
        days_off: since the last session.
        after_flare: a flare has ended since the plan last changed.
    """
    if plan.locked or decision.kind is DecisionKind.ESCALATE:
        return None
    if reasons := tuple(_to_restart(days_off, after_flare=after_flare)):
        return _made(OfferKind.RESTART, plan, steps.restart(plan), reasons)
    if decision.kind is DecisionKind.STEP_BACK:
        return _made(OfferKind.BACK, plan, steps.step_back(plan), ("step_back",))
    if decision.kind is None:
        return None
    if easy_due and not plan.easy:
        return _made(OfferKind.EASY, plan, steps.easy_week(plan), ("fourth_week",))
    return following(plan) if decision.kind is DecisionKind.PROGRESS else None


def changes(before: Plan, after: Plan) -> tuple[Change, ...]:
    """What differs in the doses that are asked for."""
    old = {item.exercise: item.dose for item in before.items}
    return tuple(
        Change(item.exercise, old.get(item.exercise), item.dose)
        for item in after.items
        if old.get(item.exercise) != item.dose
    )


def _to_restart(days_off: int, *, after_flare: bool) -> Iterator[str]:
    if days_off >= thresholds().progression.restart_after_days_off:
        yield "time_off"
    if after_flare:
        yield "after_flare"


def following(plan: Plan) -> Offer | None:
    """The next step that changes anything: with all items at their ceilings, that which brings the next item in."""
    after = steps.step_up(plan)
    while not changes(plan, after) and steps.waiting(after):
        after = steps.step_up(after)
    return _made(OfferKind.UP, plan, after, ("all_well",))


def _made(kind: OfferKind, before: Plan, after: Plan, reasons: tuple[str, ...]) -> Offer | None:
    changed = changes(before, after)
    returns = before if kind is OfferKind.EASY else None
    return Offer(kind, after, changed, reasons, returns) if changed else None
