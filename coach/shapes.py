"""The shapes that scripts rely on: one function a thing, its keys an interface. Instants are ISO 8601, UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from coach.plan.model import Exercise
from coach.plan.thresholds import thresholds

if TYPE_CHECKING:  # a command loads what it shows, not what the others do
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from coach import shape_types as types
    from coach.adherence import Credit, ItemAdherence, WeekAdherence, ledger
    from coach.adherence.model import Session as Bout
    from coach.checking_in import Noted
    from coach.checkup import Finding
    from coach.effort.grade import Climb
    from coach.effort.model import Predicate
    from coach.ingest import Ingested
    from coach.judgement import JudgedWeek, Standing
    from coach.nudges import Rule
    from coach.nudges.wishes import Wishes
    from coach.plan import Diagnosis, Plan, Prescription
    from coach.plan.differences import Difference
    from coach.preview import Held, Said
    from coach.progression import Decision, Offer
    from coach.reaching import Way
    from coach.replay import Replayed
    from coach.retention import Kept
    from coach.safety.flares import Episode
    from coach.safety.model import CheckIn, Lock, SignLevel, Verdict
    from coach.store.access import AccessLog
    from coach.store.accounts import Account
    from coach.store.activities import Measured
    from coach.store.people import KeptPlan
    from coach.store.safety import KeptExcusal
    from coach.store.tables import Person
    from coach.store.tokens import AccessToken
    from devices.ble.identity import Identity
    from devices.ble.journals import Log
    from devices.ble.recorder import Annotations
    from scheduler.channels.base import Outcome
    from scheduler.counters import Counters
    from scheduler.outbox import Entry

Shape = dict[str, Any]


def instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def activity(measured: Measured) -> types.Activity:
    """Figures are the device's, ours where it gave none. Cadence is steps of both legs for a walk."""
    row = measured.activity
    on_foot = row.exercise == Exercise.LEVEL_WALK or row.sport == "running"
    cadence = measured.best("avg_cadence_rpm")
    return {
        "id": row.id,
        "sport": row.sport,
        "sub_sport": row.sub_sport,
        "exercise": row.exercise,
        "started_at": instant(row.started_at),
        "timezone": row.timezone,
        "duration_s": _rounded(measured.best("elapsed_s"), 3),
        "timer_s": _rounded(measured.best("timer_s"), 3),
        "moving_s": _rounded(measured.best("moving_s"), 3),
        "distance_m": _rounded(measured.best("distance_m"), 2),
        "ascent_m": _rounded(measured.best("ascent_m"), 1),
        "records": row.records,
        "lengths": row.lengths,
        "active_lengths": row.active_lengths,
        "pool_length_m": row.pool_length_m,
        "avg_heart_rate": _rounded(measured.best("avg_heart_rate_bpm"), 1),
        "max_heart_rate": _rounded(measured.best("max_heart_rate_bpm"), 1),
        "avg_cadence_spm": _rounded(_steps(cadence), 1) if on_foot else None,
        "avg_cadence_rpm": None if on_foot else _rounded(cadence, 1),
        "avg_power_w": _rounded(measured.best("avg_power_w"), 1),
        "device": " ".join(filter(None, (row.manufacturer, row.product))) or None,
        "exertion": row.exertion,
        "feeling": row.feeling,
        "exercise_reason": row.exercise_reason,
        "self_reported": row.original_id is None,
        "label": _label(measured),
        "notes": row.notes,
    }


def _label(measured: Measured) -> types.Label | None:
    label = measured.label
    return None if label is None else {"exercise": label.exercise, "borg": label.borg, "water_c": label.water_c}


def activity_in_full(
    measured: Measured, overlaps: Iterable[int], efforts: Mapping[Predicate, Any]
) -> types.ActivityInFull:
    """`overlaps`: others of the same time, by number."""
    return {**activity(measured), "overlaps": list(overlaps), "minutes": effort_minutes(efforts)}


def ingested(result: Ingested) -> types.Ingested:
    return {
        "path": result.path,
        "sha256": result.sha256,
        "outcome": result.outcome,
        "reason": result.reason,
        "activities": [activity(each) for each in result.activities],
    }


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
                "planned": _slots(item),
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


def _slots(item: Prescription) -> list[str] | None:
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


