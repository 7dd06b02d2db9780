"""The values of a judged week. Each carries its reasons: what they come to is read off when it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, Self

from coach.adherence.recordings import Climb, OnTheTimeLine, Performed, climb, left_out
from coach.adherence.share import Share
from coach.effort.model import Exclusion, Predicate, begins, left_for, predicate_of
from coach.effort.spans import NOTHING, Spans, parted, union
from coach.plan.model import Exercise, Prescription
from coach.plan.violations import Severity
from coach.safety.model import Verdict
from coach.weeks import IsoWeek
from devices.recording import Span


class Status(StrEnum):
    OPEN = "open"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"  # closed, with days that nothing has synced for
    PAUSED = "paused"  # every planned session was excused
    LOCKED = "locked"  # no diagnosis yet, or a warning sign
    NO_PLAN = "no_plan"


class Band(StrEnum):
    ON_PLAN = "on_plan"
    PARTLY = "partly"
    OFF_PLAN = "off_plan"


@dataclass(frozen=True)  # without slots: what is read off the recordings is kept
class Session:
    """One or more recordings of one exercise that belong together. Spans are POSIX seconds.

    Attributes:
        borg, water_c: the largest that was told of any of them; None where none was.
        distance_m: all together.
        self_reported: any of them was entered by hand.
        noted: what the judgement could not tell of it, besides what the recordings say themselves.
        verdict: what came of it, by what the person told of pain; None where nothing was asked of the judgement.
    """

    activity_ids: tuple[int, ...]
    exercise: Exercise
    day: date
    started_at: datetime
    ended_at: datetime
    recordings: tuple[Performed, ...]
    borg: float | None = None
    water_c: float | None = None
    distance_m: float | None = None
    self_reported: bool = False
    verdict: Verdict | None = None
    noted: tuple[str, ...] = ()

    def with_verdict(self, verdict: Verdict) -> Self:
        """The same with what came of it; what has been read off its recordings goes along."""
        judged = object.__new__(type(self))
        judged.__dict__.update(self.__dict__, verdict=verdict)
        return judged

    @cached_property
    def turn(self) -> tuple[datetime, str, int]:
        """Its place among others: that of its first recording."""
        return self.recordings[0].turn

    @cached_property
    def elapsed(self) -> Spans:
        """From the first moment of each recording to its last; what lies between two recordings is in none."""
        return union([Span(part.started_at.timestamp(), part.ended_at.timestamp()) for part in self.recordings])

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What could not be told, and why, in order of the alphabet."""
        return tuple(sorted({*self.noted, *(note for part in self.recordings for note in part.notes)}))

    @cached_property
    def predicates(self) -> Mapping[Predicate, Spans]:
        """Where each predicate holds."""
        return OnTheTimeLine(self.recordings)

    @cached_property
    def climb(self) -> Climb:
        """How much of it led uphill."""
        return climb(self.predicates)

    @cached_property
    def excluded(self) -> tuple[Exclusion, ...]:
        """What the recordings themselves did not count towards the exercise, with the reason."""
        own = predicate_of(self.exercise)
        return left_out(self.recordings, own, self.predicates.get(own, NOTHING))


@dataclass(frozen=True, slots=True)
class Because:
    """A rule that fired, with its inputs: what was found, and the limit that it was held against.

    `rule` is a code; its words are `text.rule` in the message catalogue, its unit stands there.
    """

    rule: str
    found: float = 0.0
    limit: float = 0.0


@dataclass(frozen=True, slots=True)
class Violation:
    """A restriction that was not kept. It never lowers a score; the minutes it takes earn nothing.

    `because` holds what made it as severe as it is, never empty.
    """

    code: str
    severity: Severity
    minutes: float
    activity_id: int
    exercise: Exercise  # what was too long, or led uphill
    because: tuple[Because, ...] = ()


class Taken(NamedTuple):
    """Moments that a rule or another item takes away, and the reason that they get."""

    reason: str
    spans: Spans


