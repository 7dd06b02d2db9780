"""People at a moment of the week of 2-8 November 2026, or of another."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from coach.adherence import Performed
from coach.effort import Effort, Predicate
from coach.effort.model import predicate_of
from coach.history import Choice, History, Version
from coach.judgement import stand
from coach.nudges import RULES, NoLongerTrue, Proposal, Situation, Telling
from coach.nudges.wishes import Wish, Wishes
from coach.plan import Diagnosis, Dose, Exercise, Plan, Prescription, Relief, Role
from coach.plan.exercises import substitution
from coach.safety import CheckIn, Excusal, ExcusalKind, Extent, Flare, Lock, Phase
from coach.weeks import IsoWeek
from config.messages import catalogue
from devices.recording import Span
from scheduler.clock import local_instant

_BREACH: Mapping[str, object] = {"minutes": 12, "exercise": "walk", "exercises": "walks"}
GIVEN: Mapping[str, Mapping[str, object]] = {
    "R1": {"minutes": 22, "exercise": "walk", "planned_minutes": 20},
    "R1_stand_in": {"minutes": 30, "exercise": "swim", "asked": "walk"},
    "R1_eased": {"minutes": 22, "exercise": "walk"},
    "R1_shoulder": {"minutes": 20, "exercise": "swim"},
    "R2": {},
    "R3": {"exercise": "walk", "at": "17:30"},
    "R3_tomorrow": {"exercise": "walk", "at": "08:30"},
    "R4": {"done": "2 walks", "minutes": 20},
    "R5_peak_high": {"days": "today"},
    "R5_morning_up": {"days": "today"},
    "R5_extent_stays": {"days": "today"},
    "R5_numbness": {"days": "today"},
    "R6_uphill_avoid": _BREACH,
    "R6_too_long": _BREACH,
    "R6_too_intense": _BREACH,
    "R6_stroke_avoid": _BREACH,
    "R6_hot_too_long": _BREACH,
    "R7": {"exercises": "walks"},
    "R8": {"day": "Tuesday"},
    "R9": {"exercise": "walk", "minutes": 20},
    "R9_weeks": {},
    "R10": {"changes": "13 min a walk instead of 12"},
    "R10_easy": {"changes": "9 min a walk instead of 12"},
    "R10_back": {"changes": "8 min a walk instead of 12"},
    "R10_restart": {"changes": "8 min a walk instead of 12"},
    "R11": {},
    "R12": {"exercises": "walks", "instead": "swim"},
    "R13": {"score": "72 %"},
    "R13_without_score": {},
    "R14": {},
}
"""What each text is given, by example; `Life.telling` holds it against what the rules give."""


class Life:
    """A person's weeks: what is asked, done and told, and what the rules make of it at a moment.

    Days count from Monday, 0. Unless told otherwise the plan began four weeks before, and something synced an hour ago.
    """

    def __init__(self, week: IsoWeek, zone: str = "Europe/Berlin") -> None:
        self.week = week
        self.zone = ZoneInfo(zone)
        self.ids = count(1)
        self.performed: list[Performed] = []
        self.check_ins: list[CheckIn] = []
        self.locks: list[Lock] = []
        self.flares: list[Flare] = []
        self.excusals: list[Excusal] = []
        self.choices: list[Choice] = []
        self.earlier: list[Plan] = []
        self.wishes: dict[str, Wish] = {}
        self.plan: Plan | None = None
        self.ask(("level_walk", 5, 20))

    def ask(self, *items: Any, locked: bool = False, since: int = -28, **more: Any) -> "Life":
        """Items as (exercise, sessions, minutes[, role[, more]]), from a day on."""
        prescriptions = []
        for exercise, sessions, minutes, *rest in items:
            dose = Dose(sessions=sessions, minutes=minutes)
            role, added = [*rest, "base", {}][0], rest[1] if len(rest) > 1 else {}
            prescriptions.append(
                Prescription(
                    **{"exercise": Exercise(exercise), "role": Role(role), "dose": dose, "ceiling": dose, **added}
                )
            )
        self.plan = Plan(
            **{
                "condition": "spinal_stenosis",
                "starts_on": self.day(since),
                "diagnosis": None if locked else Diagnosis(made_by="Dr. Lee", made_on=self.week.monday),
                "relief": Relief.FLEXION,
                "flexion_tolerated": True,
                "pain_limit_during": 4,
                "prescriptions": tuple(prescriptions),
                "substitution": substitution(),
                **more,
            }
        )
        return self

    def then(self, *items: Any, since: int, **more: Any) -> "Life":
        """What was asked until now was the plan before."""
        assert self.plan is not None
        self.earlier.append(self.plan)
        return self.ask(*items, since=since, **more)

    def day(self, day: int) -> date:
        return self.week.monday + timedelta(days=day)

    def at(self, day: int, clock: str) -> datetime:
        return local_instant(self.day(day), time.fromisoformat(clock), self.zone)

    def did(
        self,
        exercise: str,
        minutes: float,
        day: int,
        at: str = "18:00",
        *,
        fast: float = 0,
        uphill: float = 0,
        feels: Sequence[int | None] = (),
    ) -> "Life":
        """`feels`: pain before, at its most, after, and the next morning."""
        started_at, kind = self.at(day, at), Exercise(exercise)
        effort = Effort(predicate_of(kind), (Span(0.0, minutes * 60),))
        ended_at = started_at + timedelta(minutes=minutes)
        efforts = {
            effort.predicate: effort,
            Predicate.FAST: Effort(Predicate.FAST, (Span(0.0, fast * 60),)[: fast > 0]),
            Predicate.UPHILL: Effort(Predicate.UPHILL, (Span(0.0, uphill * 60),)[: uphill > 0]),
        }
        self.performed.append(Performed(next(self.ids), kind, started_at, ended_at, efforts))
        when = (
            started_at - timedelta(minutes=5),
            ended_at,
            ended_at + timedelta(minutes=10),
            self.at(day + 1, "08:00"),
        )
        for phase, moment, pain in zip(Phase, when, feels, strict=False):
            if pain is not None:
                self.check_ins.append(CheckIn(moment, phase, pain))
        return self

    def told(
        self,
        day: int,
        at: str,
        pain: int | None = None,
        phase: str = "morning",
        *,
        extent: int | None = None,
        **more: Any,
    ) -> "Life":
        reaches = None if extent is None else Extent(extent)
        self.check_ins.append(CheckIn(self.at(day, at), Phase(phase), pain, reaches, **more))
        return self

    def locked(self, day: int, at: str, *signs: str, cleared: datetime | None = None) -> "Life":
        self.locks.append(Lock(self.at(day, at), signs or ("new_weakness",), cleared_at=cleared))
        return self

    def ill(self, *days: int) -> "Life":
        self.excusals += [Excusal(ExcusalKind.ILLNESS, self.day(day), self.day(day)) for day in days]
        return self

    def flared(self, day: int, at: str = "08:00", until: datetime | None = None) -> "Life":
        self.flares.append(Flare(self.at(day, at), until))
        return self

    def wants(self, rule: str, **wish: Any) -> "Life":
        self.wishes[rule] = Wish(**wish)
        return self

    def seen(
        self,
        now: datetime,
        *,
        heard: datetime | str | None = "an hour ago",
        known_since: datetime | None = None,
        began: datetime | None = None,
        excused: Mapping[int, str] | None = None,
        engaged: datetime | str | None = "an hour ago",
        language: str = "en",
    ) -> Situation:
        contact = now - timedelta(hours=1) if isinstance(heard, str) else heard
        assert self.plan is not None
        plans = [*self.earlier, self.plan]
        if began is not None:
            plans = [plans[-1].model_copy(update={"starts_on": began.astimezone(self.zone).date()})]
        away = [Excusal(ExcusalKind.ILLNESS, self.day(day), self.day(day)) for day in excused or {}]
        history = History(
            zone=self.zone,
            versions=[Version(number, plan) for number, plan in enumerate(plans, start=1)],
            performed=[each for each in self.performed if each.started_at <= now],
            check_ins=[each for each in self.check_ins if each.at <= now],
            locks=self.locks,
            flares=self.flares,
            excusals=[*self.excusals, *away],
            choices=self.choices,
            last_contact=contact,
        )
        return Situation(
            now=now,
            history=history,
            standing=stand(history, now),
            known_since=known_since or self.at(-30, "12:00"),
            engaged_at=now - timedelta(hours=1) if isinstance(engaged, str) else engaged,
            wishes=Wishes(self.wishes),
            language=language,
        )

    def ahead(self, rule: str, now: datetime, **given: Any) -> list[Proposal]:
        """What it has to say now or soon."""
        return list(RULES[rule].propose(self.seen(now, **given)))

    def proposals(self, rule: str, now: datetime, **given: Any) -> list[Proposal]:
        """What it has to say now."""
        return [each for each in self.ahead(rule, now, **given) if each.due_at <= now]

    def telling(self, rule: str, period: str, now: datetime, **given: Any) -> Any:
        told = RULES[rule].tell(self.seen(now, **given), period)
        if isinstance(told, Telling):
            assert told.fields.keys() == GIVEN[told.texts or rule].keys()
        return told

    def said(self, rule: str, period: str, now: datetime, **given: Any) -> list[str]:
        """Every wording of what would be sent."""
        told = self.telling(rule, period, now, **given)
        assert isinstance(told, Telling), told
        words = catalogue(given.get("language", "en"))
        return [each.filled(**told.fields).text for each in words.variants(told.texts or rule)]

    def reason(self, rule: str, period: str, now: datetime, **given: Any) -> str:
        """Why there is nothing to say any more."""
        told = self.telling(rule, period, now, **given)
        assert isinstance(told, NoLongerTrue), told
        return told.reason


@pytest.fixture
def life() -> Life:
    return Life(IsoWeek(2026, 45))


@pytest.fixture(scope="session")
def lives() -> type[Life]:
    return Life


@pytest.fixture(scope="session")
def given_fields() -> Mapping[str, Mapping[str, object]]:
    return GIVEN