def week(judged: JudgedWeek) -> types.JudgedWeek:
    result = judged.adherence
    return {
        "week": str(result.week),
        "status": result.status,
        "plan_version": judged.version,
        "score": _rounded(result.score),
        "score_low": _rounded(result.score_low),
        "score_high": _rounded(result.score_high),
        "band": result.band,
        "items": [_item(each) for each in result.items],
        "violations": [
            {
                "code": each.code,
                "severity": each.severity,
                "minutes": _rounded(each.minutes),
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
                    name: _rounded(value) if isinstance(value, float) else value for name, value in each.inputs.items()
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
        "score": _rounded(result.score),
        "band": result.band,
        "decision": judged.decision.kind,
        "violations": [{"code": each.code, "severity": each.severity} for each in result.violations],
    }


def _item(item: ItemAdherence) -> types.WeekItem:
    return {
        "activity": item.prescription.exercise,
        "role": item.prescription.role,
        "planned_sessions": item.asked,
        "planned_minutes": item.prescription.dose.minutes,
        "planned": _slots(item.prescription),
        "frequency": _rounded(item.frequency),
        "dose": _rounded(item.dose),
        "score": _rounded(item.score),
        "over_dose": _rounded(item.over_dose),
        "sessions": [_credit(each) for each in item.credits],
    }


def _credit(credit: Credit) -> types.Credit:
    return {
        "activity_id": credit.session.activity_ids[0],
        "activity_ids": list(credit.session.activity_ids),
        "activity": credit.session.exercise,
        "eligible_minutes": _rounded(credit.eligible_minutes),
        "credited_minutes": _rounded(credit.credited_minutes),
        "factor": credit.factor,
        "excluded": [
            {
                "minutes": _rounded(each.span.duration_s / 60),
                "from": _posix(each.span.start_s),
                "to": _posix(each.span.end_s),
                "reason": each.reason,
            }
            for each in credit.excluded
        ],
        "notes": list(credit.session.notes),
    }


def nudge(entry: Entry) -> types.Nudge:
    return {
        "rule": entry.rule,
        "period": entry.period,
        "state": entry.state,
        "reason": entry.detail or entry.reason,
        "due_at": instant(entry.due_at),
        "expires_at": instant(entry.expires_at),
        "channel": entry.channel,
        "sent_at": instant(entry.sent_at),
        "message_id": entry.message_id,
        "title": entry.title,
        "text": entry.text,
    }


def rule(rule: Rule, wishes: Wishes, now: datetime) -> Shape:
    """`heard`: whether the person hears of it now."""
    wish = wishes.by_rule.get(rule.id)
    at = None if wish is None or wish.at is None else f"{wish.at:%H:%M}"
    return {
        "rule": rule.id,
        "name": rule.name,
        "kind": str(rule.kind),
        "heard": rule.urgent or wishes.against(rule.id, now, opt_in=rule.opt_in) is None,
        "snoozed_until": instant(None if wish is None else wish.snoozed_until),
        "at": at,
    }


def counters(found: Counters, since: datetime) -> Shape:
    return {
        "since": instant(since),
        "sent": found.sent,
        "median_lateness_s": round(found.median_lateness.total_seconds()),
        "worst_lateness_s": round(found.worst_lateness.total_seconds()),
        "missed": found.missed,
        "failed": found.failed,
        "unknown": found.unknown,
        "suppressed": dict(found.suppressed),
        "cancelled": found.cancelled,
        "open": found.open,
        "resent": found.resent,
        "not_repeated": found.not_repeated,
    }


def said(each: Said) -> Shape:
    return {"at": instant(each.at), "rules": dict(each.because), "title": each.title, "text": each.text}


def held(each: Held) -> Shape:
    return {"at": instant(each.at), "rule": each.rule, "state": str(each.state), "reason": each.why}


def finding(each: Finding) -> Shape:
    return {"about": each.about, "ok": each.ok, "needed": each.needed, "told": each.told}


def way(each: Way) -> Shape:
    return {
        "number": each.number,
        "channel": each.address.channel,
        "label": each.label,
        "added_at": instant(each.added_at),
        "suspended": each.suspended,
    }


def trial(each: Way, outcome: Outcome) -> Shape:
    """`outcome`: delivered, transient, permanent or unknown."""
    reason = getattr(outcome, "reason", None)
    return {**way(each), "outcome": type(outcome).__name__.lower(), "reason": reason}


def effort_minutes(efforts: Mapping[Predicate, Any]) -> dict[Predicate, float | None]:
    return {predicate: _rounded(effort.minutes) for predicate, effort in efforts.items()}


def _steps(strides_per_minute: float | None) -> float | None:
    if strides_per_minute is None or strides_per_minute > thresholds().walking.already_doubled_above_rpm:
        return strides_per_minute
    return strides_per_minute * 2


def _posix(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)


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
    whole: Mapping[str, Any] = _item(item)
    return {name: each for name, each in whole.items() if name != "sessions"} | {"weight": _rounded(item.weight)}


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
            {"from": _posix(each.span.start_s), "to": _posix(each.span.end_s), "grade_pct": _rounded(each.grade_pct, 1)}
            for each in climbs
        ],
        "violations": [
            {
                "code": each.code,
                "severity": each.severity,
                "minutes": _rounded(each.minutes),
                "activity": each.exercise,
                "because": [
                    {"rule": one.rule, "found": _rounded(one.found), "limit": _rounded(one.limit)}
                    for one in each.because
                ],
            }
            for each in found
        ],
        "notes": list(session.notes),
    }


