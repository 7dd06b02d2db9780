"""A dossier as one JSON document, to take along: everything that was planned, done, told, judged and said."""

from collections.abc import Iterable
from datetime import date, datetime
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from coach import shapes
from coach.adherence import Session, Status
from coach.effort.model import Effort
from coach.exchange.dossier import Activity, Dossier, Label, Pause, PlanVersion, Told
from coach.exchange.tidy import tidy
from coach.shapes import Shape, instant
from devices.recording import Totals

if TYPE_CHECKING:
    from coach.judgement import JudgedWeek

FORMAT: Final = 1
"""Goes up when a key changes its meaning or goes away; new keys may come at any time."""


def archive(dossier: Dossier) -> Shape:
    """Plain JSON. It bears no date of its own: the same record gives the same bytes."""
    document: Shape = tidy(
        {
            "format": FORMAT,
            "written_by": _fields(dossier.writer),
            "first_day": dossier.first_day.isoformat(),
            "last_day": dossier.last_day.isoformat(),
            "person": _person(dossier),
            "plans": [_plan(each) for each in dossier.versions],
            "activities": [_activity(dossier, each) for each in dossier.activities],
            "check_ins": [_check_in(each) for each in dossier.check_ins],
            "sign_answers": _each(dossier.answers),
            "locks": _each(dossier.locks),
            "flares": _each(dossier.flares),
            "excusals": [_pause(each) for each in dossier.pauses],
            "choices": _each(dossier.choices),
            "weeks": [_week(each) for each in dossier.weeks if each.adherence.status is not Status.NO_PLAN],
            "nudges": _each(dossier.nudges),
        }
    )
    return document


def _person(dossier: Dossier) -> Shape:
    whom = dossier.whom
    return {
        "id": str(whom.pseudonym),
        "name": whom.name,
        "timezone": whom.zone.key,
        "known_since": instant(whom.known_since),
        "birth_year": whom.birth_year,
        "resting_heart_rate_bpm": whom.resting_heart_rate_bpm,
        "max_heart_rate_bpm": whom.max_heart_rate_bpm,
        "emergency_number": whom.emergency_number,
    }


def _plan(version: PlanVersion) -> Shape:
    return {
        "version": version.number,
        "created_at": instant(version.created_at),
        "until": _plain(version.until),
        "plan": version.plan.model_dump(mode="json"),
    }


_STORED: Final = (
    *("sport", "sub_sport", "exercise", "exercise_reason", "timezone", "sha256", "damage", "part", "device"),
    *("self_reported", "records", "lengths", "active_lengths", "pool_length_m", "exertion", "feeling", "algorithm"),
)


def _activity(dossier: Dossier, activity: Activity) -> Shape:
    return {
        "id": activity.number,
        "local_day": activity.day(dossier.whom.zone).isoformat(),
        "started_at": instant(activity.started_at),
        "ended_at": instant(activity.ended_at),
        "received_at": instant(activity.received_at),
        **{name: _plain(getattr(activity, name)) for name in _STORED},
        "label": _label(activity.label),
        "totals": {source: _totals(line) for source, line in sorted(activity.totals.items())},
        "efforts": [_effort(effort) for _, effort in sorted(activity.efforts.items())],
        "notes": list(activity.notes),
    }


def _label(label: Label | None) -> Shape | None:
    return None if label is None else _fields(label)


def _totals(line: Totals) -> Shape:
    return {name: _plain(getattr(line, name)) for name in Totals.__dataclass_fields__}


def _effort(effort: Effort) -> Shape:
    """Spans are seconds from the activity's start."""
    return {
        "predicate": effort.predicate,
        "spans": [[_plain(span.start_s), _plain(span.end_s)] for span in effort.spans],
        "excluded": [
            {"from_s": _plain(each.span.start_s), "to_s": _plain(each.span.end_s), "reason": each.reason}
            for each in effort.excluded
        ],
        "note": effort.note,
    }


def _check_in(told: Told) -> Shape:
    return {"id": told.number, **_fields(told.check_in)}


def _pause(pause: Pause) -> Shape:
    return {**_fields(pause.excusal), "said_by": pause.said_by, "created_at": instant(pause.created_at)}


def _week(judged: "JudgedWeek") -> Shape:
    """As `coach week --json`, with what came of each session."""
    return {
        "verdicts": [_verdict(session) for session in judged.adherence.sessions],
        "mornings": {day.isoformat(): pain for day, pain in sorted(judged.mornings.items())},
        **shapes.week(judged),
    }


def _verdict(session: Session) -> Shape:
    verdict = session.verdict
    return {
        "activity_ids": list(session.activity_ids),
        "colour": verdict and verdict.colour,
        "reasons": list(verdict.reasons) if verdict else [],
        "settled_at": instant(verdict.at) if verdict else None,
    }


def _each(values: Iterable[Any]) -> list[Shape]:
    return [_fields(each) for each in values]


def _fields(value: Any) -> Shape:
    """A value under the names of its fields: these are keys that are documented."""
    return {name: _plain(getattr(value, name)) for name in type(value).__match_args__}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return round(value, 4) if isfinite(value) else None
    return list(value) if isinstance(value, tuple | list) else value
