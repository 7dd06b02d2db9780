"""What a closed week says of the next: a pure function, its reasons part of the result (clinical rules, section 6)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from coach.adherence.model import Status, WeekAdherence
from coach.plan.thresholds import thresholds
from coach.plan.violations import Severity
from coach.safety.model import Colour, Verdict
from coach.safety.verdicts import Reason as Told

_NERVE = frozenset({Told.WEAKNESS, Told.NUMBNESS})
"""What a step back is no answer to."""


class DecisionKind(StrEnum):
    ESCALATE = "escalate"  # talk to the clinician
    STEP_BACK = "step_back"
    HOLD = "hold"  # stay with the dose
    PROGRESS = "progress"


class ReasonCode(StrEnum):
    """What decided; the texts are `text.decided` in the message catalogue."""

    # Why there is no decision.
    NOT_COMPLETE = "not_complete"  # inputs: status
    PENDING = "pending"  # count
    NO_SCORE = "no_score"

    RED_FLAG = "red_flag"
    NERVE = "nerve"  # count of sessions with new weakness or numbness
    RED = "red"  # count, limit
    MORNINGS_UP = "mornings_up"  # mean, before, limit
    AMBER = "amber"  # count, limit
    SCORE = "score"  # score, limit
    UNKNOWN = "unknown"  # count, sessions, limit: one in so many
    MAJOR = "major"  # violation, its code; minutes
    ALL_WELL = "all_well"  # score, limit


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and what it was reckoned from, by name."""

    code: ReasonCode
    inputs: Mapping[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """`kind` None: nothing is decided of this week (yet), and `reasons` say why. They are never empty."""

    kind: DecisionKind | None
    reasons: tuple[Reason, ...]


def decide(
    week: WeekAdherence, mornings: Sequence[int], mornings_before: Sequence[int], *, flagged: bool = False
) -> Decision:
    """The decision of a week; the first kind that has a reason, with all its reasons.

    Args:
        week: with the verdict of each session.
        mornings: its morning pain scores, 0-10.
        mornings_before: those of the week before.
        flagged: a warning sign that locks was answered yes in the week.
    """
    verdicts = [session.verdict for session in week.sessions if session.verdict is not None]
    escalating = tuple(_escalating(verdicts, flagged=flagged))
    # A week whose red flag still locks the plan has no score, and needs none to say this.
    if undecided := () if escalating and week.status is Status.LOCKED else tuple(_undecided(week)):
        return Decision(None, undecided)
    backward = tuple(_backward(verdicts, mornings, mornings_before))
    holding = tuple(_holding(week, verdicts))
    for kind, reasons in (
        (DecisionKind.ESCALATE, escalating),
        (DecisionKind.STEP_BACK, backward),
        (DecisionKind.HOLD, holding),
    ):
        if reasons:
            return Decision(kind, reasons)
    return Decision(DecisionKind.PROGRESS, (_score(week, ReasonCode.ALL_WELL),))


def _undecided(week: WeekAdherence) -> Iterator[Reason]:
    if week.status is not Status.COMPLETE:
        yield Reason(ReasonCode.NOT_COMPLETE, {"status": str(week.status)})
    elif pending := sum(each.verdict is not None and _is_open(each.verdict) for each in week.sessions):
        yield Reason(ReasonCode.PENDING, {"count": pending})
    elif week.score is None:
        yield Reason(ReasonCode.NO_SCORE)


def _is_open(verdict: Verdict) -> bool:
    """Whether the morning after can still change it: one that is AMBER already may turn RED."""
    return verdict.colour is Colour.PENDING or (verdict.colour is Colour.AMBER and Told.MORNING_OPEN in verdict.reasons)


def _escalating(verdicts: Sequence[Verdict], *, flagged: bool) -> Iterator[Reason]:
    if flagged or any(each.colour is Colour.ESCALATE for each in verdicts):
        yield Reason(ReasonCode.RED_FLAG)
    if nerve := sum(not _NERVE.isdisjoint(each.reasons) for each in verdicts):
        yield Reason(ReasonCode.NERVE, {"count": nerve})


def _backward(verdicts: Sequence[Verdict], mornings: Sequence[int], before: Sequence[int]) -> Iterator[Reason]:
    rules = thresholds().decision
    if (red := _count(verdicts, Colour.RED)) >= rules.step_back_from_red:
        yield Reason(ReasonCode.RED, {"count": red, "limit": rules.step_back_from_red})
    enough = min(len(mornings), len(before)) >= rules.mornings_needed
    # Means compared without a division: exact.
    if enough and sum(mornings) * len(before) >= len(mornings) * (
        sum(before) + rules.step_back_from_morning_rise * len(before)
    ):
        yield Reason(
            ReasonCode.MORNINGS_UP,
            {
                "mean": round(sum(mornings) / len(mornings), 1),
                "before": round(sum(before) / len(before), 1),
                "limit": rules.step_back_from_morning_rise,
            },
        )


def _holding(week: WeekAdherence, verdicts: Sequence[Verdict]) -> Iterator[Reason]:
    rules = thresholds().decision
    if (red := _count(verdicts, Colour.RED)) >= rules.hold_from_red:
        yield Reason(ReasonCode.RED, {"count": red, "limit": rules.hold_from_red})
    if (amber := _count(verdicts, Colour.AMBER)) >= rules.hold_from_amber:
        yield Reason(ReasonCode.AMBER, {"count": amber, "limit": rules.hold_from_amber})
    if week.score is not None and week.score < rules.hold_below_score:
        yield _score(week, ReasonCode.SCORE)
    unknown = _count(verdicts, Colour.UNKNOWN)
    if unknown * rules.hold_over_unknown_one_in > len(verdicts):
        yield Reason(
            ReasonCode.UNKNOWN,
            {"count": unknown, "sessions": len(verdicts), "limit": rules.hold_over_unknown_one_in},
        )
    for violation in week.violations:
        if violation.severity is Severity.MAJOR:
            yield Reason(ReasonCode.MAJOR, {"violation": violation.code, "minutes": round(violation.minutes, 1)})


def _score(week: WeekAdherence, code: ReasonCode) -> Reason:
    return Reason(code, {"score": week.score or 0.0, "limit": thresholds().decision.hold_below_score})


def _count(verdicts: Sequence[Verdict], colour: Colour) -> int:
    return sum(each.colour is colour for each in verdicts)
