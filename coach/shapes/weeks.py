"""Judged weeks, and the step that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.shapes.figures import posix, rounded
from coach.shapes.plans import slots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coach.adherence import Credit, ItemAdherence
    from coach.judgement import JudgedWeek, Standing
    from coach.progression import Decision, Offer
    from coach.replay import Replayed
    from coach.shapes import types
    from coach.shapes.figures import Shape


def week(judged: JudgedWeek) -> types.JudgedWeek:
    result = judged.adherence
    return {
        "week": str(result.week),
        "status": result.status,
        "plan_version": judged.version,
        "score": rounded(result.score),
        "score_low": rounded(result.score_low),
        "score_high": rounded(result.score_high),
        "band": result.band,
        "items": [week_item(each) for each in result.items],
        "violations": [
            {
                "code": each.code,
                "severity": each.severity,
                "minutes": rounded(each.minutes),
                "activity_id": each.activity_id,
                "activity": each.exercise,
            }
            for each in result.violations
        ],
        "unplanned": [
            {"activity_ids": list(each.activity_ids), "activity": each.exercise} for each in result.unplanned
        ],
        "excused": {day.isoformat(): reason for day, reason in result.excused.items()},
        "decision": decision(judged.decision),
    }


def replayed(found: Iterable[Replayed], algorithm: int) -> Shape:
    return {
        "algorithm": algorithm,
        "weeks": [
            {
                "week": str(each.week),
                "before": _stood(each.before),
                "after": _stood(each.after),
                "changes": list(each.changes),
            }
            for each in found
        ],
    }


def decision(decided: Decision) -> types.Decision:
    return {
        "kind": decided.kind,
        "reasons": [
            {
                "code": each.code,
                "inputs": {
                    name: rounded(value) if isinstance(value, float) else value for name, value in each.inputs.items()
                },
            }
            for each in decided.reasons
        ],
    }


def step(standing: Standing, offer: Offer | None) -> Shape:
    """The last closed week's decision, and what could come next."""
    return {
        "week": str(standing.week.adherence.week),
        "decision": decision(standing.week.decision),
        "locked": standing.locked,
        "sore": list(standing.sore),
        "excused": standing.excused,
        "offer": None
        if offer is None
        else {
            "kind": offer.kind,
            "reasons": list(offer.reasons),
            "step": offer.plan.step,
            "changes": [
                {
                    "activity": each.exercise,
                    "before": None if each.before is None else each.before.model_dump(),
                    "after": each.after.model_dump(),
                }
                for each in offer.changes
            ],
        },
    }


def _stood(judged: JudgedWeek) -> Shape:
    result = judged.adherence
    return {
        "status": result.status,
        "score": rounded(result.score),
        "band": result.band,
        "decision": judged.decision.kind,
        "violations": [{"code": each.code, "severity": each.severity} for each in result.violations],
    }


def week_item(item: ItemAdherence) -> types.WeekItem:
    return {
        "activity": item.prescription.exercise,
        "role": item.prescription.role,
        "planned_sessions": item.asked,
        "planned_minutes": item.prescription.dose.minutes,
        "planned": slots(item.prescription),
        "frequency": rounded(item.frequency),
        "dose": rounded(item.dose),
        "score": rounded(item.score),
        "over_dose": rounded(item.over_dose),
        "sessions": [_credit(each) for each in item.credits],
    }


def _credit(credit: Credit) -> types.Credit:
    return {
        "activity_id": credit.session.activity_ids[0],
        "activity_ids": list(credit.session.activity_ids),
        "activity": credit.session.exercise,
        "eligible_minutes": rounded(credit.eligible_minutes),
        "credited_minutes": rounded(credit.credited_minutes),
        "factor": credit.factor,
        "excluded": [
            {
                "minutes": rounded(each.span.duration_s / 60),
                "from": posix(each.span.start_s),
                "to": posix(each.span.end_s),
                "reason": each.reason,
            }
            for each in credit.excluded
        ],
        "notes": list(credit.session.notes),
    }
