"""R5: a session was too much. Consecutive sore days are one episode, told of once.

New weakness is R0's: it locks the plan.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from coach.nudges.model import NoLongerTrue, Proposal, Rule, Situation, Telling
from coach.safety.model import Colour, Verdict
from coach.safety.sore import sore
from coach.safety.verdicts import Reason
from coach.weeks import IsoWeek, day_of
from scheduler.clock import ONE_DAY
from scheduler.messages import Kind

_OPEN_FOR: Final = timedelta(hours=24)
# As far back as verdicts are known: a soreness that lasts longer is told of once a week.
_LONGEST_DAYS: Final = 14

_TEXTS: Final = {
    Reason.NUMBNESS: "R5_numbness",
    Reason.PEAK_HIGH: "R5_peak_high",
    Reason.MORNING_UP: "R5_morning_up",
    Reason.EXTENT_STAYS: "R5_extent_stays",
}


def propose(situation: Situation) -> Iterator[Proposal]:
    for verdict, at in _fresh(situation):
        reason = f"a session was too much: {verdict.reasons[0]}"
        yield Proposal(_episode(situation, at), reason, situation.now, at + _OPEN_FOR)


def tell(situation: Situation, period: str) -> Telling | NoLongerTrue:
    """Of the latest, for that is what the person has in mind."""
    told = [(verdict, at) for verdict, at in _fresh(situation) if _episode(situation, at) == period]
    if not told:
        return NoLongerTrue("it is over")
    verdict, at = told[-1]
    days = "both" if day_of(at, situation.zone) == situation.today else "last"
    texts = next(_TEXTS[Reason(each)] for each in verdict.reasons if each in _TEXTS)
    return Telling({"days": situation.words.text(f"rest.{days}")}, texts)


def _reds(situation: Situation) -> list[tuple[Verdict, datetime]]:
    """What was too much, in the order in which it was told."""
    sessions = (*situation.last_week.sessions, *situation.this_week.sessions)
    known = [each.verdict for each in sessions if each.verdict is not None]
    reds = [(each, each.at) for each in known if each.colour is Colour.RED and each.at is not None]
    return sorted(reds, key=lambda red: red[1])


def _fresh(situation: Situation) -> list[tuple[Verdict, datetime]]:
    return [
        (verdict, at)
        for verdict, at in _reds(situation)
        if at <= situation.now < at + _OPEN_FOR and not {*verdict.reasons}.isdisjoint(_TEXTS)
    ]


def _episode(situation: Situation, at: datetime) -> str:
    """The first of the sore days in a row that lead up to that moment."""
    day = day_of(at, situation.zone)
    verdicts = [verdict for verdict, _ in _reds(situation)]
    for back in range(_LONGEST_DAYS):
        if not _was_sore(situation, day - (back + 1) * ONE_DAY, verdicts):
            return (day - back * ONE_DAY).isoformat()
    return str(IsoWeek.of(day))


def _was_sore(situation: Situation, day: date, verdicts: list[Verdict]) -> bool:
    return bool(sore(situation.at(day + ONE_DAY, time(0)), verdicts, situation.check_ins, situation.zone))


RULE: Final = Rule("R5", "rest advice", Kind.SAFETY, 10, propose, tell)
