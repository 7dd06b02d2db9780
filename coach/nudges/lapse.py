"""R14: no sign of life for ten days. It asks whether the plan still suits; it never asks for more."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final

from coach.nudges.model import AHEAD, LAPSE, NoLongerTrue, Proposal, Rule, Situation, Telling
from scheduler.clock import ONE_DAY
from scheduler.messages import Kind

_DUE: Final = time(12, 30)
_EVERY: Final = timedelta(days=7)
_LATER_EVERY: Final = timedelta(days=14)
_LATER_FROM: Final = timedelta(days=30)
_OPEN_FOR: Final = timedelta(hours=48)


def propose(situation: Situation) -> Iterator[Proposal]:
    for ordinal, due_at in enumerate(_due_dates(situation)):
        if due_at - AHEAD > situation.now:
            return
        if situation.is_near(due_at, due_at + _OPEN_FOR) and _why_not(situation) is None:
            since = situation.engaged_since.date()
            yield Proposal(f"{since}/{ordinal}", f"no sign of life since {since}", due_at, due_at + _OPEN_FOR)


def tell(situation: Situation, period: str) -> Telling | NoLongerTrue:
    if not period.startswith(situation.engaged_since.date().isoformat()):
        return NoLongerTrue("they are back")
    reason = _why_not(situation)
    return NoLongerTrue(reason) if reason else Telling({})


def _due_dates(situation: Situation) -> Iterator[datetime]:
    """The first 12:30 after ten days, then weekly, and every second week from the thirtieth day on."""
    since = situation.engaged_since.date()
    away = LAPSE
    if situation.at(since + away, _DUE) < situation.engaged_since + LAPSE:
        away += ONE_DAY
    while True:
        yield situation.at(since + away, _DUE)
        away += _EVERY if away < _LATER_FROM else _LATER_EVERY


def _why_not(situation: Situation) -> str | None:
    return "the plan is paused already" if situation.is_excused(situation.today) else None


RULE: Final = Rule("R14", "lapse", Kind.MOTIVATION, 94, propose, tell, at=(_DUE,), after_silence=True)
