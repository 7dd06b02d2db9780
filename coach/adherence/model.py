"""The values of a judged week. Each carries its reasons, so that nothing has to be worked out twice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from coach.effort.model import Effort, Exclusion, Predicate
from coach.effort.spans import Spans, subtract, total_s
from coach.plan.model import Exercise, Prescription
from coach.plan.violations import Severity
from coach.safety.model import Verdict
from coach.weeks import IsoWeek


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


@dataclass(frozen=True, slots=True)
class Performed:
    """A stored activity, as the judgement sees it. Times in `efforts` are seconds from `started_at`.

    Attributes:
        borg: effort, 6-20, as the person told their watch or us; water_c: the water's temperature, likewise.
        distance_m: covered, the device's figure where it has one.
        self_reported: entered by hand, without a recording.
    """

    activity_id: int
    exercise: Exercise | None
    started_at: datetime
    ended_at: datetime
    efforts: Mapping[Predicate, Effort]
    borg: float | None = None
    water_c: float | None = None
    distance_m: float | None = None
    self_reported: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """One or more recordings of one exercise that belong together. Spans are POSIX seconds.

    Attributes:
        borg, water_c: the largest that was told of any of them; None where none was.
        distance_m: all together.
        self_reported: any of them was entered by hand.
        elapsed: from the first moment of each recording to its last; what lies between two recordings is in none.
        verdict: what came of it, by what the person told of pain; None where nothing was asked of the judgement.
    """

    activity_ids: tuple[int, ...]
    exercise: Exercise
    day: date
    started_at: datetime
    ended_at: datetime
    predicates: Mapping[Predicate, Spans]
    excluded: tuple[Exclusion, ...]
    notes: tuple[str, ...]
    borg: float | None = None
    water_c: float | None = None
    distance_m: float | None = None
    self_reported: bool = False
    verdict: Verdict | None = None
    elapsed: Spans = ()


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


@dataclass(frozen=True)  # without slots: minutes are asked for many times, and summed once
class Credit:
    """What one session is worth to one item.

    Attributes:
        eligible: where the item's predicate holds; credited: what is left after violations.
        excluded: every other second, with its reason.
        factor: below 1 where the session stands in for another exercise.
        cap_minutes: where substitution was cut off, None for no limit.
        violations: those found in this session under this item.
        stands_in: the session's exercise is not the item's.
        beyond: what of `credited` did not enter the item's dose, with the reason.
    """

    session: Session
    eligible: Spans
    credited: Spans
    excluded: tuple[Exclusion, ...] = ()
    factor: float = 1.0
    cap_minutes: float | None = None
    violations: tuple[Violation, ...] = ()
    stands_in: bool = False
    beyond: tuple[Exclusion, ...] = ()

    @cached_property
    def counted(self) -> Spans:
        """What of `credited` entered the item's dose."""
        return subtract(self.credited, tuple(each.span for each in self.beyond))

    @cached_property
    def eligible_minutes(self) -> float:
        return total_s(self.eligible) / 60

    @cached_property
    def credited_minutes(self) -> float:
        minutes = total_s(self.credited) / 60 * self.factor
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
