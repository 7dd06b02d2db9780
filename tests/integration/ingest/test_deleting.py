"""A person deletes an activity: what is left of it, and that it does not come back."""

import pytest
from sqlmodel import select

from coach.deleting import delete
from coach.errors import NotFoundError
from coach.ingest.files import Outcome
from coach.ingest.taking import ingest
from coach.labelling import label
from coach.plan import Exercise
from coach.recorded import recording_of
from coach.remeasure import remeasure_all
from coach.store import activities
from coach.store.engine import reading, writing
from coach.store.tables import Activity, ActivityEffort, ActivityLabel, ActivityTotals, Original, key
from devices.fit.sources import Source

from .conftest import NOON


@pytest.fixture
def gone(engine, ada):
    def gone(number: int, person=ada) -> None:
        with writing(engine, None) as session:
            delete(session, person, number, NOON)

    return gone


def originals(engine) -> list[Original]:
    with reading(engine) as session:
        session.expire_on_commit = False
        return list(session.exec(select(Original)))


def test_only_the_hash_of_its_file_stays(engine, ada, bring, gone):
    (kept,) = bring(ada, "swim")
    number = key(kept.activities[0].activity)
    with writing(engine, None) as session:
        label(session, ada, number, NOON, exercise=Exercise.POOL_WALK)
    gone(number)
    (original,) = originals(engine)
    assert (original.sha256, original.content, original.size) == (kept.sha256, b"", 0)
    with reading(engine) as session:
        for table in (Activity, ActivityEffort, ActivityTotals, ActivityLabel):
            assert session.exec(select(table)).all() == []


def test_it_does_not_come_back(engine, ada, bring, gone):
    gone(key(bring(ada, "walk")[0].activities[0].activity))
    (again,) = bring(ada, "walk")
    assert (again.outcome, again.activities) == (Outcome.DUPLICATE, ())
    assert "You deleted this recording" in again.reason


def test_it_comes_back_where_it_is_asked_for(engine, ada, fits, bring, gone):
    number, other = (key(each.activities[0].activity) for each in bring(ada, "walk", "ride"))
    gone(number)
    gone(other)
    source = Source("walk", lambda: fits["walk"])
    (again,) = ingest(engine, ada, [source], lambda: NOON, again=True)
    assert again.outcome is Outcome.STORED
    assert [each.outcome for each in bring(ada, "walk", "ride")] == [Outcome.DUPLICATE] * 2
    assert sorted(bool(each.content) for each in originals(engine)) == [False, True]


def test_another_person_may_bring_the_same_file(engine, ada, bea, bring, gone):
    gone(key(bring(ada, "walk")[0].activities[0].activity))
    assert bring(bea, "walk")[0].outcome is Outcome.STORED


def test_of_several_in_a_file_the_others_stay_as_they_were(engine, ada, bring, gone):
    first, second = (key(each.activity) for each in bring(ada, "multi")[0].activities)
    with reading(engine) as session:
        before = recording_of(session, activities.one(session, key(ada), second).activity)
    gone(first)
    assert originals(engine)[0].content
    with reading(engine) as session:
        after = recording_of(session, activities.one(session, key(ada), second).activity)
    assert (after.sport, after.records) == (before.sport, before.records)
    assert bring(ada, "multi")[0].outcome is Outcome.DUPLICATE
    gone(second)
    assert originals(engine)[0].content == b""


def test_what_is_left_can_be_measured_again(engine, ada, bring, gone):
    gone(key(bring(ada, "walk")[0].activities[0].activity))
    bring(ada, "ride")
    assert remeasure_all(engine, ada) == 1


def test_another_s_is_not_there(engine, ada, bea, bring, gone):
    number = key(bring(ada, "walk")[0].activities[0].activity)
    with pytest.raises(NotFoundError):
        gone(number, bea)
    assert originals(engine)[0].content
