"""Weeks from minutes: a plan, what was done, and the verdict on it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from coach.adherence import Circumstances, Performed, WeekAdherence, judge
from coach.effort import Effort, Exclusion, Predicate, Reason
from coach.effort.model import predicate_of
from coach.effort.spans import subtract
from coach.plan import (
    Diagnosis,
    Dose,
    Exercise,
    HeatScreen,
    Plan,
    Prescription,
    Relief,
    Restriction,
    RestrictionCode,
    Role,
    Stroke,
    Traits,
)
from coach.plan.exercises import substitution
from coach.safety.model import CheckIn, Extent, Lock, Phase
from coach.weeks import IsoWeek
from devices.recording import Span
from scheduler.clock import local_instant

Stretch = tuple[float, float]
"""From one minute of a session to another."""

_USUAL = IsoWeek(2026, 45)
GRADE_UNKNOWN = "grade unavailable: no altitude"


def spans(stretches: Iterable[Stretch]) -> tuple[Span, ...]:
    return tuple(Span(start * 60, end * 60) for start, end in stretches)


class Week:
    """The week of 2-8 November 2026 in Berlin, unless told otherwise. Days count from Monday, 0."""

    def __init__(self, week: IsoWeek = _USUAL, zone: str = "Europe/Berlin") -> None:
        self.week = week
        self.zone = ZoneInfo(zone)
        self.ids = count(1)

    def item(self, exercise: str, sessions: int, minutes: int, role: str = "base", **more: Any) -> Prescription:
        dose = Dose(sessions=sessions, minutes=minutes)
        return Prescription(exercise=Exercise(exercise), role=Role(role), dose=dose, ceiling=dose, **more)

    def plan(
        self,
        *items: Prescription,
        locked: bool = False,
        avoid_uphill: bool = False,
        avoid_strokes: Sequence[str] = (),
        beta_blocker: bool = False,
        pairs: Mapping[Exercise, Mapping[Exercise, float]] | None = None,
        **more: Any,
    ) -> Plan:
        restrictions = []
        if avoid_uphill:
            restrictions.append(Restriction(code=RestrictionCode.UPHILL_AVOID, reason="..."))
        if avoid_strokes:
            strokes = tuple(map(Stroke, avoid_strokes))
            restrictions.append(Restriction(code=RestrictionCode.STROKE_AVOID, reason="...", strokes=strokes))
        return Plan(
            condition="disc_herniation",
            starts_on=self.week.monday,
            diagnosis=None if locked else Diagnosis(made_by="Dr. Lee", made_on=self.week.monday),
            relief=Relief.UNKNOWN,
            flexion_tolerated=not avoid_uphill,
            traits=Traits(heat_screen=HeatScreen.CLEAR, beta_blocker=beta_blocker),
            pain_limit_during=3,
            prescriptions=items,
            restrictions=tuple(restrictions),
            substitution=substitution() if pairs is None else pairs,
            **more,
        )

    def walks(self, sessions: int, minutes: int, **more: Any) -> Plan:
        """A plan of walks alone."""
        return self.plan(self.item("level_walk", sessions, minutes, **more))

    def at(self, day: int, clock: str = "00:00") -> datetime:
        return local_instant(self.week.monday + timedelta(days=day), time.fromisoformat(clock), self.zone)

    def done(
        self,
        exercise: str | None,
        minutes: float,
        day: int = 0,
        at: str = "18:00",
        *,
        idle: Sequence[Stretch] = (),
        uphill: Sequence[Stretch] = (),
        steep: Sequence[Stretch] = (),
        fast: Sequence[Stretch] = (),
        grade_known: bool = True,
        activity_id: int | None = None,
        reason: str = Reason.STANDING_STILL,
        above: Mapping[str, Sequence[Stretch]] | None = None,
        **told: Any,
    ) -> Performed:
        """A recording of so many minutes; in `idle` ones its own predicate does not hold.

        `above` holds other predicates by name; `told` is what a person or device said of the whole (Borg, water ...).
        """
        started_at = self.at(day, at)
        kind = Exercise(exercise) if exercise else None
        efforts = []
        if kind is not None:
            own = predicate_of(kind)
            counted = subtract((Span(0.0, minutes * 60),), spans(idle))
            efforts.append(Effort(own, counted, tuple(Exclusion(span, reason) for span in spans(idle))))
            if own is Predicate.MOVING:
                note = None if grade_known else GRADE_UNKNOWN
                efforts += [
                    Effort(Predicate.FAST, spans(fast)),
                    Effort(Predicate.UPHILL, spans(uphill) if grade_known else (), note=note),
                    Effort(Predicate.STEEP, spans(steep) if grade_known else (), note=note),
                ]
        efforts += [Effort(Predicate(name), spans(where)) for name, where in (above or {}).items()]
        return Performed(
            activity_id=next(self.ids) if activity_id is None else activity_id,
            exercise=kind,
            started_at=started_at,
            ended_at=started_at + timedelta(minutes=minutes),
            efforts={each.predicate: each for each in efforts},
            **told,
        )

    def daily(self, exercise: str, *minutes: float) -> list[Performed]:
        """One session a day from Monday on; past Sunday a second one in the mornings."""
        return [self.done(exercise, each, day % 7, "18:00" if day < 7 else "08:00") for day, each in enumerate(minutes)]

    def pain(
        self,
        day: int,
        at: str = "18:00",
        pre: int | None = 2,
        peak: int | None = 3,
        post: int | None = 2,
        morning: int | None = 3,
        **extents: Extent,
    ) -> list[CheckIn]:
        """What was told of a session of 20 minutes at that time, and the morning after; extents by phase."""
        begun = self.at(day, at)
        times = {
            Phase.PRE: begun - timedelta(minutes=5),
            Phase.PEAK: begun + timedelta(minutes=25),
            Phase.POST: begun + timedelta(minutes=30),
            Phase.MORNING: self.at(day + 1, "08:00"),
        }
        scores = dict(zip(times, (pre, peak, post, morning), strict=True))
        return [
            CheckIn(at, phase, scores[phase], extents.get(phase))
            for phase, at in times.items()
            if scores[phase] is not None
        ]

    def judge(
        self,
        plan: Plan | None,
        *performed: Performed,
        now: datetime | None = None,
        heard: datetime | str | None = "now",
        excused: Mapping[int, str] | None = None,
        first_day: date | None = None,
        check_ins: Sequence[CheckIn] = (),
        locks: Sequence[Lock] = (),
    ) -> WeekAdherence:
        """A closed week, two days later, with everything synced."""
        now = now or self.at(9)
        return judge(
            self.week,
            plan,
            performed,
            Circumstances(
                zone=self.zone,
                now=now,
                last_contact=now if heard == "now" else heard,  # type: ignore[arg-type]
                excused={self.week.days[day]: why for day, why in (excused or {}).items()},
                first_day=first_day,
                check_ins=check_ins,
                locks=locks,
            ),
        )


@pytest.fixture
def week() -> Week:
    return Week()


@pytest.fixture(scope="session")
def weeks() -> type[Week]:
    """To make other weeks, or a fresh one for each example of a property."""
    return Week
