"""A person's weeks, judged, and where they stand: pure functions of a `History`. From the store: `coach.judged`."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Final, TypeVar

from coach.adherence import LOCKED_DAY, Band, Circumstances, WeekAdherence, judge
from coach.history import Choice, History
from coach.plan import Plan
from coach.progression import Decision, DecisionKind, Offer, OfferKind, days_off, decide, easy_due, offer
from coach.safety import CheckIn, Extent
from coach.safety.flares import FLARE, Episode, current, episodes, flare_days
from coach.safety.mornings import extents, mornings
from coach.safety.sore import SoreReason, sore
from coach.weeks import IsoWeek, day_of, day_starts_at

T = TypeVar("T")

# As far before the last closed week as sessions are loaded with it: a longer history says the same.
_DAYS_BEFORE: Final = 3


@dataclass(frozen=True, slots=True)
class JudgedWeek:
    """A week with the plan that it was held against; both None before the first plan.

    Attributes:
        mornings: the pain scores of its mornings, by local day; check_ins: all that was told in its days.
        decision: what the week says of the next one.
        extents: how far down symptoms reached on its mornings, by local day.
        flares: those of which it has a day, as they stand now.
    """

    adherence: WeekAdherence
    plan: Plan | None
    version: int | None
    mornings: Mapping[date, int]
    check_ins: tuple[CheckIn, ...]
    decision: Decision
    extents: Mapping[date, Extent] = field(default_factory=dict)
    flares: tuple[Episode, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands today.

    Attributes:
        week: the last that has closed; this_week: the one that is running.
        offer: the step that could be taken now; None where the plan stays, or it was answered.
        answered: what they said to the offer that followed `week`: accept, stay, ask.
        sore: why nothing may urge them today; empty where they are not sore.
        flare: the one that lasts.
        excused: why nothing is asked today; None where something is.
        locked: no diagnosis, or a warning sign.
    """

    week: JudgedWeek
    this_week: JudgedWeek
    offer: Offer | None
    answered: str | None
    sore: tuple[SoreReason, ...]
    flare: Episode | None
    excused: str | None
    locked: bool

    @property
    def eased(self) -> bool:
        """Nothing may urge today: it is sore, excused (a flare, rest advice, illness, a pause) or locked."""
        return self.locked or bool(self.sore) or self.flare is not None or self.excused is not None

    @property
    def paused(self) -> bool:
        """A flare lasts, or today is excused: but on the day that a flare ended it may begin again."""
        return self.flare is not None or self.excused not in {None, FLARE}

    @property
    def waits(self) -> bool:
        """Whether the step is one for another day: more is not for a sore day, and neither it nor a new beginning for
        one on which nothing is asked. To ease off can always be chosen.
        """
        if self.offer is None:
            return False
        up = self.offer.kind is OfferKind.UP
        return (up and bool(self.sore)) or ((up or self.offer.kind is OfferKind.RESTART) and self.paused)


def judge_week(history: History, week: IsoWeek, now: datetime) -> JudgedWeek:
    """Hold a week against the plan that was in force on its last day."""
    return next(judge_weeks(history, (week,), now))


