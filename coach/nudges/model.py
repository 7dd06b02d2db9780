"""What a rule sees, and what it may say. Values only: a rule is a function of a `Situation`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from coach.adherence import WeekAdherence
from coach.history import History
from coach.judgement import JudgedWeek, Standing, judge_week
from coach.nudges.wishes import Wishes
from coach.plan.model import Plan
from coach.plan.thresholds import thresholds
from coach.progression import Decision, Offer
from coach.safety.model import CheckIn, Lock
from coach.weeks import IsoWeek, day_of
from config.messages import Messages, catalogue
from scheduler.clock import local_instant
from scheduler.messages import Kind, Policy

AHEAD: Final = timedelta(minutes=30)
"""So long before it is due a nudge is known, so that it can go out with what falls within those minutes."""

OVERNIGHT: Final = timedelta(hours=4, minutes=30)
"""What is due to everybody at half past eight on a Monday is known as soon as it is Monday, at four
(`coach.weeks.day_of`): there are hours to word it.
"""

LAPSE: Final = timedelta(days=10)
"""Without a sign of life, R14 asks whether the plan still suits (clinical rules, section 9)."""


def silence() -> timedelta:
    """How long without a contact means that what looks undone may still be on a watch."""
    return timedelta(hours=thresholds().adherence.silence_hours)


@dataclass(frozen=True, slots=True)
class Situation:
    """A person at a moment.

    Attributes:
        history: what all of it rests on, as far back as the rules that ask look (`Rule.looks_back`).
        standing: what was made of it as of `now`.
        known_since: since when there is anybody to hear from.
        engaged_at: when they last did or said anything; None for never, and where no rule that asks wants to know
            (`Rule.after_silence`). A sync that brought nothing is no sign of life.
        wishes: what they want to hear, and when.
    """

    now: datetime
    history: History
    standing: Standing
    known_since: datetime
    engaged_at: datetime | None = None
    wishes: Wishes = field(default_factory=Wishes)
    emergency_number: str = "112"
    language: str = "en"

    # When and where.

    @property
    def zone(self) -> ZoneInfo:
        return self.history.zone

    @property
    def local(self) -> datetime:
        return self.now.astimezone(self.zone)

    @property
    def today(self) -> date:
        """The local day; the hours after midnight belong to the day before."""
        return day_of(self.now, self.zone)

    def at(self, day: date, clock: time) -> datetime:
        """The moment at which the person's clock shows it."""
        return local_instant(day, clock, self.zone)

    def is_near(self, due_at: datetime, expires_at: datetime, ahead: timedelta = AHEAD) -> bool:
        """Whether it is time to put what is due then into the outbox."""
        return due_at - ahead <= self.now < expires_at

    @property
    def words(self) -> Messages:
        return catalogue(self.language)

    # What is asked, and what was done.

    @property
    def plan(self) -> Plan:
        """The one in force. Who has none is locked, and no rule that speaks then asks for it."""
        version = self.history.version_on(self.local.date())
        if version is None:
            raise ValueError("there is no plan yet")
        return version.plan

    @property
    def this_week(self) -> WeekAdherence:
        return self.standing.this_week.adherence

    @property
    def last_week(self) -> WeekAdherence:
        return self.standing.week.adherence

    @property
    def decision(self) -> Decision:
        """Of the last closed week."""
        return self.standing.week.decision

    @property
    def offer(self) -> Offer | None:
        """The step that could be taken now, not answered yet."""
        return self.standing.offer

    @property
    def check_ins(self) -> tuple[CheckIn, ...]:
        """What was told until now, in order of time."""
        return tuple(sorted((each for each in self.history.check_ins if each.at <= self.now), key=lambda each: each.at))

    def closed(self) -> Iterator[JudgedWeek]:
        """The closed weeks, the latest first; each is judged when it is asked for."""
        yield self.standing.week
        week = self.last_week.week
        while True:
            week = week.previous
            yield judge_week(self.history, week, self.now)

    # What may be said.

    @property
    def locks(self) -> tuple[Lock, ...]:
        """Those of warning signs that hold now."""
        return tuple(each for each in self.history.locks if each.holds(self.now))

    @property
    def locked(self) -> bool:
        """No plan, no diagnosis, or a warning sign."""
        return self.standing.locked

    @property
    def sore(self) -> tuple[str, ...]:
        return self.standing.sore

    def is_excused(self, day: date) -> bool:
        """Whether nothing is asked on a day of this week, or, as far as it is known, on a later one."""
        if IsoWeek.of(day) == self.this_week.week:
            return day in self.this_week.excused
        return self.standing.flare is not None or any(each.covers(day) for each in self.history.excusals)

    @property
    def eased(self) -> bool:
        """Nothing may urge today."""
        return self.standing.eased

    # When they were heard.

    @property
    def began(self) -> datetime:
        """The first moment of the first plan."""
        return self.at(self.history.first_day or self.this_week.week.monday, time(0))

    @property
    def last_contact(self) -> datetime | None:
        """When a source was last heard; None for never."""
        return self.history.last_contact

    @property
    def silent_since(self) -> datetime:
        """Local time."""
        return max(self.last_contact or self.known_since, self.began).astimezone(self.zone)

    @property
    def silent(self) -> bool:
        """No source was heard for so long that nobody knows what was done."""
        return self.now - self.silent_since >= silence()

    @property
    def engaged_since(self) -> datetime:
        """The last sign of life, or the moment from which one was to be expected. Local time."""
        return max(self.engaged_at or self.known_since, self.began).astimezone(self.zone)

    @property
    def lapsed(self) -> bool:
        return self.now - self.engaged_since >= LAPSE


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something worth saying. `period` makes it unique under its rule; `reason` is for whoever asks why, never blank.

    `expires_at` None: never too late.
    """

    period: str
    reason: str
    due_at: datetime
    expires_at: datetime | None

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError(f"What is proposed for {self.period} gives no reason.")


@dataclass(frozen=True, slots=True)
class Telling:
    """The fields of the rule's text; the texts to choose from, where they are not its own; and a sentence more."""

    fields: Mapping[str, object]
    texts: str | None = None
    more: str | None = None


