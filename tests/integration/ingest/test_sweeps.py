"""Where several services share a database, each look for work is made by one of them, and its work done by whoever
works: nobody is looked at twice, and nobody forgotten.
"""

import asyncio
import threading
from datetime import UTC, date, datetime, timedelta
from itertools import chain

import pytest
from sqlalchemy import select, text

from coach import judged, messenger, tasks, working
from coach.app import App
from coach.errors import DatabaseError
from coach.plan import Diagnosis
from coach.plan.library import condition, example_plan
from coach.store import news, people, sweeps
from coach.store.engine import open_database, reading, writing
from coach.store.kept import KeptWeek
from coach.store.tables import Person, key
from coach.sweeps import spread_keeping, spread_round
from config.settings import Settings
from scheduler import queue
from scheduler.queue import Pace
from scheduler.tables import NUDGE, TASK

NOW = datetime(2026, 6, 22, 8, 30, tzinfo=UTC)  # a Monday morning, in the fourth week of the plan
MINUTE = timedelta(minutes=1)
PATIENCE_S = 60
PLAN = example_plan(
    condition("disc_herniation"),
    starts_on=date(2026, 6, 1),
    diagnosis=Diagnosis(made_by="Dr Bo", made_on=date(2026, 5, 1)),
)
MANY = 2 * tasks.TOGETHER + 5


@pytest.fixture
def app(engine, tmp_path) -> App:
    settings = Settings(home=tmp_path, smtp_url=None, database_url=None, message_folder=tmp_path / "letters")
    return App(settings, engine, lambda: NOW)


@pytest.fixture
def many(engine) -> list[Person]:
    """With a plan; of each the week that closed is to be told, and weeks are to be kept."""
    began = datetime(2026, 6, 1, 4, tzinfo=UTC)
    with writing(engine, None) as session:
        session.expire_on_commit = False
        found = [Person(name=f"P{number}", timezone="Europe/Berlin", created_at=began) for number in range(MANY)]
        session.add_all(found)
        session.flush()
        for number, each in enumerate(found):
            people.add_plan(session, key(each), PLAN, began)
            people.heard(session, key(each), "import", NOW - (MANY - number) * timedelta(seconds=1))
    return found


def waiting(engine) -> list[list[int]]:
    """Of each task its persons."""
    of = {"sqlite": select(TASK.c.arguments), "postgresql": text("SELECT args->'given' FROM procrastinate_jobs")}
    with engine.connect() as connection:
        return [each["persons"] for each in connection.execute(of[engine.dialect.name]).scalars()]


def work_off(*apps: App) -> None:
    """Workers, as many as there are, until nothing waits."""

    async def work() -> None:
        stop = asyncio.Event()
        pace = Pace(look=timedelta(seconds=0.05))
        workers = [asyncio.create_task(queue.work(app.engine, working.calls(app), stop, pace=pace)) for app in apps]
        async with asyncio.timeout(PATIENCE_S):
            while await asyncio.to_thread(waiting, apps[0].engine):
                await queue.paused(stop, pace.look)
        stop.set()
        await asyncio.gather(*workers)

    asyncio.run(work())


def test_everybody_is_looked_at_once_whoever_looks(engine, many, database_url):
    other, half_an_hour_before_noon = open_database(database_url), NOW + 90 * MINUTE  # rules speak at 12:30
    assert spread_round(engine, NOW) == 3
    assert sorted(chain.from_iterable(waiting(engine))) == [key(each) for each in many]
    assert spread_round(other, NOW + timedelta(seconds=30)) == 0, "another has just looked"
    assert spread_round(other, half_an_hour_before_noon) == 0, "what waits already is enough"
    other.dispose()


def test_in_between_those_of_whom_something_is_new_also_if_another_looked_before(engine, many, app, database_url):
    other = open_database(database_url)
    spread_round(engine, NOW)
    work_off(app)
    with writing(engine, key(many[3])) as session:
        people.heard(session, key(many[3]), "sync", NOW + timedelta(seconds=10))
    spread_round(other, NOW + MINUTE)
    persons = list(chain.from_iterable(waiting(engine)))
    assert key(many[3]) in persons
    assert len(persons) < tasks.TOGETHER
    other.dispose()


