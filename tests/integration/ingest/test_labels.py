"""What was said of a recording: measured anew, kept, and remembered for the next like it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from coach.errors import CoachError, NotFoundError, UsageError
from coach.ingest.taking import ingest
from coach.labelling import forget, label
from coach.plan import Exercise
from coach.store import activities, performances
from coach.store.engine import reading, writing
from coach.store.tables import ActivityEffort, ActivityLabel, key
from devices.fit.parts import frame
from devices.fit.sources import Source

from .conftest import NOON

POOL_WALK = Exercise.POOL_WALK
LATER = NOON + timedelta(hours=1)
_UNKNOWN = bytes([0x40, 0, 0, 0x00, 0xFF, 1, 1, 4, 0x86, 0x00])


@pytest.fixture
def swim(ada, bring) -> int:
    return key(bring(ada, "swim")[0].activities[0].activity)


@pytest.fixture
def say(engine, ada):
    def say(activity_id: int, exercise: Exercise | None = None, at=LATER, who=ada, **said: Any):
        with writing(engine, None) as session:
            session.expire_on_commit = False
            return label(session, who, activity_id, at, exercise=exercise, **said)

    return say


@pytest.fixture
def unsay(engine, ada):
    def unsay(activity_id: int):
        with writing(engine, None) as session:
            session.expire_on_commit = False
            return forget(session, ada, activity_id, NOON)

    return unsay


@pytest.fixture
def another(engine, ada, fits):
    """The next file like one: the same, under other bytes."""

    def another(name: str, number: int, at=LATER, who=ada):
        data = fits[name] + frame(_UNKNOWN + number.to_bytes(4, "little"))
        (result,) = ingest(engine, who, [Source(name, lambda: data)], lambda: at)
        return result.activities[0].activity

    return another


@pytest.fixture
def predicates(engine):
    def predicates(activity_id: int) -> set[str]:
        with reading(engine) as session:
            return {
                row.predicate
                for row in session.exec(select(ActivityEffort).where(ActivityEffort.activity_id == activity_id))
            }

    return predicates


def test_a_pool_swim_that_was_a_pool_walk_is_measured_as_one(swim, say, predicates, counts):
    assert "swimming" in predicates(swim)
    before = counts()
    measured = say(swim, POOL_WALK, water_c=31.5, borg=12)
    row = measured.activity
    assert (row.exercise, row.exercise_reason) == ("pool_walk", "as you said")
    assert predicates(swim) == {"timer", "moderate", "vigorous", "beyond"}
    assert set(measured.totals) == {"device", "coach"}
    after = counts()
    assert {name for name in after if after[name] != before[name]} == {"activity_label", "activity_effort"}


def test_the_judgement_gets_what_was_said(engine, ada, swim, say):
    say(swim, POOL_WALK, water_c=31.5, borg=12)
    with reading(engine) as session:
        (done,) = performances.between(session, key(ada), NOON - timedelta(days=1), NOON)
    assert (done.exercise, done.borg, done.water_c, done.self_reported) == (POOL_WALK, 12.0, 31.5, False)
    assert done.distance_m is not None


def test_one_thing_said_later_leaves_the_others(swim, say):
    say(swim, POOL_WALK, borg=12)
    said = say(swim, water_c=30).label
    assert (said.exercise, said.borg, said.water_c) == ("pool_walk", 12, 30)


class TestRemembered:
    def test_the_next_file_like_it(self, swim, say, another):
        say(swim, POOL_WALK)
        row = another("swim", 1, at=LATER + timedelta(hours=1))
        assert (row.exercise, row.exercise_reason) == ("pool_walk", f"as you said of activity {swim}")

    def test_the_last_that_was_said_of_any_like_it(self, swim, say, another):
        say(swim, POOL_WALK)
        second = another("swim", 1, at=LATER + timedelta(hours=1))
        say(key(second), Exercise.DEEP_WATER_RUN, at=LATER + timedelta(hours=2))
        third = another("swim", 2, at=LATER + timedelta(hours=3))
        assert (third.exercise, third.exercise_reason) == ("deep_water_run", f"as you said of activity {second.id}")

    def test_not_for_another_sport_and_not_for_another_person(self, swim, say, another, bea):
        say(swim, POOL_WALK)
        assert another("walk", 1).exercise == "level_walk"
        assert another("swim", 1, who=bea).exercise == "swim"

    def test_effort_alone_says_nothing_of_the_next(self, swim, say, another):
        say(swim, borg=15)
        assert another("swim", 1).exercise == "swim"


class TestForgotten:
    def test_it_counts_as_recorded_again(self, swim, say, unsay, predicates, counts):
        before, was = counts(), predicates(swim)
        say(swim, POOL_WALK, borg=9)
        row = unsay(swim).activity
        assert (row.exercise, row.exercise_reason) == ("swim", "recorded as swimming")
        assert predicates(swim) == was
        assert counts() == before

    def test_one_that_came_by_what_was_said_before_keeps_that(self, swim, say, unsay, another):
        say(swim, POOL_WALK)
        second = another("swim", 1, at=LATER + timedelta(hours=1))
        say(key(second), Exercise.SWIM, at=LATER + timedelta(hours=2))
        row = unsay(key(second)).activity
        assert (row.exercise, row.exercise_reason) == ("pool_walk", f"as you said of activity {swim}")

    def test_nothing_to_forget_is_said(self, swim, unsay):
        with pytest.raises(CoachError, match="Nothing was said"):
            unsay(swim)


def test_what_cannot_be_changes_nothing(swim, say, counts, bea):
    before = counts()
    with pytest.raises(UsageError, match="Possible: swim, pool_walk"):
        say(swim, Exercise.LEVEL_WALK)
    with pytest.raises(UsageError, match="temperature"):
        say(swim, POOL_WALK, water_c=60)
    with pytest.raises(UsageError, match="Say what it was"):
        say(swim)
    with pytest.raises(NotFoundError):
        say(swim, POOL_WALK, who=bea)
    assert counts() == before


def test_a_label_goes_with_its_activity(engine, swim, say):
    say(swim, POOL_WALK)
    with writing(engine, None) as session:
        session.delete(activities.one(session, 1, swim).activity)
    with reading(engine) as session:
        assert session.exec(select(ActivityLabel)).all() == []
