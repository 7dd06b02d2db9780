"""All that a judgement rests on, of one person, as a value: loaded once, judged as often as one likes.

To ask what another plan would have made of the same weeks, replace `versions` and judge again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from coach.adherence import Performed
from coach.plan.model import Plan
from coach.safety.model import CheckIn, Excusal, Flare, Lock, locked_by


@dataclass(frozen=True, slots=True)
class Version:
    """A plan with its number; in force from `plan.starts_on` until a later one starts."""

    number: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class Choice:
    """What was answered to the offer that followed a week, `2026-W45`, and when."""

    week: str
    offer: str
    choice: str
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """What a person did and told over some weeks.

    Attributes:
        versions: every plan they ever had, in the order of their numbers.
        performed: begun in those weeks, or in the six days before: rest reaches over a week's edge.
        check_ins: of those weeks and the days before that bear on them; of the four weeks before, which baselines and
            flares look back on, the mornings.
        locks, flares, excusals, choices: all there ever were; they are few.
        last_before: the start of the last session before `performed`; None where there was none.
        last_contact: when a source was last heard, also with nothing to bring.
    """

    zone: ZoneInfo
    versions: Sequence[Version] = ()
    performed: Sequence[Performed] = ()
    check_ins: Sequence[CheckIn] = ()
    locks: Sequence[Lock] = ()
    flares: Sequence[Flare] = ()
    excusals: Sequence[Excusal] = ()
    choices: Sequence[Choice] = ()
    last_before: datetime | None = None
    last_contact: datetime | None = None

    def version_on(self, day: date) -> Version | None:
        """The version in force on a day: the last that had started; None before the first."""
        last, latest = None, date.min
        for each in self.versions:
            if latest <= (begins := each.plan.starts_on) <= day:
                last, latest = each, begins
        return last

    @property
    def first_day(self) -> date | None:
        """On which the first plan began."""
        return min((each.plan.starts_on for each in self.versions), default=None)

    def lock_at(self, at: datetime) -> Lock | None:
        """What warning signs lock at that moment."""
        return locked_by(self.locks, at)

    def locked_at(self, at: datetime) -> bool:
        """No diagnosis, or a warning sign: nothing may be asked."""
        version = self.version_on(at.astimezone(self.zone).date())
        return version is None or version.plan.locked or self.lock_at(at) is not None
