"""What came of a session, by what the person told: first match wins (clinical rules, section 6)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from coach.plan.thresholds import thresholds
from coach.safety.model import CheckIn, Colour, Extent, Lock, Phase, Verdict
from coach.safety.mornings import morning_of
from coach.safety.told import Bout, Told, told_of

__all__ = ["Bout", "Reason", "Told", "told_of", "verdict"]


class Reason(StrEnum):
    """What decided a verdict; the texts are `text.verdict` in the message catalogue."""

    WARNING_SIGN = "warning_sign"
    WEAKNESS = "weakness"
    NUMBNESS = "numbness"
    PEAK_HIGH = "peak_high"
    MORNING_UP = "morning_up"
    EXTENT_STAYS = "extent_stays"
    PEAK_OVER_LIMIT = "peak_over_limit"
    POST_UP = "post_up"
    EXTENT_BACK = "extent_back"
    EXTENT_ROSE = "extent_rose"  # and whether it is back was not told
    MORNING_OPEN = "morning_open"
    NO_MORNING = "no_morning"
    NO_PRE = "no_pre"
    EXTENT_UNKNOWN = "extent_unknown"  # told afterwards, and not before
    SETTLED = "settled"


Found = tuple[Reason, datetime]
"""A reason, and since when it holds."""

_NOT_SAID: Final = -1
"""Below every extent and every score."""


class _Case(NamedTuple):
    """A session and what bears on it. `noon` ends the morning after; `flagged_at`: when warning signs were told."""

    told: Told
    limit: int
    noon: datetime
    now: datetime
    flagged_at: tuple[datetime, ...]
    pre: int | None
    peak: CheckIn | None
    morning_score: CheckIn | None

    @property
    def extent_before(self) -> Extent | None:
        return next((each.extent for each in reversed(self.told.of(Phase.PRE)) if each.extent is not None), None)

    @property
    def extent_next_morning(self) -> CheckIn | None:
        if self.told.morning is None:
            return None
        return next((each for each in self.told.of(Phase.MORNING) if each.extent is not None), None)

    def has_spread(self, check_in: CheckIn | None) -> bool:
        """Whether symptoms reached further down then than before the session."""
        if check_in is None or check_in.extent is None or self.extent_before is None:
            return False
        return check_in.extent >= self.extent_before + thresholds().pain.extent_rise


def verdict(
    bout: Bout,
    bouts: Iterable[Bout],
    check_ins: Iterable[CheckIn],
    *,
    limit: int,
    pain_free_only: bool,
    now: datetime,
    zone: ZoneInfo,
    locks: Iterable[Lock] = (),
) -> Verdict:
    """The verdict of a session as it stands now.

    Args:
        bout: the session.
        bouts: all sessions around it.
        check_ins: the person's, in any order.
        limit: 0-10, the pain that the plan lets a session bring.
        pain_free_only: no more than before it; 5 at the most.
        now: what was told later is not known yet.
        zone: the person's; the next morning ends at noon there.
        locks: of their plan; one raised between the start and that noon is a red flag.
    """
    told = told_of(bout, bouts, [each for each in check_ins if each.at <= now], zone)
    noon = morning_of(bout.day + timedelta(days=1), zone)[1]
    flagged_at = tuple(
        [each.raised_at for each in locks if bout.started_at <= each.raised_at < noon and each.raised_at <= now]
    )
    pre = None if told.pre is None else told.pre.pain
    morning = told.morning if told.morning is not None and told.morning.pain is not None else None
    highest = limit if pre is None or not pain_free_only else min(pre, thresholds().pain.highest_limit)
    case = _Case(told, highest, noon, now, flagged_at, pre, _peak(told, bout), morning)
    for colour, rule in _RULES:
        if found := list(rule(case)):
            return _settled(colour, found, case)
    return _without_findings(case)


def _peak(told: Told, bout: Bout) -> CheckIn | None:
    """Where the most was not said, it was at least what was said right after."""
    if told.peak is not None and told.peak.pain is not None:
        return told.peak
    soon = bout.ended_at + timedelta(minutes=thresholds().pain.post_minutes)
    return max([each for each in told.of(Phase.POST) if each.at <= soon], key=_pain, default=None)


def _escalating(case: _Case) -> Iterator[Found]:
    yield from ((Reason.WARNING_SIGN, at) for at in case.flagged_at)
    yield from [(Reason.WEAKNESS, each.at) for each in case.told.said if each.weakness]


def _red(case: _Case) -> Iterator[Found]:
    rules = thresholds().pain
    yield from [(Reason.NUMBNESS, each.at) for each in case.told.said if each.numbness]
    if case.peak is not None and _pain(case.peak) >= rules.red_peak:
        yield Reason.PEAK_HIGH, case.peak.at
    morning = case.morning_score
    if morning is not None and case.pre is not None and _pain(morning) >= case.pre + rules.red_morning_rise:
        yield Reason.MORNING_UP, morning.at
    spread = case.extent_next_morning
    if spread is not None and case.has_spread(spread):
        yield Reason.EXTENT_STAYS, spread.at


def _amber(case: _Case) -> Iterator[Found]:
    rules = thresholds().pain
    if case.peak is not None and _pain(case.peak) > case.limit:
        yield Reason.PEAK_OVER_LIMIT, case.peak.at
    post = case.told.post
    if post is not None and case.pre is not None and _pain(post) >= case.pre + rules.amber_post_rise:
        yield Reason.POST_UP, post.at
    later = [each for each in case.told.said if each.extent is not None and each.phase in {Phase.PEAK, Phase.POST}]
    if any(map(case.has_spread, later)):
        if (back := case.extent_next_morning) is not None:
            yield Reason.EXTENT_BACK, back.at
        elif case.morning_score is not None:
            yield Reason.EXTENT_ROSE, case.morning_score.at
        elif case.now >= case.noon:
            yield Reason.EXTENT_ROSE, case.noon


_RULES: Final = ((Colour.ESCALATE, _escalating), (Colour.RED, _red), (Colour.AMBER, _amber))


def _settled(colour: Colour, found: list[Found], case: _Case) -> Verdict:
    reasons = [reason for reason, _ in found]
    if colour is Colour.AMBER and case.morning_score is None and case.now < case.noon:
        reasons.append(Reason.MORNING_OPEN)  # it can still turn red
    return Verdict(colour, tuple(dict.fromkeys(reasons)), min(at for _, at in found))


def _without_findings(case: _Case) -> Verdict:
    morning = case.morning_score
    if morning is None and case.now < case.noon:
        return Verdict(Colour.PENDING, (Reason.MORNING_OPEN,))
    unknown = tuple(_unknown(case))
    at = case.noon if morning is None else morning.at
    return Verdict(Colour.UNKNOWN, unknown, at) if unknown else Verdict(Colour.GREEN, (Reason.SETTLED,), at)


def _unknown(case: _Case) -> Iterator[Reason]:
    if case.morning_score is None:
        yield Reason.NO_MORNING
    if case.pre is None:
        yield Reason.NO_PRE
    later = (each.extent for each in case.told.said if each.extent and each.phase is not Phase.PRE)
    if any(later) and case.extent_before is None:
        yield Reason.EXTENT_UNKNOWN


def _pain(check_in: CheckIn) -> int:
    return _NOT_SAID if check_in.pain is None else check_in.pain
