"""R1: a new session that serves the plan has come in."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Final

from coach.adherence import Credit, ItemAdherence
from coach.felt import question
from coach.nudges.model import NoLongerTrue, Proposal, Rule, Situation, Telling
from coach.plan import Exercise, facts
from coach.safety.model import Phase
from coach.safety.told import told_of
from scheduler.messages import Kind

_FRESH: Final = timedelta(hours=12)  # later, nobody remembers how the leg felt
_OPEN_FOR: Final = timedelta(hours=6)
_UNTIL: Final = time(10)  # the day after: an evening's session may be answered over breakfast


def propose(situation: Situation) -> Iterator[Proposal]:
    for period, (_, credit) in _served(situation).items():
        ended_at = credit.session.ended_at
        if not timedelta() <= situation.now - ended_at < _FRESH or _is_answered(credit, situation):
            continue
        next_day = credit.session.day + timedelta(days=1)
        yield Proposal(
            period=period,
            reason=f"a new {facts(credit.session.exercise).one} came in",
            due_at=situation.now,
            expires_at=max(situation.now + _OPEN_FOR, situation.at(next_day, _UNTIL)),
        )


def tell(situation: Situation, period: str) -> Telling | NoLongerTrue:
    if (found := _served(situation).get(period)) is None:
        return NoLongerTrue("the session is not in the plan any more")
    item, credit = found
    if _is_answered(credit, situation):
        return NoLongerTrue("how it felt is told already")
    words, session = situation.words, credit.session
    done = {"exercise": facts(session.exercise, words).one, "minutes": round(credit.eligible_minutes)}
    effort = question(session.activity_ids[0], session.exercise, session.borg, situation.plan, words)
    if session.exercise is Exercise.SWIM and situation.plan.traits.shoulder_injury:
        return Telling(done, "R1_shoulder", effort)
    if situation.eased:  # what the plan has in mind is not asked today
        return Telling(done, "R1_eased", effort)
    if credit.stands_in:
        return Telling(done | {"asked": facts(item.prescription.exercise, words).one}, "R1_stand_in", effort)
    return Telling(done | {"planned_minutes": item.prescription.dose.minutes}, more=effort)


def _is_answered(credit: Credit, situation: Situation) -> bool:
    """It asks how the leg feels after: once that is told, it has nothing left to ask."""
    sessions = (*situation.last_week.sessions, *situation.this_week.sessions)
    told = told_of(credit.session, sessions, situation.check_ins, situation.zone)
    return any(each.pain is not None for each in told.of(Phase.POST, Phase.MORNING))


def _served(situation: Situation) -> dict[str, tuple[ItemAdherence, Credit]]:
    """Sessions by the id of their first activity, with the first item of the plan that they serve."""
    found: dict[str, tuple[ItemAdherence, Credit]] = {}
    for week in (situation.last_week, situation.this_week):
        for item in week.items:
            for credit in item.credits:
                if item.prescription.nested_in is None and credit.eligible:
                    found.setdefault(str(credit.session.activity_ids[0]), (item, credit))
    return found


RULE: Final = Rule("R1", "after sync", Kind.CHECK_IN, 30, propose, tell)