def _entry(entry: ledger.Entry) -> Shape:
    return {
        "from": _posix(entry.span.start_s),
        "to": _posix(entry.span.end_s),
        "minutes": _rounded(entry.minutes),
        "activity": entry.exercise,
        "reason": entry.reason,
        "factor": entry.factor,
    }


def check_in(number: int, told: CheckIn) -> types.CheckIn:
    return {
        "id": number,
        "at": instant(told.at),
        "phase": told.phase,
        "pain": told.pain,
        "extent": None if told.extent is None else told.extent.name.lower().replace("_", "-"),
        "numbness": told.numbness,
        "weakness": told.weakness,
        "shoulder": told.shoulder,
        "activity_id": told.activity_id,
    }


def noted(
    told: Noted,
    words: Iterable[str],
    questions: Iterable[tuple[str, SignLevel, str]],
    bouts: Sequence[Bout],
    *,
    phase_said: bool,
) -> types.Noted:
    """A check-in that was just kept.

    Args:
        told: what was kept, and what follows from it.
        words: what the person is told at once.
        questions: the warning-sign questions, where they are to be asked at once.
        bouts: the sessions that it tells of.
        phase_said: whether the person said when it was.
    """
    return {
        **check_in(told.id, told.check_in),
        "phase_said": phase_said,
        "told": list(words),
        "locked": told.lock is not None,
        "questions": [sign(each) for each in questions],
        "questions_offered": told.offers_questions(bouts),
        "flare_offered": told.offers_flare,
        "sessions": [{"activity_ids": list(each.activity_ids), "verdict": verdict(each.verdict)} for each in bouts],
    }


def sign(asked: tuple[str, SignLevel, str]) -> types.Sign:
    code, level, question = asked
    return {"code": code, "level": level, "question": question}


def excusal(kept: KeptExcusal) -> Shape:
    return {
        "id": kept.id,
        "kind": kept.excusal.kind,
        "first_day": kept.excusal.first_day.isoformat(),
        "last_day": None if kept.excusal.last_day is None else kept.excusal.last_day.isoformat(),
        "said_by": kept.said_by,
    }


def flare(episode: Episode, today: date) -> Shape:
    return {
        "began_at": instant(episode.flare.began_at),
        "ended_at": instant(episode.ended_at),
        "ended_by": episode.ended_by,
        "day": episode.day_number(episode.ended_on or today),
        "baseline": episode.baseline,
    }


def verdict(settled: Verdict | None) -> types.Verdict | None:
    return None if settled is None else {"colour": settled.colour, "reasons": list(settled.reasons)}


def machine(known: Identity, *, rssi: int | None = None, remembered: bool | None = None) -> Shape:
    """A trainer, a sensor or a strap; `rssi` and `remembered` where they are known."""
    shape: Shape = {
        "name": known.name,
        "address": known.address,
        "manufacturer": known.manufacturer,
        "model": known.model,
        "serial": known.serial,
        "services": list(known.services),
    }
    if rssi is not None:
        shape["rssi"] = rssi
    return shape if remembered is None else shape | {"remembered": remembered}


def journal(number: int, path: Path, log: Log) -> Shape:
    """What of a live session stands in its journal."""
    return {
        "number": number,
        "path": str(path),
        "state": path.suffix.lstrip("."),
        "start": instant(log.start),
        "sport": log.sport,
        "duration_s": _rounded(log.duration_s),
        "frames": log.frames,
        "devices": [said["name"] for said in log.devices.values()],
        "damage": None if log.torn is None else str(log.torn),
    }


def live(kept: Ingested | None, said: Annotations) -> Shape:
    """A live session as it was kept, and what was said while it lasted."""
    return {
        "kept": None if kept is None else ingested(kept),
        "pains": [{"at": instant(tap.at), "pain": tap.score} for tap in said.pains],
        "notes": [{"at": instant(at), "sentence": sentence} for at, sentence in said.notes],
        "gaps": [[_rounded(gap.start_s), _rounded(gap.end_s)] for gap in said.gaps],
    }


def kept(each: Kept) -> Shape:
    return {
        "what": each.what,
        "setting": each.setting,
        "amount": each.amount,
        "unit": each.unit,
        "before": instant(each.before),
        "rows": each.rows,
    }


def access(row: AccessLog) -> Shape:
    return {
        "at": instant(row.at),
        "by": row.by,
        "who": row.who or None,
        "account": row.account_id,
        "what": row.what,
        "person": row.person_id,
        "of_account": row.of_account_id,
    }


def account(row: Account, person: Person | None) -> Shape:
    return {
        "email": row.email,
        "person": None if person is None else person.name,
        "role": row.role,
        "second_step": row.sealed_factor is not None,
        "created_at": instant(row.created_at),
    }


def token(row: AccessToken) -> Shape:
    """Without what it is: only its hash is kept."""
    return {
        "id": row.id,
        "name": row.name,
        "scopes": list(row.scopes),
        "created_at": instant(row.created_at),
        "expires_at": instant(row.expires_at),
        "used_at": instant(row.used_at),
    }
