"""What is kept, read: the same keys and meanings as on the command line; pages that nothing moves."""

from datetime import timedelta
from itertools import count

import pytest

from coach import shapes
from coach.judged import judged_week
from coach.store import activities, people, performances
from coach.store.engine import reading, writing
from coach.store.tables import key
from coach.web.api import cursors
from coach.weeks import IsoWeek


def pages(program, path: str, name: str, **given):
    """Every line, page by page."""
    params = dict(given)
    while True:
        page = program.get(path, params=params)
        yield page[name]
        if page["next"] is None:
            return
        params = given | {"cursor": page["next"]}


def test_an_activity_is_as_on_the_command_line(world, program, person):
    number = world.walk(person)
    with reading(world.app.engine) as session:
        measured = activities.one(session, key(person), number)
        efforts = performances.efforts_of([number], session)[number]
        there = shapes.activity_in_full(measured, [], efforts)
        listed = shapes.activity(measured)
    assert program.get(f"/activities/{number}") == there
    assert program.get("/activities")["activities"] == [listed]


def test_pages_go_back_in_time_and_what_comes_in_moves_none(world, program, person):
    numbers = [world.walk(person, 5 + n, world.now - timedelta(hours=n)) for n in range(7)]
    seen = []
    for n, page in zip(count(1), pages(program, "/activities", "activities", limit=3), strict=False):
        seen += [each["id"] for each in page]
        world.walk(person, 30 + n, world.now - timedelta(minutes=n))
    assert seen == numbers
    assert len(program.get("/activities?limit=200")["activities"]) == 10


def test_of_those_at_one_time_none_is_lost(world, program, person):
    numbers = {world.walk(person, minutes, world.now - timedelta(minutes=60 - minutes)) for minutes in range(5, 10)}
    seen = [each["id"] for page in pages(program, "/activities", "activities", limit=1) for each in page]
    assert (len(seen), set(seen)) == (5, numbers)


