"""What a live session is asked, and must not exceed, by the plan in force."""

from datetime import UTC, datetime, timedelta

import pytest

from coach.plan import Diagnosis, Exercise, Relief
from coach.plan.library import condition, example_plan
from coach.plan.model import Level
from coach.riding.asked import asked_of
from coach.safety.model import Answers, CheckIn, Phase
from coach.store import check_ins, people, sign_answers
from coach.store.engine import reading, writing
from coach.store.tables import Activity, ActivityTotals, Person, key

NOW = datetime(2026, 6, 10, 17, tzinfo=UTC)


@pytest.fixture
def person(engine) -> Person:
    with writing(engine, None) as session:
        session.expire_on_commit = False
        person = Person(
            name="Kim", timezone="Europe/Berlin", birth_year=1966, resting_heart_rate_bpm=65, created_at=NOW
        )
        session.add(person)
        session.flush()
    return person


def give_plan(engine, person, **changes) -> None:
    day = datetime(2026, 6, 1).date()  # noqa: DTZ001
    diagnosis = Diagnosis(made_by="Dr Bo", made_on=day)
    plan = example_plan(condition("spinal_stenosis"), starts_on=day, diagnosis=diagnosis, relief=Relief.FLEXION)
    intensity = changes.pop("max_intensity", None)
    items = tuple(item.model_copy(update={"max_intensity": intensity}) for item in plan.prescriptions)
    with writing(engine, None) as session:
        people.add_plan(session, key(person), plan.model_copy(update={"prescriptions": items, **changes}), NOW)


def asked(engine, person, exercise=Exercise.EXERCISE_BIKE):
    with reading(engine) as session:
        return asked_of(session, person, exercise, NOW)


def test_the_item_and_the_cadence(engine, person):
    give_plan(engine, person)
    found = asked(engine, person)
    assert (found.item.dose.minutes, found.pain_limit, found.no_target) == (10, 4, None)
    assert found.cadence_rpm == (60, 80)
    assert found.limits.power_w == 40


def test_without_a_plan(engine, person):
    found = asked(engine, person)
    assert (found.item, found.no_target, found.pain_limit) == (None, "there is no plan yet", 1)


@pytest.mark.parametrize(
    ("intensity", "ceiling"), [(None, None), (Level.LIGHT, 102), (Level.MODERATE, 121), (Level.VIGOROUS, 150)]
)
def test_the_heart_rate_of_the_hardest_level(engine, person, intensity, ceiling):
    """The worked example of the clinical rules, section 3: moderate by reserve is 103 to 121."""
    give_plan(engine, person, max_intensity=intensity)
    assert asked(engine, person).limits.heart_rate_bpm == ceiling


def test_a_diagnosis_that_is_missing(engine, person):
    give_plan(engine, person, diagnosis=None)
    assert asked(engine, person).no_target == "the plan is locked until a diagnosis is recorded"


def test_a_warning_sign(engine, person):
    give_plan(engine, person)
    with writing(engine, None) as session:
        sign_answers.add(session, key(person), Answers(NOW - timedelta(hours=1), ("fever",)))
    assert asked(engine, person).no_target == "a warning sign has locked the plan"


@pytest.mark.parametrize(("before", "limit"), [(None, 1), (0, 1), (2, 3), (7, 5)])
def test_no_more_pain_than_before(engine, person, before, limit):
    give_plan(engine, person, pain_free_only=True)
    if before is not None:
        with writing(engine, None) as session:
            check_ins.add(session, key(person), CheckIn(NOW - timedelta(hours=1), Phase.PRE, pain=before), NOW)
    assert asked(engine, person).pain_limit == limit


@pytest.mark.parametrize(("ridden_w", "most"), [(None, 40), (25, 40), (58.4, 68)])
def test_a_little_more_than_the_hardest_ride_so_far(engine, person, ridden_w, most):
    give_plan(engine, person)
    with writing(engine, None) as session:
        ride = Activity(
            person_id=key(person),
            sport="cycling",
            exercise="exercise_bike",
            exercise_reason="",
            started_at=NOW,
            ended_at=NOW,
            timezone="UTC",
            records=0,
            lengths=0,
            active_lengths=0,
            notes=[],
            received_at=NOW,
        )
        session.add(ride)
        session.flush()
        session.add(ActivityTotals(activity_id=ride.id, source="device", avg_power_w=ridden_w))
    assert asked(engine, person).limits.power_w == most
