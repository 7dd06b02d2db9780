"""Recordings measured again from their originals."""

import json

import pytest
from sqlmodel import select

from coach.effort import ALGORITHM
from coach.ingest.taking import ingest
from coach.manual import Told, enter
from coach.plan import Exercise
from coach.remeasure import remeasure_all, remeasured
from coach.store.engine import reading, writing
from coach.store.tables import Activity, ActivityEffort, ActivityTotals, Person
from devices.fit.sources import find

from .conftest import NOON


@pytest.fixture
def contents(engine):
    """All rows of the tables that measuring fills."""

    def contents() -> list[str]:
        with reading(engine) as session:
            rows = [row for table in (Activity, ActivityEffort, ActivityTotals) for row in session.exec(select(table))]
            return sorted(json.dumps(row.model_dump(mode="json"), sort_keys=True) for row in rows)

    return contents


def test_the_version_of_measuring_is_kept(engine, ada, bring):
    bring(ada, "walk")
    with reading(engine) as session:
        assert session.exec(select(Activity.algorithm)).one() == ALGORITHM


def test_measuring_again_finds_what_the_import_found(engine, ada, bea, bring, contents):
    bring(ada, "walk", "swim", "multi")
    bring(bea, "ride")
    before = contents()
    heard: list[tuple[int, int]] = []
    assert remeasure_all(engine, ada, lambda done, of: heard.append((done, of))) == 4
    assert heard == [(4, 4)]
    assert contents() == before


@pytest.mark.corpus
def test_of_real_files_as_well(engine, ada, corpus, contents):
    list(ingest(engine, ada, find([corpus / "walk", corpus / "swim", corpus / "multisport"]), lambda: NOON))
    before = contents()
    assert remeasure_all(engine, ada) > 20
    assert contents() == before


def test_another_body_has_other_zones(engine, ada, bring):
    bring(ada, "ride")
    with writing(engine, None) as session:
        person = session.get(Person, ada.id)
        person.birth_year, person.resting_heart_rate_bpm = 1990, 40
        session.expire_on_commit = False
    assert remeasure_all(engine, person) == 1
    with reading(engine) as session:
        note = session.exec(select(ActivityEffort.note).where(ActivityEffort.predicate == "moderate")).one()
    assert note.startswith("intensity")
    assert "need a birth year" not in note


def test_nothing_is_written_by_looking(engine, ada, bring, contents):
    bring(ada, "walk")
    before = contents()
    with reading(engine) as session:
        (found,) = remeasured(session, ada)
    assert (found.exercise, found.reason) == (Exercise.LEVEL_WALK, "recorded as walking")
    assert contents() == before


def test_what_was_entered_by_hand_stays_as_it_is(engine, ada, contents):
    with writing(engine, None) as session:
        enter(session, ada, Told(Exercise.LEVEL_WALK, 20), NOON)
    before = contents()
    assert remeasure_all(engine, ada) == 0
    assert contents() == before