def judge_weeks(history: History, weeks: Iterable[IsoWeek], now: datetime) -> Iterator[JudgedWeek]:
    """Each of them; what was told of all of them is looked through once."""
    return _each_judged(history, _Told.of(history, now), weeks, now)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a person told, as every week of theirs needs it. `check_ins` are in order of time, `at` is their times."""

    check_ins: Sequence[CheckIn]
    at: Sequence[datetime]
    mornings: Mapping[date, int]
    extents: Mapping[date, Extent]
    flares: tuple[Episode, ...]

    @classmethod
    def of(cls, history: History, now: datetime) -> "_Told":
        ordered = sorted(history.check_ins, key=attrgetter("at"))
        return cls(
            check_ins=ordered,
            at=[each.at for each in ordered],
            mornings=mornings(ordered, history.zone),
            extents=extents(ordered, history.zone),
            flares=episodes(history.flares, ordered, now, history.zone),
        )

    def between(self, start: datetime, end: datetime) -> Sequence[CheckIn]:
        return self.check_ins[bisect_left(self.at, start) : bisect_left(self.at, end)]


def _each_judged(history: History, told: _Told, weeks: Iterable[IsoWeek], now: datetime) -> Iterator[JudgedWeek]:
    return (_judged(history, told, week, now) for week in weeks)


def _judged(history: History, told: _Told, week: IsoWeek, now: datetime) -> JudgedWeek:
    version = history.version_on(week.sunday)
    plan = None if version is None else version.plan
    around = Circumstances(
        zone=history.zone,
        now=now,
        last_contact=history.last_contact,
        excused=_excused(history, told, week, now),
        first_day=history.first_day,
        check_ins=told.check_ins,
        locks=history.locks,
    )
    adherence = judge(week, plan, history.performed, around)
    theirs, before = _in(week, told.mornings), _in(week.previous, told.mornings)
    flagged = any(week.starts_at(history.zone) <= lock.raised_at < week.ends_at(history.zone) for lock in history.locks)
    return JudgedWeek(
        adherence=adherence,
        plan=plan,
        version=None if version is None else version.number,
        mornings=theirs,
        check_ins=tuple(
            told.between(day_starts_at(week.monday, history.zone), day_starts_at(week.next.monday, history.zone))
        ),
        decision=decide(adherence, tuple(theirs.values()), tuple(before.values()), flagged=flagged),
        extents=_in(week, told.extents),
        flares=tuple(
            each
            for each in told.flares
            if each.began_on <= week.sunday and (each.ended_on is None or each.ended_on >= week.monday)
        ),
    )


def stand(history: History, now: datetime) -> Standing:
    """Where a person stands; the history reaches back to the last closed week."""
    today = day_of(now, history.zone)
    running = IsoWeek.of(today)
    told = _Told.of(history, now)
    closed, open_ = _each_judged(history, told, (running.previous, running), now)
    verdicts = [
        session.verdict
        for week in (closed, open_)
        for session in week.adherence.sessions
        if session.verdict is not None
    ]
    answered = next((each.choice for each in history.choices if each.week == str(running.previous)), None)
    return Standing(
        week=closed,
        this_week=open_,
        offer=None if answered else _offered(history, closed, told.flares, today, now),
        answered=answered,
        sore=sore(now, verdicts, history.check_ins, history.zone),
        flare=current(told.flares),
        excused=open_.adherence.excused.get(today),
        locked=history.locked_at(now),
    )


def _excused(history: History, told: _Told, week: IsoWeek, now: datetime) -> Mapping[date, str]:
    """Days on which nothing is asked, with the first reason of these: locked, a pause or illness, a flare.

    What follows from verdicts (rest advice) the judgement finds itself.
    """
    locked = dict.fromkeys(_without_diagnosis(history, week), LOCKED_DAY)
    said = {day: str(each.kind) for each in reversed(history.excusals) for day in week.days if each.covers(day)}
    flares = flare_days(told.flares, now, history.zone)
    return _in(week, flares | said | locked)


def _without_diagnosis(history: History, week: IsoWeek) -> Iterator[date]:
    """Few people ever had a plan without one."""
    lacking = [each for each in history.versions if each.plan.diagnosis is None]
    return (day for day in week.days if history.version_on(day) in lacking) if lacking else iter(())


def _in(week: IsoWeek, scores: Mapping[date, T]) -> dict[date, T]:
    return {day: scores[day] for day in week.days if day in scores}


def _offered(
    history: History, closed: JudgedWeek, flares: Iterable[Episode], today: date, now: datetime
) -> Offer | None:
    """The step that follows the last closed week, from the plan in force today."""
    version = history.version_on(today)
    if version is None or history.locked_at(now) or history.versions[-1].plan.starts_on > today:
        return None  # nothing may be asked, or the clinician's next plan has its day already
    began = _began(history)
    stayed = max((day_of(each.at, history.zone) for each in history.choices if _declined(each)), default=None)
    return offer(
        version.plan,
        closed.decision,
        easy_due=easy_due(IsoWeek.of(today), IsoWeek.of(began), _easy_weeks(history)) and _is_partly_done(closed),
        days_off=max(_gaps(history, began, today, stayed)),
        after_flare=any(_asks_to_restart(each, history, version.plan, closed) for each in flares),
    )


def _is_partly_done(closed: JudgedWeek) -> bool:
    """An easy week is a rest from doing: off the plan there is none to rest from."""
    return closed.adherence.band is not Band.OFF_PLAN


def _asks_to_restart(flare: Episode, history: History, plan: Plan, closed: JudgedWeek) -> bool:
    """Whether a flare is over, and nothing since has answered it: another plan, a choice, or a week that went well."""
    if flare.ended_at is None or flare.ended_on is None:
        return False
    answered = any(flare.ended_at <= each.at for each in history.choices if _declined(each) or _accepted(each))
    return plan.starts_on <= flare.ended_on and not answered and not _went_well_since(flare.ended_on, closed)


def _declined(choice: Choice) -> bool:
    """Whether they would rather begin again with the dose as it was: that is not asked twice."""
    return choice.offer == OfferKind.RESTART and choice.choice == "stay"


def _accepted(choice: Choice) -> bool:
    return choice.offer == OfferKind.RESTART and choice.choice == "accept"


def _went_well_since(flare_ended: date, closed: JudgedWeek) -> bool:
    """A whole week of the dose as it was, done and settled: a flare before it asks for nothing any more."""
    return flare_ended < closed.adherence.week.monday and closed.decision.kind is DecisionKind.PROGRESS


def _began(history: History) -> date:
    """The first day of the plan, or of the last restart."""
    restarted = [IsoWeek.parse(each.week).next.monday for each in history.choices if _accepted(each)]
    return max([history.first_day or date.max, *restarted])


def _easy_weeks(history: History) -> Iterator[IsoWeek]:
    """Weeks that were easy, or that could have been and were not wanted so."""
    yield from (IsoWeek.of(each.plan.starts_on) for each in history.versions if each.plan.easy)
    yield from (IsoWeek.parse(each.week).next for each in history.choices if each.offer == OfferKind.EASY)


def _gaps(history: History, began: date, today: date, stayed: date | None) -> Iterator[int]:
    """Days off until a source was last heard, and until the first session of two weeks: who has just come back starts
    gently too, unless they said since that they would rather not, and of a watch that has not synced nobody knows.
    """
    heard = today if history.last_contact is None else min(today, day_of(history.last_contact, history.zone))
    since = IsoWeek.of(today).previous.monday - timedelta(days=_DAYS_BEFORE)
    known = sorted(day_of(each.started_at, history.zone) for each in history.performed if each.exercise is not None)
    days, earlier = [day for day in known if day >= since], [day for day in known if day < since]
    if history.last_before is not None:
        earlier = [day_of(history.last_before, history.zone), *earlier]
    before = earlier[-1] if earlier else None
    yield days_off(days[-1] if days else before, began, heard)
    if days and before is not None and before >= began and not (stayed is not None and days[0] <= stayed):
        yield days_off(before, began, days[0])