def test_of_services_that_look_at_the_same_moment_one_looks(many, database_url):
    engines = [open_database(database_url) for _ in range(3)]
    gate, new = threading.Barrier(len(engines)), []

    def look(engine) -> None:
        gate.wait(PATIENCE_S)
        new.append(spread_round(engine, NOW))

    threads = [threading.Thread(target=look, args=(each,)) for each in engines]
    for each in threads:
        each.start()
    for each in threads:
        each.join(PATIENCE_S)
    assert sorted(new) == [0, 0, 3]
    for each in engines:
        each.dispose()


@pytest.mark.postgresql
def test_nobody_waits_for_a_look_that_another_makes(engine, many, database_url):
    other = open_database(database_url)
    spread_round(engine, NOW)
    with sweeps.mine(engine, tasks.PLAN.name, NOW + MINUTE, MINUTE) as look:
        assert look is not None
        with sweeps.mine(other, tasks.PLAN.name, NOW + 2 * MINUTE, MINUTE) as second:
            assert second is None
    other.dispose()


def test_a_look_that_was_cut_off_is_made_anew_and_leaves_no_task(engine, many, monkeypatch):
    def cut_off(*_):
        raise KeyError

    with monkeypatch.context() as patched:
        patched.setattr(news, "written", cut_off)
        with pytest.raises(KeyError):
            spread_round(engine, NOW)
    assert waiting(engine) == []
    assert spread_round(engine, NOW) == 3


def test_whose_clock_is_behind_leaves_the_look_to_the_other(engine, many, app):
    spread_round(engine, NOW)
    work_off(app)
    assert spread_round(engine, NOW - 2 * MINUTE) == 0, "it would be another quarter of an hour"


def test_a_clock_that_was_set_back_stops_nothing(engine, many, app):
    spread_round(engine, NOW)
    work_off(app)
    assert spread_round(engine, NOW - timedelta(days=1)) == 3


def test_several_work_it_off_and_each_is_told_once(engine, many, app, database_url):
    """As if one had looked alone."""
    alike = [App(app.settings, open_database(database_url), app.clock) for _ in range(2)]
    spread_round(engine, NOW)
    spread_keeping(engine, NOW)
    assert spread_keeping(alike[0].engine, NOW + MINUTE) == 0
    work_off(*alike)
    for each in alike:
        each.engine.dispose()
    with engine.connect() as connection:
        told = connection.execute(select(NUDGE.c.recipient_id, NUDGE.c.period).where(NUDGE.c.rule == "R13")).all()
    assert sorted(told) == sorted((str(each.id), "2026-W25") for each in many)
    assert messenger.plan_nudges(engine, app.settings, NOW) == 0, "there is nothing left to say"
    with reading(engine) as session:
        assert judged.lacking(session, NOW) == []


def test_marks_come_back_as_they_were_written(engine, many):
    with reading(engine) as session:
        marks = news.marks(session)
    assert news.read(news.written(marks)) == marks
    assert len(marks) >= 3
    assert news.read({"Something.new": 1}) == {}


def test_what_comes_in_is_looked_at_and_kept_soon(engine, ada, bring, app):
    """Deferred in the very transaction that the recording comes in with."""
    with writing(engine, key(ada)) as session:
        people.add_plan(session, key(ada), PLAN, ada.created_at)
    bring(ada, "walk", at=NOW)
    assert waiting(engine) == [[ada.id], [ada.id]], "to be planned for, and kept"
    bring(ada, "swim", at=NOW)
    assert len(waiting(engine)) == 2, "the same tasks look at both"
    work_off(app)
    bring(ada, "walk", at=NOW)
    assert waiting(engine) == [], "it was there already"
    with engine.connect() as connection:
        assert connection.execute(select(NUDGE.c.id)).first() is not None
        assert connection.execute(select(KeptWeek.monday).where(KeptWeek.person_id == ada.id)).first() is not None


@pytest.mark.postgresql
def test_without_the_library_a_service_says_what_to_install(app, monkeypatch):
    monkeypatch.setattr(working, "find_spec", lambda name: None)
    with pytest.raises(DatabaseError, match=r"'procrastinate'.*sciatica-coach\[postgresql\]"):
        asyncio.run(working.work(app, asyncio.Event(), working.QUEUES, 1))


def test_a_person_who_is_gone_meanwhile_stops_nothing(engine, ada, bea, bring, app):
    bring(ada, "walk", at=NOW)
    bring(bea, "walk", at=NOW)
    with writing(engine, key(ada)) as session:
        session.delete(session.get_one(Person, key(ada)))
    work_off(app)
