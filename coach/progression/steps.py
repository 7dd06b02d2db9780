"""The plan a step on, or a step back. Each function gives the plan that would be; nothing changes by itself.

Sessions of an item change only once its minutes have reached their ceiling: one variable a week and item. An item that
has yet to come in keeps its start, and so does one that is not asked for now (hot water before its questions).
"""

from collections.abc import Callable

from coach.plan.model import Dose, Exercise, Plan, Prescription
from coach.progression import doses

_DURING_A_FLARE = frozenset({Exercise.LEVEL_WALK, Exercise.POOL_WALK})


def step_up(plan: Plan) -> Plan:
    """The next step: every item that is asked for a little more, new items at their start."""
    return _with_doses(plan, _grown).model_copy(update={"step": plan.step + 1, "easy": False})


def step_back(plan: Plan) -> Plan:
    """70 % of the minutes. The step stays, and with it the items that have come in."""
    return _with_minutes(plan, doses.step_back).model_copy(update={"easy": False})


def restart(plan: Plan) -> Plan:
    """What to begin again with after a time off or a flare: the dose of a step back."""
    return step_back(plan)


def easy_week(plan: Plan) -> Plan:
    """75 % of the minutes, for a week; the caller adds the dose before as the version from the next Monday."""
    return _with_minutes(plan, doses.easy).model_copy(update={"easy": True})


def flare(plan: Plan) -> Plan:
    """Half of the minutes in short bouts, level or pool walking only: what could be done, for nothing is asked then."""
    kept = tuple(
        item.model_copy(update={"dose": _minutes(item, min(item.dose.minutes, doses.flare(item.dose.minutes)))})
        for item in plan.items
        if item.exercise in _DURING_A_FLARE
    )
    split = tuple(item.model_copy(update={"may_split": True}) for item in kept)
    return plan.model_copy(update={"prescriptions": split, "easy": False})


def waiting(plan: Plan) -> tuple[Prescription, ...]:
    """The items that come in at a later step."""
    return tuple(item for item in plan.prescriptions if item.from_step > plan.step)


def _grown(item: Prescription) -> Dose:
    """Minutes first, then sessions, neither past its ceiling."""
    dose, ceiling = item.dose, item.ceiling
    longest = ceiling.minutes if item.max_minutes is None else min(ceiling.minutes, item.max_minutes)
    if dose.minutes < longest:
        return _minutes(item, doses.next_minutes(dose.minutes, longest))
    return Dose(sessions=min(dose.sessions + 1, ceiling.sessions), minutes=dose.minutes)


def _minutes(item: Prescription, minutes: int) -> Dose:
    return Dose(sessions=item.dose.sessions, minutes=minutes)


def _with_minutes(plan: Plan, change: Callable[[int], int]) -> Plan:
    return _with_doses(plan, lambda item: _minutes(item, change(item.dose.minutes)))


def _with_doses(plan: Plan, change: Callable[[Prescription], Dose]) -> Plan:
    now = {item.exercise for item in plan.items}
    return plan.model_copy(
        update={
            "prescriptions": tuple(
                item.model_copy(update={"dose": change(item)}) if item.exercise in now else item
                for item in plan.prescriptions
            )
        }
    )
