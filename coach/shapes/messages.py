"""What is said, where to, and what is held back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from coach.shapes.figures import instant

if TYPE_CHECKING:
    from coach.nudges import Rule
    from coach.nudges.wishes import Wishes
    from coach.preview import Held, Said
    from coach.reaching import Way
    from coach.shapes import types
    from coach.shapes.figures import Shape
    from scheduler.channels.base import Outcome
    from scheduler.counters import Counters
    from scheduler.outbox import Entry


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
