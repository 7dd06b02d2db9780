"""A sore day: nothing urges (clinical rules, section 6)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from coach.plan.thresholds import thresholds
from coach.safety.model import CheckIn, Colour, Verdict
from coach.safety.mornings import baseline, is_morning

__all__ = ["SoreReason", "baseline", "sore"]


class SoreReason(StrEnum):
    """Why a day is sore; the texts are `text.sore` in the message catalogue."""

    RED = "red"
    PAIN_HIGH = "pain_high"
    MORNING_UP = "morning_up"
    NUMBNESS = "numbness"
    WEAKNESS = "weakness"


def sore(
    now: datetime, verdicts: Iterable[Verdict], check_ins: Iterable[CheckIn], zone: ZoneInfo
) -> tuple[SoreReason, ...]:
    """Why the person is sore now, by the last 48 h; empty where they are not.

    Args:
        now: what was told later is not known yet.
        verdicts: of their sessions; a RED (or worse) counts from when it was settled.
        check_ins: theirs, from 14 days before those 48 h on, for the baseline.
        zone: theirs.
    """
    since = now - timedelta(hours=thresholds().pain.sore_hours)
    known = [each for each in check_ins if each.at <= now]
    reds = any(
        each.at is not None and since < each.at <= now and each.colour in {Colour.RED, Colour.ESCALATE}
        for each in verdicts
    )
    found = [SoreReason.RED] if reds else []
    found += [reason for each in known if each.at > since for reason in _reasons(each, known, zone)]
    return tuple(reason for reason in SoreReason if reason in found)


def _reasons(check_in: CheckIn, known: list[CheckIn], zone: ZoneInfo) -> Iterator[SoreReason]:
    rules = thresholds().pain
    if check_in.pain is not None:
        if check_in.pain >= rules.sore_from:
            yield SoreReason.PAIN_HIGH
        usual = baseline(known, check_in.at.astimezone(zone).date(), zone) if is_morning(check_in, zone) else None
        if usual is not None and check_in.pain >= usual + rules.sore_morning_rise:
            yield SoreReason.MORNING_UP
    if check_in.numbness:
        yield SoreReason.NUMBNESS
    if check_in.weakness:
        yield SoreReason.WEAKNESS
