"""A question that is handed to the driver is answered as SQLAlchemy answers it."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pkgutil import iter_modules
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import CompoundSelect, Select, column, select, table
from sqlalchemy.exc import DBAPIError

import coach.store
from coach.manual import Told, enter
from coach.plan import Diagnosis, Exercise
from coach.plan.library import condition, example_plan
from coach.safety import Answers, CheckIn, Excusal, ExcusalKind, Extent, Phase
from coach.store import check_ins, excusals, people, sign_answers
from coach.store.asking import ask
from coach.store.engine import reading, writing
from coach.store.tables import Person, key

FIRST = date(2026, 3, 23)
NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
BEFORE, AFTER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
GIVEN: dict[str, Any] = {
    **dict.fromkeys(("since", "mornings_since"), BEFORE),
    **dict.fromkeys(("until", "now", "due_at"), AFTER),
    **dict.fromkeys(("first", "earliest"), BEFORE.date()),
    **dict.fromkeys(("last", "latest", "today"), AFTER.date()),
    **dict.fromkeys(("own", "nudge"), UUID(int=1)),
    **dict.fromkeys(("recipient", "rule", "made_by"), "x"),
}


def questions() -> dict[str, Any]:
    """Of all modules of the store."""
    modules = [import_module(f"coach.store.{each.name}") for each in iter_modules(coach.store.__path__)]
    return {
        f"{module.__name__}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, Select | CompoundSelect)
    }


def given_to(question: Any) -> dict[str, Any]:
    """A value for each of its parameters that has none of its own."""
    required = [each for each in question.compile().bind_names if each.required]
    return {each.key: [1] if each.expanding else GIVEN.get(each.key, 1) for each in required}


@pytest.fixture
def ada(engine) -> int:
    """Somebody of whom each kind of thing is known."""
    with writing(engine, None) as session:
        person = Person(name="Ada", timezone="Europe/Berlin", created_at=BEFORE)
        session.add(person)
        session.flush()
        diagnosis = Diagnosis(made_by="Dr Bo", made_on=FIRST)
        plan = example_plan(condition("disc_herniation"), starts_on=FIRST, diagnosis=diagnosis)
        people.add_plan(session, key(person), plan, NOON)
        people.heard(session, key(person), "sync", NOON)
        walk = NOON - timedelta(hours=3)
        enter(session, person, Told(Exercise.LEVEL_WALK, 20, walk, borg=12), NOON)
        for phase, extent in ((Phase.MORNING, Extent.THIGH), (Phase.POST, None)):
            check_ins.add(session, key(person), CheckIn(NOON - timedelta(hours=2), phase, 3, extent), NOON)
        sign_answers.add(session, key(person), Answers(NOON, ("saddle",)))
        excusals.add(session, key(person), Excusal(ExcusalKind.ILLNESS, FIRST, FIRST), None, NOON)
        return key(person)


@pytest.mark.parametrize("name", questions())
def test_every_question_of_the_store_is_answered_alike(engine, ada, name):
    question = questions()[name]
    given = given_to(question)
    with reading(engine) as session:
        expected = [tuple(each) for each in session.connection().execute(question, given)]
        answer = ask(session, question, **given)
    assert [tuple(each) for each in answer] == expected
    assert [list(map(type, each)) for each in answer] == [list(map(type, each)) for each in expected]


def test_what_the_session_was_told_before_is_in_the_answer(engine, ada):
    named = select(Person.name).where(Person.id == ada)
    with writing(engine, ada) as session:
        session.get_one(Person, ada).name = "Ada B"
        assert ask(session, named) == [("Ada B",)]
    with reading(engine) as session:
        assert ask(session, named) == [("Ada B",)]


def test_what_is_wrong_is_told_as_callers_expect_it(engine):
    with reading(engine) as session, pytest.raises(DBAPIError):
        ask(session, select(column("nothing")).select_from(table("nowhere")))
