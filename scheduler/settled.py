"""A delivery, and what became of it."""

from typing import NamedTuple
from uuid import UUID

from scheduler.tables import State
from scheduler.verdicts import Claim, Verdict


class Settled(NamedTuple):
    """What a sweep did with one delivery."""

    claim: Claim
    verdict: Verdict

    @property
    def delivery_id(self) -> UUID:
        return self.claim.delivery_id

    @property
    def nudge_id(self) -> UUID:
        return self.claim.due.nudge_id

    @property
    def recipient_id(self) -> str:
        return self.claim.due.recipient_id

    @property
    def rule(self) -> str:
        return self.claim.due.rule

    @property
    def period(self) -> str:
        return self.claim.due.period

    @property
    def channel(self) -> str:
        return self.claim.channel

    @property
    def state(self) -> State:
        return self.verdict.state

    @property
    def attempts(self) -> int:
        return self.verdict.attempts

    @property
    def detail(self) -> str | None:
        """Why; it is not for logs."""
        return self.verdict.detail

    def __repr__(self) -> str:
        return f"Settled({self.delivery_id!r}, rule={self.rule!r}, channel={self.channel!r}, {self.state!r})"