def test_a_span_and_a_week(world, program, person):
    today = world.walk(person)
    last = world.walk(person, 20, world.now - timedelta(days=7))

    def found(**params):
        return [each["id"] for each in program.get("/activities", params=params)["activities"]]

    assert found() == [today, last]
    assert found(week="2026-W23") == [today]
    assert found(week="2026-05-28") == [last]
    assert found(since="2026-06-01T00:00") == [today]
    assert found(until="2026-06-01T00:00:00+02:00") == [last]
    assert found(week="2026-W23", until="2026-06-01") == []


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/activities?limit=0", "limit"),
        ("/activities?limit=201", "limit"),
        ("/activities?limit=x", "limit"),
        ("/activities?since=yesterday", "since"),
        ("/activities?since=0.5", "since"),
        ("/activities?since=0001-01-01T00:00:00%2B14:00", "since"),
        ("/activities?until=9999-12-31T23:59:59-14:00", "until"),
        ("/activities/0", "activity_id"),
        ("/activities/2147483648", "activity_id"),
        ("/activities/x", "activity_id"),
        ("/plan/versions/0", "version"),
        ("/weeks?limit=54", "limit"),
        ("/nudges?limit=1000000000000000000000", "limit"),
        ("/files/" + "g" * 64, "sha256"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_field(program, path, field):
    problem = program.get(path, 422)
    assert [each["field"] for each in problem["errors"]] == [field]


@pytest.mark.parametrize(
    "path",
    [
        "/activities?cursor=x",
        "/activities?cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5LjE",
        "/activities?cursor=%F0%9F%92%A9",
        "/activities?week=2026-W99",
        "/weeks/2026-W54",
        "/weeks/0001-01-01",
        "/weeks?until=never",
        "/check-ins?cursor=MS4w",
        "/nudges?cursor=x",
        "/nudges?cursor=%F0%9F%92%A9",
        "/nudges?cursor=AAAAAAAAAAAAAAAAAAAAAA",
    ],
)
def test_what_is_no_week_and_no_cursor(program, path):
    assert program.get(path, 422)["type"] == "/api/v1/problems/invalid"


def test_a_week_is_as_on_the_command_line(world, program, person):
    world.walk(person)
    with reading(world.app.engine) as session:
        there = shapes.week(judged_week(session, person, IsoWeek(2026, 23), world.now))
    told = program.get("/weeks/2026-W23")
    assert told == there
    assert any(each["sessions"] for each in told["items"])


def test_weeks_go_back_to_the_first(world, program, person):
    world.walk(person, 20, world.now - timedelta(days=28))
    first = program.get("/weeks", params={"limit": 3})
    assert [each["week"] for each in first["weeks"]] == ["2026-W23", "2026-W22", "2026-W21"]
    rest = program.get("/weeks", params={"limit": 3, "until": first["next"]})
    assert [each["week"] for each in rest["weeks"]] == ["2026-W20", "2026-W19"]
    assert rest["next"] is None
    assert program.get("/weeks?until=1990-W01") == {"weeks": [], "next": None}


def test_the_plan_and_its_versions(world, program, person):
    with writing(world.app.engine, None) as session:
        _, plan = people.latest_plan(session, key(person))
        changed = plan.model_copy(update={"starts_on": plan.starts_on + timedelta(days=7), "pain_limit_during": 2})
        people.add_plan(session, key(person), changed, world.now)
    told = program.get("/plan")
    assert (told["version"], told["in_force"], told["lock"]) == (1, True, None)
    assert told["items"]
    assert program.get("/plan/versions/1") == told
    later = program.get("/plan/versions/2")
    assert (later["in_force"], later["pain_limit_during"]) == (False, 2)
    listed = program.get("/plan/versions")["versions"]
    assert [(each["version"], [one["key"] for one in each["changes"]]) for each in listed] == [
        (1, []),
        (2, ["pain_limit_during"]),
    ]
    program.get("/plan/versions/3", 404)


def test_somebody_without_a_plan(world, asking):
    from coach.store.tables import Person

    with writing(world.app.engine, None) as session:
        session.expire_on_commit = False
        person = Person(name="Cleo", timezone="UTC", created_at=world.now)
        session.add(person)
    program = asking(person)
    assert program.get("/plan", 409)["type"] == "/api/v1/problems/conflict"
    program.get("/plan/versions", 409)
    program.get("/plan/versions/1", 409)
    assert program.get("/weeks") == {"weeks": [], "next": None}
    assert program.get("/weeks/2026-W23")["status"] == "no_plan"


def test_what_was_sent(world, program, person):
    from coach import messenger

    world.walk(person)
    messenger.plan_at_once(world.app.engine, world.app.settings, key(person), world.now)
    told = program.get("/nudges")["nudges"]
    assert {each["state"] for each in told} == {"pending"}


def test_what_was_sent_has_pages(world, program, person):
    """Lines of one moment, on two channels, among them; what comes in meanwhile moves none."""
    from scheduler.outbox import Address, Draft, post

    def posted(name, days):
        due_at, to = world.now - timedelta(days=days), (Address("email", "a@example.org"), Address("file", "a"))
        draft = Draft(str(key(person)), "R1", name, "a reason", "UTC", due_at, to)
        with writing(world.app.engine, None) as session:
            post(session, [draft], world.now)

    for name, days in (("a", 3), ("b", 2), ("c", 2), ("d", 1)):
        posted(name, days)
    whole = program.get("/nudges")
    assert (len(whole["nudges"]), whole["next"]) == (8, None)
    read = pages(program, "/nudges", "nudges", limit=3)
    found = next(read)
    posted("e", 0)
    for page in read:
        found += page
    assert found == whole["nudges"]


def test_anothers_line_is_no_cursor(world, program, person, asking):
    from scheduler.outbox import Address, Draft, history, post

    other = world.person("Zoe")
    draft = Draft(str(key(other)), "R1", "a", "a reason", "UTC", world.now, (Address("file", "z"),))
    with writing(world.app.engine, None) as session:
        post(session, [draft], world.now)
        (entry,) = history(session, str(key(other)))
    program.get(f"/nudges?cursor={cursors.of_id(entry.delivery_id)}", 422)


def test_what_no_sensor_knows(world, program, person):
    number = world.walk(person)
    path = f"/activities/{number}"
    said = program.ask("PATCH", path, json={"label": {"borg": 12}}).json()
    assert said["label"] == {"exercise": None, "borg": 12, "water_c": None}
    program.ask("PATCH", path, 422, json={"label": {"borg": 21}})
    problem = program.ask("PATCH", path, 422, json={"label": {"exercise": "swim"}}).json()
    assert "cannot have been" in problem["detail"]
    program.ask("PATCH", path, 422, json={"label": {"sport": "x"}})
    program.ask("PATCH", path, 422, json={})
    program.ask("PATCH", path, 422, json={"label": {}})
    assert program.ask("PATCH", path, json={"label": None}).json()["label"] is None
    program.ask("PATCH", path, 409, json={"label": None})
    assert "label" not in program.ask("PATCH", path, 422, content=b"{", headers=JSON).json()["detail"]


JSON = {"content-type": "application/json"}
