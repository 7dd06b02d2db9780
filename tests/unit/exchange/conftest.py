"""Records from a few words: a plan, what was done and told in it, and the weeks judged."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from coach.adherence import Performed
from coach.effort import Effort, Predicate
from coach.effort.model import predicate_of
from coach.exchange.dossier import Activity, Dossier, Pause, PlanVersion, Told, Whom, Writer, pseudonym
from coach.history import History, Version
from coach.judgement import judge_week
from coach.plan import Diagnosis, Exercise, Plan, Relief
from coach.plan.library import condition, example_plan
from coach.safety.model import CheckIn, Lock
from coach.weeks import IsoWeek
from devices.recording import Span, Totals
from scheduler.clock import local_instant

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = IsoWeek(2026, 45)
SET_UP = datetime(2026, 10, 1, 8, 0, 0, 123456, tzinfo=UTC)
WRITER = Writer("sciatica-coach", "0.1.0", 2, "It does not diagnose.")
SPORTS = {"swim": "swimming", "exercise_bike": "cycling", "pool_walk": "swimming"}


class Record:
    """Days count from the Monday of week 45 of 2026, 0."""

    def __init__(self, code: str = "disc_herniation", *, diagnosed: bool = True, **plan: Any) -> None:
        made = Diagnosis(made_by="Dr. Lee", made_on=date(2026, 10, 20)) if diagnosed else None
        usual = {"relief": Relief.UNKNOWN, "flexion_tolerated": False} | plan
        self.plan = example_plan(condition(code), starts_on=WEEK.monday, diagnosis=made, **usual)
        self.later: list[Plan] = []
        self.activities: list[Activity] = []
        self.check_ins: list[Told] = []
        self.locks: list[Lock] = []
        self.pauses: list[Pause] = []

    def at(self, day: int, clock: str = "18:00") -> datetime:
        return local_instant(WEEK.monday + timedelta(days=day), time.fromisoformat(clock), BERLIN)

    def done(
        self,
        exercise: str | None,
        minutes: float,
        day: int = 0,
        clock: str = "18:00",
        *,
        uphill: float | None = 0,
        by_hand: bool = False,
        **more: Any,
    ) -> "Record":
        """`uphill` None: the grade is not known."""
        started_at, kind = self.at(day, clock), Exercise(exercise) if exercise else None
        efforts = []
        if kind is not None:
            efforts.append(Effort(predicate_of(kind), (Span(0.0, minutes * 60),)))
        if kind is Exercise.LEVEL_WALK:
            note = "grade unavailable: no altitude" if uphill is None else None
            spans = (Span(0.0, uphill * 60),) if uphill else ()
            efforts += [Effort(each, spans, note=note) for each in (Predicate.UPHILL, Predicate.STEEP)]
        self.activities.append(
            Activity(
                number=len(self.activities) + 1,
                sport=SPORTS.get(exercise or "", "walking"),
                exercise=exercise,
                started_at=started_at,
                ended_at=started_at + timedelta(minutes=minutes),
                timezone="Europe/Berlin",
                received_at=started_at + timedelta(hours=2),
                sha256=None if by_hand else "ab" * 32,
                device=None if by_hand else "garmin fenix",
                totals={"coach": Totals(elapsed_s=minutes * 60, timer_s=minutes * 60)},
                efforts={each.predicate: each for each in efforts},
                **more,
            )
        )
        return self

    def told(self, day: int, clock: str, **answers: Any) -> "Record":
        self.check_ins.append(Told(len(self.check_ins) + 1, CheckIn(at=self.at(day, clock), **answers)))
        return self

    def versions(self) -> list[PlanVersion]:
        plans = [self.plan, *self.later]
        ends = [each.starts_on - timedelta(days=1) for each in self.later]
        return [
            PlanVersion(number, plan, SET_UP, until)
            for number, (plan, until) in enumerate(zip(plans, [*ends, None], strict=True), 1)
        ]

    def dossier(self, *, weeks: Iterable[IsoWeek] = (WEEK,), now: datetime | None = None, **whom: Any) -> Dossier:
        now = now or self.at(9)
        history = History(
            zone=BERLIN,
            versions=[Version(each.number, each.plan) for each in self.versions()],
            performed=[_performed(each) for each in sorted(self.activities, key=lambda each: each.started_at)],
            check_ins=[each.check_in for each in self.check_ins],
            locks=self.locks,
            excusals=[each.excusal for each in self.pauses],
            last_contact=now,
        )
        return Dossier(
            writer=WRITER,
            whom=Whom(pseudonym(1, SET_UP), whom.pop("name", "Ada"), BERLIN, SET_UP, **whom),
            first_day=WEEK.monday,
            last_day=WEEK.sunday,
            now=now,
            versions=self.versions(),
            weeks=[judge_week(history, week, now) for week in weeks],
            activities=self.activities,
            check_ins=self.check_ins,
            locks=self.locks,
            pauses=self.pauses,
        )


def _performed(activity: Activity) -> Performed:
    return Performed(
        activity_id=activity.number,
        exercise=Exercise(activity.exercise) if activity.exercise else None,
        started_at=activity.started_at,
        ended_at=activity.ended_at,
        efforts=activity.efforts,
        self_reported=activity.self_reported,
    )


@pytest.fixture
def record() -> type[Record]:
    return Record


@pytest.fixture(scope="session")
def records() -> type[Record]:
    """To make a fresh one for each example of a property."""
    return Record


def resources(document: dict[str, Any], kind: str) -> Sequence[dict[str, Any]]:
    return [each["resource"] for each in document["entry"] if each["resource"]["resourceType"] == kind]


@pytest.fixture(scope="session")
def of_kind() -> Any:
    """The resources of a kind in a bundle."""
    return resources
