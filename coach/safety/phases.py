"""Which phase a score is of, where the person did not say: by the clock and their sessions."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from coach.plan.thresholds import thresholds
from coach.safety.model import CheckIn, Phase
from coach.safety.mornings import morning_of
from coach.safety.told import Bout, told_of
from coach.weeks import day_of


def phase_at(at: datetime, bouts: Iterable[Bout], check_ins: Iterable[CheckIn], zone: ZoneInfo) -> Phase:
    """The first of these that fits; each is asked once.

    During a session `peak`; right after one `post`, for then it is asked; in the morning `morning`, after a day with a
    session; later on the day of a session `post`; in the morning `morning`; otherwise `pre`.

    Args:
        at: when it was said.
        bouts: the person's sessions of that day and the day before.
        check_ins: what they told on those days.
        zone: theirs.
    """
    rules = thresholds().pain
    around, told = tuple(bouts), tuple(check_ins)
    if any(each.started_at <= at < each.ended_at for each in around):
        return Phase.PEAK
    last = max((each for each in around if each.ended_at <= at), key=lambda each: each.ended_at, default=None)
    is_post_open = (
        last is not None
        and last.day == day_of(at, zone)
        and at <= last.ended_at + timedelta(hours=rules.told_within_hours)
        and told_of(last, around, told, zone).post is None
    )
    if is_post_open and last is not None and at <= last.ended_at + timedelta(minutes=rules.post_minutes):
        return Phase.POST
    today = at.astimezone(zone).date()
    begins, ends = morning_of(today, zone)
    is_morning_open = begins <= at < ends and not any(
        each.phase is Phase.MORNING and begins <= each.at < ends for each in told
    )
    if is_morning_open and any(each.day == today - timedelta(days=1) for each in around):
        return Phase.MORNING
    if is_post_open:
        return Phase.POST
    return Phase.MORNING if is_morning_open else Phase.PRE
