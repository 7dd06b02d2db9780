"""A whole database, copied into another one: there and back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, text

from coach.calm_life import day_of_life
from coach.demo import sessions
from coach.errors import ConflictError, DatabaseError
from coach.ingest.taking import ingest
from coach.plan import Diagnosis
from coach.plan.library import condition, example_plan
from coach.store import moving, people
from coach.store.contents import TABLES, WORKED_OUT, Fingerprint
from coach.store.engine import open_database, writing
from coach.store.tables import Activity, Original, Person, key
from devices.fit.sources import Source
from devices.fit.write import write
from scheduler.outbox import Address, Draft, post
from scheduler.tables import DELIVERY

START = datetime(2026, 6, 1, 8, tzinfo=UTC)
MANY = 3000


@pytest.fixture(params=["sqlite", "postgresql"])
def other_url(request):
    """Where it is copied to."""
    with request.getfixturevalue(f"{request.param}_databases").empty() as url:
        yield url


@pytest.fixture
def target(other_url):
    engine = open_database(other_url)
    yield engine
    engine.dispose()


def fill(engine) -> Person:
    """A person with a plan, days of their life, recordings with their originals, nudges, and one who has left."""
    with writing(engine, None) as session:
        session.expire_on_commit = False
        person, gone = (Person(name=name, timezone="Europe/Berlin", created_at=START) for name in ("Ada", "Bo"))
        session.add_all([person, gone])
        session.flush()
        plan = example_plan(
            condition("disc_herniation"),
            starts_on=date(2026, 6, 1),
            diagnosis=Diagnosis(made_by="Dr Bo", made_on=date(2026, 5, 1)),
        )
        people.add_plan(session, key(person), plan, START)
        draft = Draft(
            recipient_id=str(person.id),
            rule="R1",
            period="1",
            reason="a walk",
            timezone="UTC",
            due_at=START,
            to=(Address("test", "ada@example.org"),),
        )
        post(session, [draft], START)
        session.delete(gone)
    for day in range(3):
        for each in day_of_life(engine, key(person), date(2026, 6, 1 + day), START + timedelta(days=day)):
            each.happen(engine, key(person))
    files = [write(sessions.walk(START + timedelta(days=day, hours=9), 20)) for day in range(3)]
    sources = [Source(f"walk {number}", lambda data=data: data) for number, data in enumerate(files)]
    assert len(list(ingest(engine, person, sources, lambda: START + timedelta(days=4)))) == 3
    return person


def add_many(engine, person: Person) -> None:
    row = {
        "person_id": person.id,
        "part": 0,
        "sport": "walking",
        "exercise_reason": "Zoë's “walk”\n",
        "timezone": "UTC",
        "records": 0,
        "lengths": 0,
        "active_lengths": 0,
        "notes": ["ä", {"x": 0.1}],
        "received_at": START,
    }
    spans = [
        (START + timedelta(minutes=number), START + timedelta(minutes=number, microseconds=7)) for number in range(MANY)
    ]
    rows = [{**row, "started_at": began, "ended_at": ended, "exertion": began.minute / 3} for began, ended in spans]
    with writing(engine, person.id) as session:
        session.execute(insert(Activity), rows)


def dump(engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        return {
            each.name: sorted(map(repr, connection.execute(select(each)).all()))
            for each in TABLES
            if each.name not in WORKED_OUT
        }


def test_all_of_it_arrives(engine, target):
    person = fill(engine)
    add_many(engine, person)
    before, moved = dump(engine), []
    found = moving.copy(engine, target, moved.append)
    assert dump(target) == dump(engine) == before
    assert sum(moved) == sum(map(len, before.values())) == moving.rows_to_copy(engine)
    assert {name: each.rows for name, each in found.items()} == {name: len(rows) for name, rows in before.items()}
    assert found["activity"].rows > MANY
    assert found["original"].rows == 3
    for database in (engine, target):
        with writing(database, None) as session:  # numbers go on, and none comes twice
            added = [Person(name=name, timezone="UTC", created_at=START) for name in ("Cy", "Di")]
            session.add_all(added)
            session.flush()
            assert [each.id for each in added] == [3, 4]
    with writing(target, person.id) as session:
        original = session.get_one(Original, 3)
        copy = {name: getattr(original, name) for name in Original.model_fields if name not in {"id", "sha256"}}
        session.add(Original(**copy, sha256="another"))
        session.flush()
        assert session.scalar(select(func.max(Original.id))) == 4


def test_back_again(engine, target, empty_url):
    fill(engine)
    moving.copy(engine, target)
    back = open_database(empty_url)
    moving.copy(target, back)
    assert dump(back) == dump(engine)
    back.dispose()


def test_a_target_that_holds_something_is_left_alone(engine, target):
    person = fill(engine)
    with writing(target, None) as session:
        session.add(Person(name="Zoë", timezone="UTC", created_at=START))
    before = dump(target)
    with pytest.raises(ConflictError, match="not empty: 'person' has 1"):
        moving.copy(engine, target)
    assert dump(target) == before
    assert person.name == "Ada"


def test_a_target_that_is_anothers_is_left_alone(engine, target):
    with target.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(ConflictError, match="is another's: it has a table"):
        moving.copy(engine, target)


def test_a_copy_that_differs_is_not_kept(engine, target, monkeypatch):
    fill(engine)
    add = Fingerprint.add
    monkeypatch.setattr(Fingerprint, "add", lambda self, rows: add(self, [[*row, id(self)] for row in rows]))
    with pytest.raises(DatabaseError, match="differs from what was copied"):
        moving.copy(engine, target)
    assert not any(dump(target).values())


def test_what_breaks_half_way_leaves_nothing(engine, target):
    fill(engine)

    def moved(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        moving.copy(engine, target, moved)
    assert not any(dump(target).values())


def test_a_fingerprint_is_of_values_in_any_order():
    one, two, other = Fingerprint(), Fingerprint(), Fingerprint()
    one.add([(1, START), (2, b"x")])
    two.add([(2, b"x")])
    two.add([(1, START)])
    other.add([(1, START), (2, b"y")])
    assert one.sha256 == two.sha256 != other.sha256


def test_every_delivery_is_there_once(engine, target):
    """What is due is sent from the copy, with the numbers that it had."""
    fill(engine)
    moving.copy(engine, target)
    with engine.connect() as old, target.connect() as new:
        assert old.execute(select(DELIVERY.c.id)).all() == new.execute(select(DELIVERY.c.id)).all() != []
