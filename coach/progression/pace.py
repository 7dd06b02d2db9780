"""When an easy week is due, and how long nothing was done: what `offer` is told, from days and weeks alone."""

from collections.abc import Iterable
from datetime import date

from coach.plan.thresholds import thresholds
from coach.weeks import IsoWeek


def easy_due(coming: IsoWeek, began: IsoWeek, easy: Iterable[IsoWeek]) -> bool:
    """Whether the coming week is the fourth since the last easy one.

    Args:
        coming: the week that an offer would be for.
        began: the first week of the plan, or of the restart, that counts as the first of four.
        easy: the weeks that were easy, or for which an easy week was offered and declined.
    """
    every = thresholds().progression.easy_every_weeks
    last = max((each for each in easy if began <= each < coming), default=None)
    since = coming.monday - (began.monday if last is None else last.next.monday)
    return since.days >= 7 * (every - 1)


def days_off(last_session: date | None, began: date, today: date) -> int:
    """Days since anything was done, today not counted as one.

    Args:
        last_session: the day of the latest session; None for none.
        began: the first day of the plan, or of the last restart: before it nobody was off anything.
        today: the person's.
    """
    last = began if last_session is None else max(last_session, began)
    return max(0, (today - last).days)
