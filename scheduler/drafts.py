"""What is put in the outbox: a nudge and where it goes."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scheduler.errors import DraftError
from scheduler.messages import Kind, Policy


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: a channel's name, and what that channel calls a recipient."""

    channel: str
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A nudge to post. Moments are aware; `expires_at` None means that it is never too late.

    An urgent one passes quiet hours, is never merged and takes no slot. `kind` says which limits hold for it, and
    the smallest `rank` goes first.

    Raises:
        DraftError: when it could never be sent, or gives no reason.
    """

    recipient_id: str
    rule: str
    period: str
    reason: str
    timezone: str
    due_at: datetime
    to: tuple[Address, ...]
    expires_at: datetime | None = None
    policy: Policy = Policy.RESEND
    urgent: bool = False
    kind: Kind = Kind.MOTIVATION
    rank: int = 0

    def __post_init__(self) -> None:
        if fault := self._fault():
            raise DraftError(self.rule, self.period, fault)

    def _fault(self) -> str | None:
        if not self.reason.strip():
            return "it does not say why it is due."
        if not self.to:
            return "it has no address to go to."
        if any(moment.utcoffset() is None for moment in (self.due_at, self.expires_at) if moment is not None):
            return "its times need a time zone."
        if self.expires_at is not None and self.expires_at <= self.due_at:
            return "it would expire before it is due."
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            return f"there is no time zone {self.timezone!r}."
        return None