@dataclass(frozen=True)  # without slots: what is asked for many times is worked out once, and nothing before
class Credit:
    """What one session is worth to one item.

    Attributes:
        whole: where the item's predicate holds; eligible: less what other items claim; credited: less what violations
            take.
        taken: what leads from `whole` to `credited`. Each second is given one reason: that of the first that took it.
        factor: below 1 where the session stands in for another exercise.
        cap_minutes: where substitution was cut off, None for no limit.
        violations: those found in this session under this item.
        stands_in: the session's exercise is not the item's.
        inside: the item looks at the time of another, which tells of what the recordings themselves left out.
        eligible_s, credited_s: their seconds, summed once.
        share: how much of `credited` enters the item's dose; None for all of it.
    """

    session: Session
    whole: Spans
    eligible: Spans
    credited: Spans
    eligible_s: float
    credited_s: float
    taken: tuple[Taken, ...] = ()
    factor: float = 1.0
    cap_minutes: float | None = None
    violations: tuple[Violation, ...] = ()
    stands_in: bool = False
    inside: bool = False
    share: Share | None = None

    @cached_property
    def counted(self) -> Spans:
        """What of `credited` entered the item's dose."""
        return self.credited if self.share is None else self.share.counted(self.credited)

    @cached_property
    def beyond(self) -> tuple[Exclusion, ...]:
        """What of `credited` did not, with the reason."""
        return () if self.share is None else self.share.beyond(self.credited)

    @cached_property
    def excluded(self) -> tuple[Exclusion, ...]:
        """Every second that is not in `credited`, with its reason, in order of time."""
        told = [] if self.inside else list(self.session.excluded)
        left = self.whole
        for reason, spans in self.taken:
            gone, left = parted(left, spans)
            told += left_for(gone, reason)
        return tuple(sorted(told, key=begins))

    @property
    def eligible_minutes(self) -> float:
        return self.eligible_s / 60

    @property
    def credited_minutes(self) -> float:
        minutes = self.credited_s / 60 * self.factor
        return minutes if self.cap_minutes is None else min(minutes, self.cap_minutes)


@dataclass(frozen=True, slots=True)
class ItemAdherence:
    """One prescription, held against what was done. F, D, S and R of the clinical rules, section 8.

    `frequency`, `dose`, `score` and `over_dose` are None where no session was asked (all excused).
    """

    prescription: Prescription
    asked: int
    credits: tuple[Credit, ...]
    frequency: float | None
    dose: float | None
    score: float | None
    over_dose: float | None
    weight: float

    @property
    def asked_minutes(self) -> int:
        return self.asked * self.prescription.dose.minutes


@dataclass(frozen=True, slots=True)
class WeekAdherence:
    """A week against the plan.

    Attributes:
        score: W, 0-100; None where there is nothing to score or only a range is known.
        score_low, score_high: W if nothing, or everything possible, was done on the days not yet heard of.
        unplanned: sessions that serve no item.
        sessions: every session of the week, in order of time, with its verdict.
        excused: days on which nothing was asked, with the reason.
        outside: what has no item of its own, and stands in for none; `unplanned` are those of it that serve nothing
            at all (a walk may serve an item inside walks).
    """

    week: IsoWeek
    status: Status
    score: float | None = None
    score_low: float | None = None
    score_high: float | None = None
    band: Band | None = None
    items: tuple[ItemAdherence, ...] = ()
    violations: tuple[Violation, ...] = ()
    unplanned: tuple[Session, ...] = ()
    sessions: tuple[Session, ...] = ()
    excused: Mapping[date, str] = field(default_factory=dict)
    outside: tuple[Credit, ...] = ()

    @property
    def dose(self) -> float | None:
        """The share of the planned minutes that was done, 0-1, over the items that weigh."""
        weighed = [(item.weight, item.dose) for item in self.items if item.dose is not None and item.weight]
        weight = sum(each for each, _ in weighed)
        return sum(each * dose for each, dose in weighed) / weight if weight else None
