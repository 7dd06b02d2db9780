"""R4: by Thursday noon less than two fifths of the week is done, and the rest still fits."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Final

from coach.adherence import ItemAdherence, Status, undone
from coach.nudges.model import NoLongerTrue, Proposal, Rule, Situation, Telling
from coach.nudges.wording import done_so_far
from scheduler.messages import Kind

_BEHIND_BELOW: Final = 0.4
_DUE: Final = time(12, 30)
_EXPIRES: Final = time(18)


def propose(situation: Situation) -> Iterator[Proposal]:
    week = situation.this_week.week
    thursday, friday = week.days[3], week.days[4]
    due_at, expires_at = situation.at(thursday, _DUE), situation.at(friday, _EXPIRES)
    if situation.is_near(due_at, expires_at) and _why_not(situation) is None:
        yield Proposal(
            period=str(week),
            reason=f"{situation.this_week.dose or 0:.0%} of the week's minutes by Thursday, and the rest still fits",
            due_at=due_at,
            expires_at=expires_at,
        )


def tell(situation: Situation, period: str) -> Telling | NoLongerTrue:
    if str(situation.this_week.week) != period:
        return NoLongerTrue("that week is over")
    if reason := _why_not(situation):
        return NoLongerTrue(reason)
    asked = next(item for item in situation.this_week.items if undone(item))
    return Telling(
        {"done": done_so_far(situation.this_week, situation.words), "minutes": asked.prescription.dose.minutes}
    )


def _why_not(situation: Situation) -> str | None:
    """Why there is nothing to say; None where there is."""
    week = situation.this_week
    if week.status is not Status.OPEN or week.dose is None:
        return "nothing is asked this week"
    today = situation.today
    if all(day >= today or day in week.excused for day in week.week.days):
        return "the plan has only begun"
    if week.dose >= _BEHIND_BELOW:
        return "enough has been done by now"
    if situation.silent:
        return "nothing has synced for two days, so nobody knows what was done"
    left = [day for day in week.week.days if day >= today and day not in week.excused]
    if any(undone(item) > _room(item, left) for item in week.items):
        return "the rest no longer fits into the week"
    return None


def _room(item: ItemAdherence, left: list[date]) -> int:
    """How many more sessions fit into these days, with the days of rest that the plan asks for between two."""
    apart = timedelta(days=item.prescription.rest_days + 1)
    latest = max((each.session.day for each in item.credits if not each.stands_in), default=date.min)
    room = 0
    for day in left:
        if item.prescription.rest_days == 0 or latest == date.min or day >= latest + apart:
            room, latest = room + 1, day
    return room


RULE: Final = Rule("R4", "midweek", Kind.MOTIVATION, 50, propose, tell, urges=True, at=(_DUE,))
