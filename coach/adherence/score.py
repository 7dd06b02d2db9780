"""F, D, S, R and W: the formulas of the clinical rules, section 8, on plain numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from coach.adherence.model import Band
from coach.plan.thresholds import thresholds

# What floats lose on the way is a millionth of this: 80 less 1e-14 is 80, to every rule that asks.
_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Score:
    """frequency F and dose D are 0-1, score S is 0-100."""

    frequency: float
    dose: float
    score: float


def item_score(asked: int, minutes: int, credited: Sequence[float]) -> Score:
    """F, D and S of an item that asks `asked` sessions of `minutes`, for its sessions' credited minutes.

    F = min(#{s >= 0.5 m}, n) / n    D = min(1, sum min(s, 1.2 m) / (n m))    S = 100 (0.5 F + 0.5 D)
    """
    rules = thresholds().adherence
    done = sum(each >= rules.session_counts_from * minutes for each in credited)
    frequency = min(done, asked) / asked
    dose = min(1.0, sum(capped(each, minutes) for each in credited) / (asked * minutes))
    return Score(frequency, dose, 100 * (rules.frequency_weight * frequency + rules.dose_weight * dose))


def capped(credited_minutes: float, minutes: int) -> float:
    """The most that one session can bring to the dose: 1.2 m, so that one long day does not make a week."""
    return min(credited_minutes, thresholds().adherence.session_cap * minutes)


def over_dose(asked: int, minutes: int, eligible: Iterable[float]) -> float:
    """R: everything done in the item's own sessions, uncapped, over what was asked."""
    return round(sum(eligible) / (asked * minutes), _DIGITS)


def week_score(weighed: Iterable[tuple[float, float]]) -> float | None:
    """W = sum w S / sum w over (weight, score); None where nothing weighs."""
    pairs = [(weight, score) for weight, score in weighed if weight]
    total = sum(weight for weight, _ in pairs)
    return round(sum(weight * score for weight, score in pairs) / total, _DIGITS) if total else None


def band(score: float) -> Band:
    """On the unrounded value: 79.99 is not on plan; 80 less what floats lose on the way to it is."""
    rules = thresholds().adherence
    score = round(score, _DIGITS)
    if score >= rules.on_plan_from:
        return Band.ON_PLAN
    return Band.PARTLY if score >= rules.partly_from else Band.OFF_PLAN


def asked_after(sessions: int, excused_days: int) -> int:
    """What is left of n sessions: n - floor(n x excused days / 7 + 1/2), in integers."""
    return sessions - (2 * sessions * excused_days + 7) // 14
