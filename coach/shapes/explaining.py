"""A week and where every minute of it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coach.shapes.figures import instant, posix, rounded
from coach.shapes.weeks import week, week_item

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coach.adherence import ItemAdherence, WeekAdherence, ledger
    from coach.effort.grade import Climb
    from coach.judgement import JudgedWeek
    from coach.shapes.figures import Shape


def explanation(
    judged: JudgedWeek, accounts: Iterable[ledger.Account], grades: Mapping[tuple[int, ...], Iterable[Climb]]
) -> Shape:
    """A week and where every minute of these sessions went."""
    whole: Mapping[str, Any] = week(judged)
    return {
        **{name: whole[name] for name in ("week", "status", "plan_version", "score", "band", "excused")},
        "items": [_figures(each) for each in judged.adherence.items],
        "sessions": [_account(each, judged.adherence, grades.get(each.session.activity_ids, ())) for each in accounts],
    }


def _figures(item: ItemAdherence) -> Shape:
    whole: Mapping[str, Any] = week_item(item)
    return {name: each for name, each in whole.items() if name != "sessions"} | {"weight": rounded(item.weight)}


def _account(account: ledger.Account, judged: WeekAdherence, climbs: Iterable[Climb]) -> Shape:
    session = account.session
    found = (each for each in judged.violations if each.activity_id == session.activity_ids[0])
    return {
        "activity_ids": list(session.activity_ids),
        "activity": session.exercise,
        "day": session.day.isoformat(),
        "started_at": instant(session.started_at),
        "ended_at": instant(session.ended_at),
        "self_reported": session.self_reported,
        "verdict": session.verdict and {"colour": session.verdict.colour, "reasons": list(session.verdict.reasons)},
        "entries": [_entry(each) for each in account.own],
        "inside": [_entry(each) for each in account.inside],
        "uphill": [
            {"from": posix(each.span.start_s), "to": posix(each.span.end_s), "grade_pct": rounded(each.grade_pct, 1)}
            for each in climbs
        ],
        "violations": [
            {
                "code": each.code,
                "severity": each.severity,
                "minutes": rounded(each.minutes),
                "activity": each.exercise,
                "because": [
                    {"rule": one.rule, "found": rounded(one.found), "limit": rounded(one.limit)} for one in each.because
                ],
            }
            for each in found
        ],
        "notes": list(session.notes),
    }


def _entry(entry: ledger.Entry) -> Shape:
    return {
        "from": posix(entry.span.start_s),
        "to": posix(entry.span.end_s),
        "minutes": rounded(entry.minutes),
        "activity": entry.exercise,
        "reason": entry.reason,
        "factor": entry.factor,
    }
