"""A program says how somebody is; a warning sign's words come back in any case."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from coach.store import check_ins as stored
from coach.store.engine import reading
from coach.store.tables import key
from coach.web.api import check_ins


def test_it_is_kept_and_told_as_on_the_command_line(world, program, person):
    number = world.walk(person)
    told = program.ask(
        "POST", "/check-ins", 201, json={"pain": 3, "extent": "below-knee", "activity_id": number}
    ).json()
    assert (told["pain"], told["extent"], told["phase_said"], told["locked"]) == (3, "below-knee", False, False)
    assert [each["activity_ids"] for each in told["sessions"]] == [[number]]
    (listed,) = program.get("/check-ins")["check_ins"]
    assert listed == {name: told[name] for name in listed}


def test_said_again_of_the_same_moment_it_is_kept_once(world, program, person):
    given = {"pain": 3, "phase": "pre", "at": "2026-06-04T16:30"}
    first = program.ask("POST", "/check-ins", 201, json=given).json()
    assert program.ask("POST", "/check-ins", 200, json=given).json() == first
    program.ask("POST", "/check-ins", 201, json=given | {"pain": 4})
    program.ask("POST", "/check-ins", 201, json={"pain": 3})
    program.ask("POST", "/check-ins", 201, json={"pain": 3})
    assert len(program.get("/check-ins")["check_ins"]) == 4


def test_pages(program, world):
    for minutes in range(5):
        at = (world.now - timedelta(minutes=minutes)).isoformat()
        program.ask("POST", "/check-ins", 201, json={"pain": minutes, "at": at})
    seen, cursor = [], None
    while True:
        page = program.get("/check-ins", params={"limit": 2, **({"cursor": cursor} if cursor else {})})
        seen += [each["pain"] for each in page["check_ins"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == [0, 1, 2, 3, 4]
    since = program.get("/check-ins", params={"since": (world.now - timedelta(minutes=1)).isoformat()})
    assert [each["pain"] for each in since["check_ins"]] == [0, 1]


def test_new_weakness_locks_and_says_what_to_do(world, program, person):
    told = program.ask("POST", "/check-ins", 201, json={"weakness": True}).json()
    assert told["locked"]
    assert told["told"]
    assert program.get("/plan")["lock"]["signs"] == ["new_weakness"]


def test_new_numbness_brings_up_the_questions(program):
    told = program.ask("POST", "/check-ins", 201, json={"numbness": True}).json()
    assert told["questions_offered"]
    assert {"code", "level", "question"} == set(told["questions"][0])


def test_the_words_are_told_also_where_it_could_not_be_kept(world, program, person, monkeypatch):
    def broken(*_):
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(check_ins, "note", broken)
    answer = program.ask("POST", "/check-ins", 503, json={"weakness": True})
    assert answer.json()["told"]
    assert "told" not in program.ask("POST", "/check-ins", 503, json={"pain": 1}).json()

    def mistaken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(check_ins, "note", mistaken)
    assert program.ask("POST", "/check-ins", 500, json={"weakness": True}).json()["told"]
    with reading(world.app.engine) as session:
        assert not stored.of(session, key(person))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"pain": 11}, "pain"),
        ({"pain": "3"}, "pain"),
        ({"pain": True}, "pain"),
        ({"pain": 2.5}, "pain"),
        ({"pain": 10**30}, "pain"),
        ({"shoulder": -1}, "shoulder"),
        ({"phase": "later"}, "phase"),
        ({"extent": "head"}, "extent"),
        ({"numbness": "yes"}, "numbness"),
        ({"pain": 1, "at": "soon"}, "at"),
        ({"pain": 1, "at": 1780580000}, "at"),
        ({"pain": 1, "at": "0001-01-01T00:00:00+14:00"}, "at"),
        ({"pain": 1, "activity_id": 2**31}, "activity_id"),
        ({"pain": 1, "note": "<script>"}, "note"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_field(program, given, field):
    problem = program.ask("POST", "/check-ins", 422, json=given).json()
    assert [each["field"] for each in problem["errors"]] == [field]
    assert "<script>" not in problem["detail"].replace("note", "")


@pytest.mark.parametrize("given", [{}, {"phase": "pre"}, {"pain": 1, "at": "2026-06-05T00:00"}])
def test_what_says_nothing_or_lies_ahead(program, given):
    program.ask("POST", "/check-ins", 422, json=given)
