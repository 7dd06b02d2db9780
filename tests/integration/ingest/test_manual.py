"""Sessions that nothing recorded."""

from datetime import timedelta
from typing import Any

import pytest

from coach.errors import CoachError, NotFoundError, UsageError
from coach.manual import Told, enter, remove
from coach.plan import Exercise
from coach.store import people as stored_people
from coach.store import performances
from coach.store.engine import reading, writing
from coach.store.tables import key

from .conftest import MORNING, NOON


@pytest.fixture
def log(engine, ada):
    def log(exercise: str = "level_walk", minutes: int = 20, who=ada, now=NOON, **told: Any):
        with writing(engine, None) as session:
            session.expire_on_commit = False
            return enter(session, who, Told(Exercise(exercise), minutes, **told), now)

    return log


@pytest.fixture
def performed(engine, ada):
    def performed():
        with reading(engine) as session:
            return performances.between(session, key(ada), NOON - timedelta(days=1), NOON)

    return performed


def test_it_has_just_ended_where_no_time_is_said(log):
    row = log(minutes=20).activity
    assert (row.started_at, row.ended_at) == (NOON - timedelta(minutes=20), NOON)
    assert (row.original_id, row.exercise_reason) == (None, "entered by hand")


def test_the_judgement_gets_it_as_self_report(log, performed):
    log("pool_walk", 25, borg=11, water_c=31, distance_m=400)
    (done,) = performed()
    assert (done.exercise, done.self_reported) == ("pool_walk", True)
    assert (done.borg, done.water_c, done.distance_m) == (11, 31, 400)
    assert {name: effort.minutes for name, effort in done.efforts.items()} == {"timer": 25}


@pytest.mark.parametrize(("exercise", "expected"), [("fast_walk", (15, 15, 0)), ("uphill_walk", (15, 0, 15))])
def test_a_fast_or_an_uphill_walk_is_a_walk_all_of_which_was_so(log, performed, exercise, expected):
    log(exercise, 15)
    (done,) = performed()
    assert done.exercise == "level_walk"
    assert tuple(done.efforts[name].minutes for name in ("moving", "fast", "uphill")) == expected


def test_it_is_a_contact(engine, ada, log):
    log()
    with reading(engine) as session:
        assert stored_people.last_contact(session, key(ada)) == NOON


def test_two_that_touch_are_two(log):
    log(started_at=MORNING, minutes=20)
    log(started_at=MORNING + timedelta(minutes=20), minutes=20)


def test_beside_a_recording_and_beside_another_person_s(log, bring, ada, bea):
    bring(ada, "walk")
    log(started_at=MORNING, minutes=3)
    log(started_at=MORNING, minutes=3, who=bea)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"minutes": 0}, "1 to 720 minutes"),
        ({"minutes": -5}, "1 to 720 minutes"),
        ({"minutes": 2000}, "1 to 720 minutes"),
        ({"fast": 21}, "part of the session"),
        ({"uphill": -1}, "part of the session"),
        ({"exercise": "swim", "fast": 3}, "Only a walk has fast minutes"),
        ({"water_c": 60}, "temperature"),
        ({"borg": 5}, "Borg"),
        ({"distance_m": 0}, "metres"),
        ({"distance_m": float("nan")}, "metres"),
        ({"started_at": NOON - timedelta(minutes=19)}, "future"),
        ({"started_at": NOON + timedelta(days=400)}, "future"),
        ({"started_at": MORNING - timedelta(minutes=10)}, "entered for that time already"),
        ({"started_at": MORNING + timedelta(minutes=19)}, "coach log --remove"),
        ({"note": "x" * 1000}, "a line"),
    ],
)
def test_what_cannot_be_meant_changes_nothing(log, counts, told, sentence):
    log(started_at=MORNING, minutes=20)
    before = counts()
    with pytest.raises(UsageError, match=sentence):
        log(**told)
    assert counts() == before


class TestTakenBack:
    def test_nothing_is_left_of_it(self, engine, ada, log, counts):
        before = counts()
        number = key(log(borg=12, note="in the rain").activity)
        with writing(engine, None) as session:
            remove(session, ada, number, NOON)
        assert {**counts(), "contact": 0} == {**before, "contact": 0}

    def test_a_recording_stays(self, engine, ada, bring, counts):
        number = key(bring(ada, "walk")[0].activities[0].activity)
        before = counts()
        with pytest.raises(CoachError, match="was recorded, and stays"), writing(engine, None) as session:
            remove(session, ada, number, NOON)
        assert counts() == before

    def test_another_s_is_not_there(self, engine, bea, log):
        number = key(log().activity)
        with pytest.raises(NotFoundError), writing(engine, None) as session:
            remove(session, bea, number, NOON)
