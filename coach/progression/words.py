"""A decision and an offer in the words that a person reads."""

from collections.abc import Iterator

from coach.plan.exercises import facts
from coach.progression.decision import Decision, Reason, ReasonCode
from coach.progression.offers import Change, Offer
from config.messages.catalogue import Messages


def decision(decided: Decision, words: Messages) -> str:
    return words.text(f"decision.{decided.kind or 'none'}")


def reasons(decided: Decision, words: Messages) -> Iterator[str]:
    """Each reason with what it was reckoned from."""
    for each in decided.reasons:
        yield words.text(f"decided.{each.code}", **_inputs(each, words))


def offered(offer: Offer, words: Messages) -> Iterator[str]:
    """Why it is offered."""
    for code in offer.reasons:
        yield words.text(f"offered.{code}")


def change(changed: Change, words: Messages) -> str:
    """`13 min a walk instead of 12`."""
    known, before, after = facts(changed.exercise, words), changed.before, changed.after
    kind = "new" if before is None else "minutes" if before.minutes != after.minutes else "sessions"
    return words.text(
        f"change.{kind}",
        each=known.each,
        exercises=known.many,
        minutes=after.minutes,
        sessions=after.sessions,
        before_minutes=before.minutes if before else 0,
        before_sessions=before.sessions if before else 0,
    )


def _inputs(reason: Reason, words: Messages) -> dict[str, str]:
    told = {name: _told(name, value) for name, value in reason.inputs.items()}
    if reason.code is ReasonCode.NOT_COMPLETE:
        told["status"] = words.text(f"week.{reason.inputs['status']}")
    if reason.code is ReasonCode.MAJOR:
        told["against"] = words.text(f"against.{reason.inputs['violation']}", minutes=told["minutes"])
    return told


def _told(name: str, value: float | str) -> str:
    if name == "score" and isinstance(value, float | int):
        return str(int(value))  # 79.9 is below 80, and must not read as 80
    return f"{value:g}" if isinstance(value, float) else str(value)
