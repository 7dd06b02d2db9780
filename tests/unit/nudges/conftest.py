"""People at a moment of the week of 2-8 November 2026, or of another."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from coach.adherence import Circumstances, Performed, judge
from coach.effort import Effort, Predicate
from coach.effort.model import predicate_of
from coach.nudges import RULES, NoLongerTrue, Proposal, Situation, Telling
from coach.plan import Diagnosis, Dose, Exercise, Plan, Prescription, Relief, Role
from coach.plan.exercises import substitution
from coach.weeks import IsoWeek
from config.messages import catalogue
from devices.recording import Span
from scheduler.clock import local_instant


class Life:
    """A person's week: what is asked, what is done, and what the rules make of it at a moment.

    Days count from Monday, 0. Unless told otherwise something synced an hour ago.
    """

    def __init__(self, week: IsoWeek, zone: str = "Europe/Berlin") -> None:
        self.week = week
        self.zone = ZoneInfo(zone)
        self.ids = count(1)
        self.performed: list[Performed] = []
        self.plan: Plan | None = None
        self.ask(("level_walk", 5, 20))

    def ask(self, *items: Any, locked: bool = False) -> "Life":
        """Items as (exercise, sessions, minutes[, role[, more]])."""
        prescriptions = []
        for exercise, sessions, minutes, *rest in items:
            dose = Dose(sessions=sessions, minutes=minutes)
            role, more = [*rest, "base", {}][0], rest[1] if len(rest) > 1 else {}
            prescriptions.append(
                Prescription(exercise=Exercise(exercise), role=Role(role), dose=dose, ceiling=dose, **more)
            )
        self.plan = Plan(
            condition="spinal_stenosis",
            starts_on=self.week.monday,
            diagnosis=None if locked else Diagnosis(made_by="Dr. Lee", made_on=self.week.monday),
            relief=Relief.FLEXION,
            flexion_tolerated=True,
            pain_limit_during=4,
            prescriptions=tuple(prescriptions),
            substitution=substitution(),
        )
        return self

    def at(self, day: int, clock: str) -> datetime:
        return local_instant(self.week.monday + timedelta(days=day), time.fromisoformat(clock), self.zone)

    def did(self, exercise: str, minutes: float, day: int, at: str = "18:00", *, fast: float = 0) -> "Life":
        started_at, kind = self.at(day, at), Exercise(exercise)
        effort = Effort(predicate_of(kind), (Span(0.0, minutes * 60),))
        ended_at = started_at + timedelta(minutes=minutes)
        efforts = {
            effort.predicate: effort,
            Predicate.FAST: Effort(Predicate.FAST, (Span(0.0, fast * 60),)[: fast > 0]),
        }
        self.performed.append(Performed(next(self.ids), kind, started_at, ended_at, efforts))
        return self

    def seen(
        self,
        now: datetime,
        *,
        heard: datetime | str | None = "an hour ago",
        known_since: datetime | None = None,
        began: datetime | None = None,
        excused: Mapping[int, str] | None = None,
    ) -> Situation:
        contact = now - timedelta(hours=1) if isinstance(heard, str) else heard
        assert self.plan is not None
        this_week = IsoWeek.of(now.astimezone(self.zone).date())
        days = {self.week.monday + timedelta(days=day): why for day, why in (excused or {}).items()}
        around = Circumstances(self.zone, now, contact, days)
        return Situation(
            now=now,
            zone=self.zone,
            plan=self.plan,
            this_week=judge(this_week, self.plan, self.performed, around),
            last_week=judge(this_week.previous, self.plan, self.performed, around),
            last_contact=contact,
            known_since=known_since or self.at(-30, "12:00"),
            began=began or self.at(-30, "00:00"),
        )

    def proposals(self, rule: str, now: datetime, **given: Any) -> list[Proposal]:
        return list(RULES[rule].propose(self.seen(now, **given)))

    def told(self, rule: str, period: str, now: datetime, **given: Any) -> Telling | NoLongerTrue:
        return RULES[rule].tell(self.seen(now, **given), period)

    def said(self, rule: str, period: str, now: datetime, **given: Any) -> list[str]:
        """Every wording of what would be sent."""
        told = self.told(rule, period, now, **given)
        assert isinstance(told, Telling), told
        return [each.filled(**told.fields).text for each in catalogue().variants(told.texts or rule)]


@pytest.fixture
def life() -> Life:
    return Life(IsoWeek(2026, 45))


@pytest.fixture(scope="session")
def lives() -> type[Life]:
    return Life
