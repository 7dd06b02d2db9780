"""Reasons in plain words: the judgement's codes and figures, as a person reads them."""

from typing import Final

from coach.adherence.ledger import Entry, Went
from coach.adherence.model import Because, Session, Violation
from coach.adherence.share import Beyond
from coach.plan import facts
from coach.summary import lines
from config.messages import Messages

_VERDICT: Final = "verdict_"
_NAMED: Final = frozenset({*Went, *Beyond})


def of_entry(entry: Entry, words: Messages) -> str:
    """Where a stretch went, and why."""
    if entry.reason not in _NAMED:
        return lines.reason(entry.reason, words)
    exercise = facts(entry.item or entry.session.exercise, words).one
    return words.text(f"entry.{entry.reason}", exercise=exercise, factor=number(entry.factor, words))


def of_violation(violation: Violation, words: Messages) -> str:
    """The rules that fired and their inputs: `12 min uphill: more than 5 min, so major`."""
    why = "; ".join(of_rule(each, words) for each in violation.because)
    return words.text(f"reason.{violation.severity}", why=why)


def of_rule(because: Because, words: Messages) -> str:
    if because.rule.startswith(_VERDICT):
        return words.text(f"verdict.{because.rule.removeprefix(_VERDICT)}")
    found, limit = number(because.found, words), number(because.limit, words)
    if found == limit and because.found != because.limit:
        found = number(because.found, words, 2)  # a little past a limit is not at it
    return words.text(f"rule.{because.rule}", found=found, limit=limit)


def of_verdict(session: Session, words: Messages) -> str | None:
    """`amber: pain was up after the session`; None where nothing was asked of the judgement."""
    if session.verdict is None:
        return None
    told = "; ".join(words.text(f"verdict.{reason}") for reason in session.verdict.reasons)
    return words.text(f"reason.{session.verdict.colour}", why=told)


def number(value: float, words: Messages, digits: int = 1) -> str:
    """With decimals where they say something: `12`, `5.1`."""
    return f"{value:.{digits}f}".removesuffix(".0").replace(".", words.text("number.point"))
