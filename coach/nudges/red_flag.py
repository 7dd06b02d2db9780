"""R0: a warning sign was answered yes. Told at once, also at night; nothing else is said while it holds."""

from collections.abc import Iterator
from datetime import UTC
from typing import Final

from coach.nudges.model import NoLongerTrue, Proposal, Rule, Situation, WordForWord
from coach.safety.model import Lock, SignLevel
from coach.safety.signs import levels_told
from scheduler.messages import Kind


def propose(situation: Situation) -> Iterator[Proposal]:
    for lock in situation.locks:
        yield Proposal(_period(lock), "a warning sign was answered yes", due_at=situation.now, expires_at=None)


def tell(situation: Situation, period: str) -> WordForWord | NoLongerTrue:
    lock = next((each for each in situation.locks if _period(each) == period), None)
    if lock is None:
        return NoLongerTrue("the warning sign was cleared")
    levels = levels_told(lock.signs) or (SignLevel.SAME_DAY,)  # a sign that is no longer asked locked all the same
    return WordForWord(
        "title.urgent",
        tuple(f"told.{level}" for level in levels),
        {"emergency_number": situation.emergency_number},
    )


def _period(lock: Lock) -> str:
    return lock.raised_at.astimezone(UTC).isoformat()


RULE: Final = Rule("R0", "red flag", Kind.SAFETY, 0, propose, tell, while_locked=True, urgent=True)