@dataclass(frozen=True, slots=True)
class WordForWord:
    """What is said in the same words each time: texts by their keys, with their fields."""

    title: str
    keys: tuple[str, ...]
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NoLongerTrue:
    reason: str


Answer = Telling | WordForWord | NoLongerTrue


def _on_the_last(_: date) -> int:
    return 1


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to write to a person.

    Attributes:
        id: as in the clinical rules, section 9.
        name: what it is, in two words.
        rank: of what goes out together, the smallest is read first.
        urges: it asks for more activity, and is silent on a day on which nothing is asked.
        propose: what is worth saying in a situation.
        tell: just before sending: what the text needs, or why there is nothing to say any more.
        while_locked: it speaks while the plan is locked; all others are silent then.
        urgent: it passes quiet hours, joins no other message, counts for no limit and cannot be turned off.
        opt_in: it is silent until the person asks for it.
        rest: after one, none for so long, whatever its period.
        looks_back: on a day, on how many closed weeks.
        at: the local times at which it speaks of its own accord; others follow what a person does.
        ahead: so long before that, what it has to say is known.
        after_silence: it asks when the person was last heard (`Situation.engaged_since`, `lapsed`), which takes a
            question of its own.
    """

    id: str
    name: str
    kind: Kind
    rank: int
    propose: Callable[[Situation], Iterable[Proposal]]
    tell: Callable[[Situation, str], Answer]
    urges: bool = False
    while_locked: bool = False
    urgent: bool = False
    opt_in: bool = False
    rest: timedelta | None = None
    looks_back: Callable[[date], int] = _on_the_last
    at: tuple[time, ...] = ()
    ahead: timedelta = AHEAD
    after_silence: bool = False

    @property
    def policy(self) -> Policy:
        """Motivation rather never than twice, all else rather twice than never."""
        return Policy.NEVER_TWICE if self.kind is Kind.MOTIVATION else Policy.RESEND

    def silent_because(self, seen: Situation) -> str | None:
        """Why it says nothing in a situation, whatever it might have to say; None where it may speak."""
        if seen.locked and not self.while_locked:
            return "the plan is locked"
        if self.urges and seen.eased:
            return "nothing is asked today"
        return None if self.urgent else seen.wishes.against(self.id, seen.now, opt_in=self.opt_in)
