"""R9: the first session at a new dose has settled, or four weeks in a row came to most of the plan.

Said once each: no count goes on from there, so that nothing can be broken.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final

from coach.adherence import Credit, ItemAdherence, Status, WeekAdherence
from coach.nudges.model import NoLongerTrue, Proposal, Rule, Situation, Telling
from coach.plan import Exercise, facts
from coach.safety.model import Colour
from coach.weeks import IsoWeek, day_of
from scheduler.messages import Kind

_MORNING: Final = time(8, 30)
_OPEN_FOR: Final = timedelta(hours=24)
_WEEKS: Final = 4
_WEDNESDAY: Final = 2
_GOOD_FROM: Final = 70  # what is normal in trials


@dataclass(frozen=True, slots=True)
class _Milestone:
    at: datetime
    reason: str
    telling: Telling


def propose(situation: Situation) -> Iterator[Proposal]:
    for found in _fresh(situation):
        yield Proposal(_period(found, situation), found.reason, situation.now, found.at + _OPEN_FOR)


def tell(situation: Situation, period: str) -> Telling | NoLongerTrue:
    found = next((each for each in _fresh(situation) if _period(each, situation) == period), None)
    return NoLongerTrue("it did not settle after all") if found is None else found.telling


def _period(found: _Milestone, situation: Situation) -> str:
    """One a week, whichever it is."""
    return str(IsoWeek.of(day_of(found.at, situation.zone)))


def _fresh(situation: Situation) -> Iterator[_Milestone]:
    for found in (*_first_of_a_dose(situation), *_four_weeks(situation)):
        if found.at <= situation.now < found.at + _OPEN_FOR:
            yield found


def _first_of_a_dose(situation: Situation) -> Iterator[_Milestone]:
    """The first session that was as long as none was asked before, and was well the morning after."""
    for item in situation.this_week.items:
        exercise, minutes = item.prescription.exercise, item.prescription.dose.minutes
        if item.prescription.nested_in is not None or minutes <= _most_before(situation, exercise):
            continue
        settled = [at for at in _settled(situation, item) if at is not None]
        if settled:
            said = {"exercise": facts(exercise, situation.words).one, "minutes": minutes}
            yield _Milestone(min(settled), f"the first of {minutes} min settled by morning", Telling(said))


def _most_before(situation: Situation, exercise: Exercise) -> int:
    """The longest session that any earlier plan asked for; the first plan is nobody's step."""
    in_force = situation.history.version_on(situation.today)
    earlier = [each.plan for each in situation.history.versions if in_force and each.number < in_force.number]
    asked = [item.dose.minutes for plan in earlier if (item := plan.item(exercise)) is not None]
    return max(asked, default=10**6)


def _settled(situation: Situation, item: ItemAdherence) -> Iterator[datetime | None]:
    """When each session at the dose in force settled well."""
    last = [each for each in situation.last_week.items if each.prescription.exercise is item.prescription.exercise]
    served = [*(credit for each in last for credit in each.credits), *item.credits]
    since = situation.plan.starts_on
    for credit in served:
        if credit.session.day >= since and not credit.stands_in and _is_whole(credit, item.prescription.dose.minutes):
            verdict = credit.session.verdict
            yield verdict.at if verdict is not None and verdict.colour is Colour.GREEN else None


def _is_whole(credit: Credit, minutes: int) -> bool:
    return round(credit.eligible_minutes) >= minutes


def _four_weeks(situation: Situation) -> Iterator[_Milestone]:
    last = situation.last_week
    due_at = situation.at(last.week.next.monday, _MORNING)
    if not due_at <= situation.now < due_at + 2 * _OPEN_FOR:
        return
    good = (_is_good(each.adherence) for each in situation.closed())
    if all(islice(good, _WEEKS)) and not next(good):
        known = [each.verdict.at for each in last.sessions if each.verdict is not None]
        if None not in known:  # the last of it has settled
            at = max([due_at, *(each for each in known if each is not None)])
            yield _Milestone(at, "four weeks in a row at 70 % or more", Telling({}, texts="R9_weeks"))


def _is_good(week: WeekAdherence) -> bool:
    return week.status is Status.COMPLETE and week.score is not None and week.score >= _GOOD_FROM


def _looks_back(day: date) -> int:
    """On four weeks, and on the one before them, until the Wednesday after."""
    return _WEEKS + 1 if day.weekday() <= _WEDNESDAY else 1


RULE: Final = Rule(
    "R9", "milestone", Kind.MOTIVATION, 91, propose, tell, urges=True, looks_back=_looks_back, at=(_MORNING,)
)
