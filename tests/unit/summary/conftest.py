"""Letters about the week of 2-8 November 2026."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from coach.adherence import Circumstances, Performed, WeekAdherence, judge
from coach.effort import Effort, Exclusion, Predicate, Reason
from coach.effort.model import predicate_of
from coach.effort.spans import subtract
from coach.judgement import JudgedWeek
from coach.past import in_short
from coach.plan import Diagnosis, Exercise, Plan
from coach.plan.exercises import facts
from coach.plan.library import conditions, example_plan
from coach.progression import decide
from coach.safety import CheckIn, Lock
from coach.safety.flares import Episode
from coach.safety.mornings import extents, mornings
from coach.summary.content import NOTHING_AHEAD, Ahead, Letter, letter
from coach.weeks import IsoWeek
from devices.recording import Span

Stretch = tuple[float, float]
BERLIN = ZoneInfo("Europe/Berlin")


def spans(stretches: Sequence[Stretch]) -> tuple[Span, ...]:
    return tuple(Span(start * 60, end * 60) for start, end in stretches)


class Post:
    """A person's plan, what they did, and the letter about it. Days count from Monday, 0."""

    week = IsoWeek(2026, 45)

    def __init__(self) -> None:
        self.ids = count(1)

    def plan(self, condition: str = "disc_herniation", *, diagnosed: bool = True, **given: Any) -> Plan:
        return example_plan(
            conditions()[condition],
            starts_on=self.week.monday,
            diagnosis=Diagnosis(made_by="Dr. Lee", made_on=self.week.monday) if diagnosed else None,
            **given,
        )

    def done(
        self,
        exercise: str,
        minutes: float,
        day: int = 0,
        *,
        uphill: Sequence[Stretch] = (),
        idle: Sequence[Stretch] = (),
        reason: str = Reason.STANDING_STILL,
        grade_known: bool = True,
    ) -> Performed:
        kind = Exercise(exercise)
        started_at = self.week.starts_at(BERLIN) + timedelta(days=day, hours=18)
        whole = (Span(0.0, minutes * 60),)
        efforts = [
            Effort(
                predicate_of(kind), subtract(whole, spans(idle)), tuple(Exclusion(each, reason) for each in spans(idle))
            )
        ]
        if facts(kind).family == "walk":
            note = None if grade_known else "grade unavailable: no altitude"
            efforts.append(Effort(Predicate.UPHILL, spans(uphill), note=note))
        return Performed(
            next(self.ids), kind, started_at, started_at + timedelta(minutes=minutes), {e.predicate: e for e in efforts}
        )

    def judged(
        self,
        plan: Plan | None,
        *performed: Performed,
        days_later: float = 8,
        heard: float = 8,
        excused: Mapping[int, str] | None = None,
        locks: Sequence[Lock] = (),
        told: Sequence[CheckIn] = (),
    ) -> WeekAdherence:
        start = self.week.starts_at(BERLIN)
        days = {self.week.days[day]: why for day, why in (excused or {}).items()}
        now, contact = start + timedelta(days=days_later), start + timedelta(days=heard)
        return judge(self.week, plan, performed, Circumstances(BERLIN, now, contact, days, check_ins=told, locks=locks))

    def letter(self, plan: Plan | None, *performed: Performed, **given: Any) -> Letter:
        offer = given.pop("offer", None)
        about = {
            "name": given.pop("name", "Ada"),
            "emergency_number": given.pop("emergency_number", "112"),
            "trend": [in_short(each) for each in given.pop("trend", [])],
            "ahead": NOTHING_AHEAD if given.pop("locked", False) else Ahead(given.pop("next", plan), offer),
            "concerns": given.pop("concerns", ()),
            "words": given.pop("words", None),
        }
        told, flares = given.pop("told", ()), given.pop("flares", ())
        return letter(
            judged=self.as_judged(plan, self.judged(plan, *performed, told=told, **given), told, flares), **about
        )

    def as_judged(
        self, plan: Plan | None, week: WeekAdherence, told: Sequence[CheckIn] = (), flares: Sequence[Episode] = ()
    ) -> JudgedWeek:
        return JudgedWeek(
            adherence=week,
            plan=plan,
            version=None if plan is None else 1,
            mornings={day: pain for day, pain in mornings(told, BERLIN).items() if day in self.week.days},
            check_ins=tuple(told),
            decision=decide(week, (), ()),
            extents={day: extent for day, extent in extents(told, BERLIN).items() if day in self.week.days},
            flares=tuple(flares),
        )

    def at(self, day: float) -> datetime:
        return self.week.starts_at(BERLIN) + timedelta(days=day)


@pytest.fixture
def post() -> Post:
    return Post()
