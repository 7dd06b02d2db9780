"""From every table to a dossier: what is a person's in these days, and nothing else."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from coach import shapes
from coach.exchange.archive import archive
from coach.gathering import dossier, first_day_of
from coach.judged import judged_week
from coach.plan import Diagnosis, Relief
from coach.plan.library import condition, example_plan
from coach.store import activities, people
from coach.store.activities import Appraised
from coach.store.engine import reading, writing
from coach.store.tables import ActivityLabel, key
from coach.store.told import CheckInRow, ExcusalRow, FlareRow, PlanLock, SignAnswers, StepChoice
from coach.weeks import IsoWeek
from devices.recording import Totals
from scheduler import outbox

MONDAY = date(2026, 3, 23)  # the clocks go forward on the Sunday of this week
LATER = datetime(2026, 4, 8, 12, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """UTC; Berlin is an hour ahead until the 29th at one, and two from then on."""
    return datetime(2026, 3, 23, tzinfo=UTC) + timedelta(days=day, hours=hour, minutes=minute)


def plan(starts_on: date, step: int = 1):
    made = example_plan(
        condition("general_sciatica"),
        starts_on=starts_on,
        diagnosis=Diagnosis(made_by="Dr. Lee", made_on=MONDAY),
        relief=Relief.UNKNOWN,
        flexion_tolerated=True,
    )
    return made.model_copy(update={"step": step})


def walk(person_id: int, started_at: datetime, minutes: int = 10) -> Appraised:
    row = {
        "person_id": person_id,
        "original_id": None,
        "part": 0,
        "sport": "walking",
        "exercise": "level_walk",
        "exercise_reason": "said so",
        "started_at": started_at,
        "ended_at": started_at + timedelta(minutes=minutes),
        "timezone": "Europe/Berlin",
        "records": 0,
        "lengths": 0,
        "active_lengths": 0,
        "notes": [],
        "algorithm": 2,
        "received_at": started_at,
    }
    return Appraised(row, {"coach": Totals(timer_s=minutes * 60)}, [])


@pytest.fixture
def ada(engine, add_person, now):
    """In her first week a walk, two in the night of the change of clocks, one of each other thing. Bea has the same."""
    for name in ("Ada", "Bea"):
        person = add_person(name)
        number = key(person)
        with writing(engine, None) as session:
            people.add_plan(session, number, plan(MONDAY), at(0, 6))
            people.add_plan(session, number, plan(MONDAY + timedelta(days=7), 2), at(7, 6))
            people.add_plan(session, number, plan(MONDAY + timedelta(days=7), 3), at(7, 7))
            # Before four in the morning of the Sunday (01:30 UTC is 03:30), and after it.
            rows = [walk(number, each) for each in (at(0, 16), at(6, 1, 30), at(6, 2, 30))]
            found = activities.add_activities(session, rows)
            session.add_all(
                [
                    ActivityLabel(activity_id=key(found[0].activity), borg=12, said_at=at(0, 18)),
                    CheckInRow(person_id=number, at=at(0, 16), phase="pre", pain=2, extent=3, created_at=at(0, 16)),
                    CheckInRow(person_id=number, at=at(8, 7), phase="morning", pain=1, created_at=at(8, 7)),
                    SignAnswers(person_id=number, at=at(0, 7), yes=[]),
                    PlanLock(
                        person_id=number,
                        raised_at=at(2, 7),
                        signs=["leg_weakness"],
                        cleared_at=at(3, 7),
                        cleared_by="x",
                    ),
                    FlareRow(person_id=number, began_at=at(4, 7), ended_at=at(5, 7)),
                    ExcusalRow(
                        person_id=number,
                        kind="hold",
                        first_day=date(2026, 3, 27),
                        last_day=date(2026, 3, 28),
                        said_by="Dr. Lee",
                        created_at=at(4, 7),
                    ),
                    StepChoice(person_id=number, week="2026-W13", offer="up", choice="accept", version=3, at=at(7, 7)),
                ]
            )
            draft = outbox.Draft(
                recipient_id=str(number),
                rule="R1",
                period=str(uuid4()),
                reason="a new session",
                timezone="Europe/Berlin",
                due_at=at(0, 17),
                to=(outbox.Address("email", f"{name.lower()}@example.org"),),
            )
            outbox.post(session, [draft], at(0, 17))
        if name == "Ada":
            ada = person
    return ada


def test_all_of_a_person_and_nothing_of_another(engine, ada):
    with reading(engine) as session:
        found = dossier(session, ada, first_day_of(session, ada), LATER.date(), LATER)
    assert [each.number for each in found.activities] == [1, 2, 3]
    assert found.activities[0].label.borg == 12
    assert all(each.self_reported for each in found.activities)
    assert [each.check_in.pain for each in found.check_ins] == [2, 1]
    counts = (found.answers, found.locks, found.flares, found.pauses, found.choices, found.nudges)
    assert [len(each) for each in counts] == [1] * 6
    assert found.pauses[0].said_by == "Dr. Lee"
    assert "example.org" not in json.dumps(archive(found))


def test_days_are_local_and_begin_at_four(engine, ada):
    saturday, sunday = date(2026, 3, 28), date(2026, 3, 29)
    with reading(engine) as session:
        nights = [
            [each.number for each in dossier(session, ada, day, day, LATER).activities] for day in (saturday, sunday)
        ]
    assert nights == [[2], [3]]


def test_a_version_that_never_held_stays_out(engine, ada):
    with reading(engine) as session:
        found = dossier(session, ada, MONDAY, LATER.date(), LATER)
        first = dossier(session, ada, MONDAY, MONDAY, LATER)
    assert [(each.number, each.until) for each in found.versions] == [(1, date(2026, 3, 29)), (3, None)]
    assert [(each.number, each.until) for each in first.versions] == [(1, date(2026, 3, 29))]


def test_weeks_are_whole_and_as_coach_week_judges_them(engine, ada):
    with reading(engine) as session:
        found = dossier(session, ada, MONDAY + timedelta(days=2), date(2026, 4, 7), LATER)
        alone = [judged_week(session, ada, IsoWeek(2026, number), LATER) for number in (13, 14, 15)]
    assert [shapes.week(each) for each in found.weeks] == [shapes.week(each) for each in alone]
    assert [each.decision for each in found.weeks] == [each.decision for each in alone]


def test_the_first_day_is_the_first_of_anything(engine, ada, add_person):
    with reading(engine) as session:
        assert first_day_of(session, ada) == MONDAY
        assert dossier(session, ada, date(2020, 1, 1), date(2020, 12, 31), LATER).is_empty
    fresh = add_person("Cy")
    with reading(engine) as session:
        assert first_day_of(session, fresh) == date(2026, 3, 28)  # 01:30 UTC is 03:30 on the day that begins at four
