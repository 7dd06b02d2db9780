"""What a rule sees, and what it may say. Values only: a rule is a function of a `Situation`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from coach.adherence import WeekAdherence
from coach.plan.model import Plan
from coach.plan.thresholds import thresholds
from scheduler.messages import Policy


def silence() -> timedelta:
    """How long without a contact means that what looks undone may still be on a watch."""
    return timedelta(hours=thresholds().adherence.silence_hours)


@dataclass(frozen=True, slots=True)
class Situation:
    """A person at a moment.

    Attributes:
        plan: the one in force today.
        this_week, last_week: judged as of `now`.
        last_contact: when a source was last heard; None for never.
        known_since: since when there is anybody to hear from; began: the first moment of their first plan.
        sore: why the day is sore; empty where it is not.
    """

    now: datetime
    zone: ZoneInfo
    plan: Plan
    this_week: WeekAdherence
    last_week: WeekAdherence
    last_contact: datetime | None
    known_since: datetime
    began: datetime
    sore: tuple[str, ...] = ()

    @property
    def eased(self) -> bool:
        """Nothing may urge today: it is sore, or excused (a flare, rest advice, illness, a pause)."""
        return bool(self.sore) or self.local.date() in self.this_week.excused

    @property
    def silent_since(self) -> datetime:
        """Local time."""
        return max(self.last_contact or self.known_since, self.began).astimezone(self.zone)

    @property
    def silent(self) -> bool:
        """No source was heard for so long that nobody knows what was done."""
        return self.now - self.silent_since >= silence()

    @property
    def local(self) -> datetime:
        return self.now.astimezone(self.zone)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something worth saying. `period` makes it unique under its rule; `reason` is for whoever asks why."""

    period: str
    reason: str
    due_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Telling:
    """The fields of the rule's text, and the texts to choose from where they are not the rule's own."""

    fields: Mapping[str, object]
    texts: str | None = None


@dataclass(frozen=True, slots=True)
class NoLongerTrue:
    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to write to a person.

    Attributes:
        id: as in the clinical rules, section 9.
        urges: it asks for more activity, and is silent on a day on which nothing is asked.
        propose: what is worth saying in a situation.
        tell: just before sending: what the text needs, or why there is nothing to say any more.
    """

    id: str
    policy: Policy
    urges: bool
    propose: Callable[[Situation], Iterable[Proposal]]
    tell: Callable[[Situation, str], Telling | NoLongerTrue]
