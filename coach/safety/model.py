"""What a person tells of pain and warning signs, and what follows from it. Values only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Phase(StrEnum):
    """When pain was asked for, seen from a session (clinical rules, section 6)."""

    PRE = "pre"  # before
    PEAK = "peak"  # the most during
    POST = "post"  # within 30 minutes after
    MORNING = "morning"  # 04:00 to 12:00 local, of the day after


class Extent(IntEnum):
    """How far down the symptoms reach."""

    NONE = 0
    BACK = 1
    BUTTOCK = 2
    THIGH = 3
    BELOW_KNEE = 4
    FOOT = 5


class CheckIn(NamedTuple):
    """One answer; a judgement is made of a hundred.

    Attributes:
        pain: 0-10, the larger of back and leg; None where only the rest was answered.
        numbness, weakness: new, or worse than before.
        shoulder: 0-10, asked after a swim with a bad shoulder.
        activity_id: the session it was said of, where it was named; otherwise its time tells.
    """

    at: datetime
    phase: Phase
    pain: int | None = None
    extent: Extent | None = None
    numbness: bool = False
    weakness: bool = False
    shoulder: int | None = None
    activity_id: int | None = None


class Colour(StrEnum):
    """What came of a session, the worst first (clinical rules, section 6)."""

    ESCALATE = "escalate"
    RED = "red"
    AMBER = "amber"
    PENDING = "pending"  # the next morning is not over yet
    UNKNOWN = "unknown"  # not enough was answered
    GREEN = "green"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a session.

    Attributes:
        reasons: codes of what decided it, never empty: the texts are `text.verdict` in the message catalogue.
        at: when it was settled: the check-in that decided it, or the noon it waited for; None while pending.
    """

    colour: Colour
    reasons: tuple[str, ...]
    at: datetime | None = None


class SignLevel(StrEnum):
    """How urgent a warning sign is, the most urgent first (section 7)."""

    EMERGENCY = "emergency"
    CHEST = "chest"  # an emergency as well, with words of its own
    SAME_DAY = "same_day"
    ROUTINE = "routine"

    @property
    def locks(self) -> bool:
        """The plan is locked until somebody has cleared it."""
        return self is not SignLevel.ROUTINE


@dataclass(frozen=True, slots=True)
class Answers:
    """The warning-sign questions, answered once: the codes of those that were answered yes."""

    at: datetime
    yes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lock:
    """A plan that a warning sign has stopped, until somebody has cleared it.

    Attributes:
        cleared_at: when the clearance was recorded; None while it holds.
        cleared_by, cleared_on: who cleared it, and on which day they did.
    """

    raised_at: datetime
    signs: tuple[str, ...]
    cleared_at: datetime | None = None
    cleared_by: str | None = None
    cleared_on: date | None = None

    def holds(self, at: datetime) -> bool:
        return self.raised_at <= at and (self.cleared_at is None or at < self.cleared_at)


def locked_by(locks: Iterable[Lock], at: datetime) -> Lock | None:
    """All that locks at that moment as one: since when, and every sign of it; None where nothing does."""
    holding = [each for each in locks if each.holds(at)]
    if not holding:
        return None
    return Lock(holding[0].raised_at, tuple(dict.fromkeys(sign for each in holding for sign in each.signs)))


@dataclass(frozen=True, slots=True)
class Flare:
    """A flare as the person said it; `ended_at` only where they said that too: mornings can end it as well."""

    began_at: datetime
    ended_at: datetime | None = None


class ExcusalKind(StrEnum):
    """Why nothing is asked, where somebody said so; others follow from the rest."""

    ILLNESS = "illness"
    HOLD = "hold"  # a pause by the clinician


@dataclass(frozen=True, slots=True)
class Excusal:
    """Local days on which nothing is asked; `last_day` None: until further notice."""

    kind: ExcusalKind
    first_day: date
    last_day: date | None = None

    def covers(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)
