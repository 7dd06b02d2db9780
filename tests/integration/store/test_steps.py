"""Answers to the steps that were offered, and the versions of a plan: once a week, and in order."""

from datetime import date, timedelta

import pytest

from coach.errors import ConflictError, UsageError
from coach.plan.library import condition, example_plan
from coach.progression import OfferKind
from coach.store import people, steps
from coach.store.engine import reading, writing
from coach.weeks import IsoWeek

WEEK = IsoWeek(2026, 45)


def plan(starts_on: date):
    return example_plan(condition("disc_herniation"), starts_on=starts_on, diagnosis=None)


def say(session, person, choice, now, week=WEEK, version=None):
    steps.answer(session, person.id, week, offer=OfferKind.UP, choice=choice, version=version, at=now)


def test_one_answer_a_week(engine, add_person, now):
    ada, bea = add_person("Ada"), add_person("Bea")
    with writing(engine, None) as session:
        say(session, ada, steps.STAY, now)
        say(session, ada, steps.ACCEPT, now, WEEK.next, version=2)
    with writing(engine, None) as session, pytest.raises(ConflictError, match="After 2026-W45 you answered 'stay'"):
        say(session, ada, steps.ACCEPT, now, version=2)
    with reading(engine) as session:
        assert steps.answered(session, ada.id, WEEK).choice == steps.STAY
        assert steps.answered(session, ada.id, WEEK.next).version == 2
        assert steps.answered(session, bea.id, WEEK) is None


def test_to_ask_first_is_not_the_last_word(engine, add_person, now):
    ada = add_person("Ada")
    with writing(engine, None) as session:
        say(session, ada, steps.ASK, now)
    later = now + timedelta(hours=1)
    with writing(engine, None) as session:
        say(session, ada, steps.ACCEPT, later, version=2)
    with reading(engine) as session:
        row = steps.answered(session, ada.id, WEEK)
        assert (row.choice, row.version, row.at) == (steps.ACCEPT, 2, later)


def test_a_version_cannot_start_before_the_one_that_it_replaces(engine, add_person, now):
    ada, bea = add_person("Ada"), add_person("Bea")
    day = date(2026, 6, 1)
    with writing(engine, None) as session:
        people.add_plan(session, ada.id, plan(day), now)
    with (
        writing(engine, None) as session,
        pytest.raises(UsageError, match=r"version 1 starts on 2026-06-01.*on 2026-05-31"),
    ):
        people.add_plan(session, ada.id, plan(day - timedelta(1)), now)
    with writing(engine, None) as session:
        people.add_plan(session, bea.id, plan(day - timedelta(1)), now)
        assert people.add_plan(session, ada.id, plan(day), now) == 2
    with reading(engine) as session:
        kept = people.plan_versions(session, ada.id)
        assert [(each.version, each.plan.starts_on, each.set_at) for each in kept] == [(1, day, now), (2, day, now)]
        assert people.plan_on(session, ada.id, day) == (2, plan(day))
