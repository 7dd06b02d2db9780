"""Plans, their versions, and what locks one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.shapes.figures import instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coach.plan import Diagnosis, Plan, Prescription
    from coach.plan.differences import Difference
    from coach.safety.model import Lock
    from coach.shapes import types
    from coach.store.people import KeptPlan


def plan(value: Plan, version: int) -> types.Plan:
    return {
        "version": version,
        "starts_on": value.starts_on.isoformat(),
        "condition": value.condition,
        "locked": value.locked,
        "diagnosis": _diagnosis(value.diagnosis),
        "relief": value.relief,
        "flexion_tolerated": value.flexion_tolerated,
        "traits": value.traits.model_dump(mode="json"),
        "pain_limit_during": value.pain_limit_during,
        "pain_free_only": value.pain_free_only,
        "step": value.step,
        "easy": value.easy,
        "is_example": value.is_example,
        "set_by": value.set_by,
        "items": [
            {
                "activity": item.exercise,
                "role": item.role,
                "planned_sessions": item.dose.sessions,
                "planned_minutes": item.dose.minutes,
                "ceiling_sessions": item.ceiling.sessions,
                "ceiling_minutes": item.ceiling.minutes,
                "from_step": item.from_step,
                "nested_in": item.nested_in,
                "may_split": item.may_split,
                "no_substitute": item.no_substitute,
                "limit_minutes": item.limit_minutes,
                "max_distance_m": item.max_distance_m,
                "max_intensity": item.max_intensity,
                "by_effort": item.by_effort,
                "planned": slots(item),
                "rest_days": item.rest_days,
                "note": item.note,
                "source": list(item.source),
            }
            for item in value.prescriptions
        ],
        "restrictions": [
            {"code": each.code, "reason": each.reason, "strokes": list(each.strokes)} for each in value.restrictions
        ],
        "sources": dict(value.sources),
    }


def plan_in_full(kept: KeptPlan, in_force: KeptPlan | None, locked: Lock | None) -> types.PlanInFull:
    """`in_force`: the version that holds today; `locked`: by a warning sign."""
    held = None if locked is None else lock(locked)
    return {**plan(kept.plan, kept.version), "in_force": kept == in_force, "lock": held}


def _diagnosis(made: Diagnosis | None) -> types.Diagnosis | None:
    return None if made is None else {"made_by": made.made_by, "made_on": made.made_on.isoformat()}


def slots(item: Prescription) -> list[str] | None:
    return None if item.planned is None else [str(slot) for slot in item.planned]


def lock(held: Lock) -> types.Lock:
    return {"raised_at": instant(held.raised_at), "signs": list(held.signs)}


def plan_version(kept: KeptPlan, changes: Iterable[Difference]) -> types.PlanVersion:
    return {
        "version": kept.version,
        "starts_on": kept.plan.starts_on.isoformat(),
        "set_at": instant(kept.set_at),
        "set_by": kept.plan.set_by,
        "step": kept.plan.step,
        "easy": kept.plan.easy,
        "changes": [difference(each) for each in changes],
    }


def difference(found: Difference) -> types.Difference:
    return {"key": found.key, "before": found.before, "after": found.after}
