"""One contract for the queue, whichever database there is: done once when committed, never when rolled back, again
when it fails or its worker is killed.
"""

import asyncio
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from coach.store.engine import open_database
from scheduler import queue
from scheduler.clock import utc_now
from scheduler.queue import Calls, Pace, Task, defer
from scheduler.tables import TASK

WORKER = Path(__file__).with_name("queue_worker.py")
PACE = Pace(look=timedelta(seconds=0.05), alive=timedelta(seconds=0.3), dead=timedelta(seconds=1.2))
PATIENCE_S = 60
PATIENT = replace(PACE, dead=timedelta(seconds=PATIENCE_S))
A_WHILE_S = 0.4
NOTE = Task("note", queue="one", tries=3, wait=timedelta(seconds=0.2))
OTHER = Task("other", queue="two")
SLOW = Task("slow", queue="one", tries=3)
HARDY = Task("hardy", queue="one", tries=20)
ROWS = {"sqlite": "task", "postgresql": "procrastinate_jobs"}


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)


@contextmanager
def working(engine: Engine, calls: Calls, concurrency: int = 1, pace: Pace = PACE) -> Iterator[None]:
    """A worker on a thread of its own, which has finished what it began when the block ends."""
    began: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def work() -> None:
        stop = asyncio.Event()
        began.append((asyncio.get_running_loop(), stop))
        await queue.work(engine, calls, stop, concurrency=concurrency, pace=pace)

    thread = threading.Thread(target=asyncio.run, args=(work(),))
    thread.start()
    try:
        until(lambda: began)
        yield
    finally:
        loop, stop = began[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


class Notes:
    """What was done, in order; `fails` of the tries raise first."""

    def __init__(self, fails: int = 0) -> None:
        self.done: list[object] = []
        self.at: list[float] = []
        self._fails = fails

    def __call__(self, what: object) -> None:
        self.done.append(what)
        self.at.append(time.monotonic())
        if len(self.done) <= self._fails:
            raise ValueError(f"Ada's {what}")


def waiting(engine: Engine) -> int:
    """Rows of tasks, whatever they are at."""
    with engine.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {ROWS[engine.dialect.name]}"))  # noqa: S608


def deferred(engine: Engine, what: object = 1, task: Task = NOTE, **how) -> bool:
    with engine.begin() as connection:
        return defer(connection, task, {"what": what}, **how)


def test_what_is_committed_is_done_once_and_leaves_nothing(engine):
    notes = Notes()
    with working(engine, {NOTE: notes}):
        assert deferred(engine, [1, {"ä": None}])
        until(lambda: notes.done and not waiting(engine))
        time.sleep(A_WHILE_S)
    assert notes.done == [[1, {"ä": None}]]


def test_what_was_deferred_while_nobody_worked_is_done_in_its_order(engine):
    notes = Notes()
    for number in range(5):
        deferred(engine, number)
    with working(engine, {NOTE: notes}):
        until(lambda: not waiting(engine))
    assert notes.done == [0, 1, 2, 3, 4]


def test_what_is_rolled_back_never_was(engine):
    notes = Notes()
    with working(engine, {NOTE: notes}):
        with engine.connect() as connection:
            assert defer(connection, NOTE, {"what": 1}, key="k")
            connection.rollback()
        with engine.begin() as connection:
            assert defer(connection, NOTE, {"what": 2}, key="k"), "a key that was rolled back is free"
            time.sleep(A_WHILE_S)
            assert not notes.done, "nothing is done before its transaction has committed"
        until(lambda: not waiting(engine))
    assert notes.done == [2]


def test_of_one_key_one_waits_and_the_transaction_goes_on(engine):
    notes = Notes()
    with engine.begin() as connection:
        assert defer(connection, NOTE, {"what": 1}, key="k")
        assert not defer(connection, NOTE, {"what": 2}, key="k")
        assert defer(connection, NOTE, {"what": 3}, key="another")
        assert defer(connection, OTHER, {"what": 4}, key="k"), "a key is its task's"
        assert defer(connection, NOTE, {"what": 5})
        assert defer(connection, NOTE, {"what": 5})
    assert not deferred(engine, 6, key="k")
    with working(engine, {NOTE: notes, OTHER: notes}):
        until(lambda: not waiting(engine))
    assert sorted(notes.done) == [1, 3, 4, 5, 5]
    assert deferred(engine, 7, key="k"), "what is done waits no longer"


def test_while_it_is_being_done_another_of_its_key_may_wait(engine):
    """What came meanwhile was not looked at: it needs a look of its own."""
    begun, go, done = threading.Event(), threading.Event(), []

    def slowly(what: int) -> None:
        begun.set()
        assert go.wait(PATIENCE_S)
        done.append(what)

    with working(engine, {NOTE: slowly}):
        deferred(engine, 1, key="k")
        assert begun.wait(PATIENCE_S)
        assert deferred(engine, 2, key="k")
        assert not deferred(engine, 3, key="k")
        go.set()
        until(lambda: not waiting(engine))
    assert done == [1, 2]


def test_of_two_that_defer_one_key_at_the_same_moment_one_does(engine):
    gate, answers = threading.Barrier(4), []

    def one() -> None:
        gate.wait(PATIENCE_S)
        answers.append(deferred(engine, key="k"))

    threads = [threading.Thread(target=one) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(PATIENCE_S)
    assert sorted(answers) == [False, False, False, True]
    assert waiting(engine) == 1


def test_nothing_is_done_before_its_time(engine):
    notes = Notes()
    began = time.monotonic()
    deferred(engine, "later", run_at=utc_now() + timedelta(seconds=1))
    deferred(engine, "now")
    with working(engine, {NOTE: notes}):
        until(lambda: not waiting(engine))
    assert notes.done == ["now", "later"]
    assert notes.at[1] - began > 0.9


def test_what_fails_is_tried_again_after_a_while_longer_each_time(engine, caplog):
    notes = Notes(fails=2)
    with working(engine, {NOTE: notes}):
        deferred(engine, 1, key="k")
        until(lambda: not waiting(engine))
    assert notes.done == [1, 1, 1]
    assert notes.at[1] - notes.at[0] >= 0.2
    assert notes.at[2] - notes.at[1] >= 0.4
    assert "ValueError at test_queue.py" in caplog.text
    assert "Ada" not in caplog.text


def test_what_fails_to_the_end_is_dropped_and_stops_nothing(engine, caplog):
    notes = Notes(fails=100)
    with working(engine, {NOTE: notes, OTHER: Notes()}):
        deferred(engine, 1)
        until(lambda: not waiting(engine))
        deferred(engine, 2, OTHER)
        until(lambda: not waiting(engine))
    assert notes.done == [1, 1, 1]
    assert "0 tries left" in caplog.text


def test_what_fails_while_another_of_its_key_waits_leaves_it_to_that_one(engine):
    done: list[int] = []

    def fails_at_first(what: int) -> None:
        done.append(what)
        if len(done) == 1:
            assert deferred(engine, 2, key="k", run_at=utc_now() + timedelta(seconds=0.5))
            raise ValueError

    with working(engine, {NOTE: fails_at_first}):
        deferred(engine, 1, key="k")
        until(lambda: not waiting(engine))
    assert done == [1, 2]


def test_a_worker_takes_only_from_its_queues(engine):
    one, two = Notes(), Notes()
    deferred(engine, 1)
    deferred(engine, 2, OTHER)
    with working(engine, {OTHER: two}):
        until(lambda: waiting(engine) == 1)
        time.sleep(A_WHILE_S)
    assert (one.done, two.done) == ([], [2])


def test_a_task_that_is_not_known_here_is_dropped(engine, caplog):
    """Another version of the program has deferred it."""
    notes = Notes()
    deferred(engine, 1, Task("of another version", queue="one"))
    deferred(engine, 2)
    with working(engine, {NOTE: notes}):
        until(lambda: not waiting(engine))
    assert notes.done == [2]
    assert [each for each in caplog.messages if "of another version" in each] == [
        "task=of another version {'what': 1} dropped: it is not known here"
    ]


def test_what_waits_is_counted_by_queue_with_the_age_of_the_oldest(engine):
    with engine.connect() as connection:
        assert queue.waiting(connection) == []
    before = utc_now()
    deferred(engine, 1)
    deferred(engine, 2)
    deferred(engine, 3, OTHER)
    with engine.begin() as connection:
        defer(connection, OTHER, {"what": 4}, run_at=utc_now() + timedelta(hours=1))  # is not to be done yet
    with engine.connect() as connection:
        found = queue.waiting(connection)
    assert [(each.queue, each.number) for each in found] == [("one", 2), ("two", 1)]
    assert all(timedelta(0) <= each.oldest <= utc_now() - before + timedelta(seconds=1) for each in found)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(TASK.update().where(TASK.c.id == 1).values(deferred_at=before - timedelta(hours=2)))
        else:
            connection.execute(text("UPDATE procrastinate_events SET at = at - interval '2 hours' WHERE job_id = 1"))
    with engine.connect() as connection:
        assert queue.waiting(connection)[0].oldest >= timedelta(hours=2)


def test_so_much_at_a_time_as_is_said(engine):
    gate, now, most = threading.Barrier(3), Counter(), []

    def together(what: int) -> None:
        now["n"] += 1
        most.append(now["n"])
        gate.wait(PATIENCE_S)  # nobody comes through unless three are here
        now["n"] -= 1

    for number in range(6):
        deferred(engine, number)
    with working(engine, {NOTE: together}, concurrency=3):
        until(lambda: not waiting(engine))
    assert max(most) == 3


def test_several_workers_do_nothing_twice(engine, database_url):
    notes = Notes()
    engines = [open_database(database_url) for _ in range(3)]
    with engine.begin() as connection:
        for number in range(60):
            defer(connection, NOTE, {"what": number})
    with ExitStack() as stack:
        for each in engines:
            stack.enter_context(working(each, {NOTE: notes}))
        until(lambda: not waiting(engine))
    assert sorted(notes.done) == list(range(60))
    for each in engines:
        each.dispose()


def test_who_is_told_to_stop_finishes_what_is_begun(engine):
    begun, done = threading.Event(), []

    def slowly(what: int) -> None:
        begun.set()
        time.sleep(A_WHILE_S)
        done.append(what)

    deferred(engine, 1)
    deferred(engine, 2)
    with working(engine, {NOTE: slowly}):
        assert begun.wait(PATIENCE_S)
    assert done == [1]
    assert waiting(engine) == 1


def test_what_takes_longer_than_a_sign_of_life_is_nobody_elses(engine, database_url):
    done = []

    def long(what: int) -> None:
        time.sleep(2 * PACE.dead.total_seconds())
        done.append(what)

    other = open_database(database_url)
    with working(engine, {NOTE: long}), working(other, {NOTE: long}):
        deferred(engine, 1)
        until(lambda: not waiting(engine))
    assert done == [1]
    other.dispose()


@pytest.mark.postgresql
def test_a_worker_outlives_its_server(own_postgresql):
    """What is deferred once the server is back is done."""
    notes = Notes()
    with own_postgresql.copy() as url:
        engine = open_database(url)
        with working(engine, {NOTE: notes}):
            deferred(engine, 1)
            until(lambda: notes.done and not waiting(engine))  # what is done but not yet settled is done again
            own_postgresql.stop(keep=True)
            time.sleep(1)
            own_postgresql.start()
            deferred(engine, 2)
            until(lambda: len(notes.done) > 1)
        engine.dispose()
    assert notes.done == [1, 2]


@pytest.mark.postgresql
@pytest.mark.parametrize("fails", [0, 1], ids=["done", "tried again"])
def test_what_ends_while_the_server_is_away_is_written_down_when_it_is_back(own_postgresql, caplog, fails):
    """Not done twice, nor held for ever by a worker that lives; and no traceback, which would quote it."""
    notes = Notes(fails)

    def ends_while_away(what: int) -> None:
        if not notes.done:
            own_postgresql.kill()
            threading.Timer(A_WHILE_S, own_postgresql.start).start()
        notes(what)

    with own_postgresql.copy() as url:
        engine = open_database(url)
        with working(engine, {NOTE: ends_while_away}, pace=PATIENT):
            deferred(engine, 1)
            until(lambda: len(notes.done) > fails)
            until(lambda: is_empty(engine))
        engine.dispose()
    assert notes.done == [1] * (1 + fails)
    assert not fails or "task=note ended, which is not written down yet: " in caplog.text
    assert_told_plainly(caplog)


BREAKS = """
CREATE TABLE broken (id integer);
INSERT INTO broken VALUES (1);
CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM broken) THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER breaks BEFORE {on} ON procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION breaks();
"""


@pytest.mark.postgresql
@pytest.mark.parametrize(("on", "fails"), [("DELETE", 0), ("INSERT", 1)], ids=["done", "to be tried again"])
@pytest.mark.parametrize(("pace", "until_told"), [(PATIENT, "not written down yet"), (PACE, "and is done again")])
def test_a_connection_that_breaks_while_an_end_is_written_down(engine, caplog, on, fails, pace, until_told):
    """For a while it is tried again; then the worker begins anew, for what it holds is nobody else's."""
    deferred(engine, 1)
    with engine.begin() as connection:
        connection.exec_driver_sql(BREAKS.format(on=on))
    notes = Notes(fails)
    with working(engine, {NOTE: notes}, pace=pace):
        until(lambda: until_told in caplog.text)
        with engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM broken")
        until(lambda: not waiting(engine))
    is_done_anew = pace is PACE and not fails  # what failed was to be done anew in any case
    assert notes.done == [1] * (1 + fails + is_done_anew)
    assert_told_plainly(caplog)


def assert_told_plainly(caplog) -> None:
    """A line each: a traceback, or an error that nobody heard of, would quote what is private."""
    assert [each for each in caplog.records if each.exc_info] == []
    assert "never retrieved" not in caplog.text


def is_empty(engine: Engine) -> bool:
    try:
        return waiting(engine) == 0
    except OperationalError:
        return False


@contextmanager
def process(url: str, file: Path, seconds: float) -> Iterator[subprocess.Popen]:
    worker = subprocess.Popen([sys.executable, str(WORKER), url, str(file), str(seconds)])
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def test_what_a_killed_worker_leaves_is_done_by_another(engine, database_url, tmp_path):
    notes, file = Notes(), tmp_path / "lines"
    with process(database_url, file, 600) as worker:
        with engine.begin() as connection:
            defer(connection, SLOW, {"what": 1}, key="k")
        until(lambda: lines(file))
        worker.kill()
    with engine.begin() as connection:
        assert defer(connection, NOTE, {"what": 2})
    with working(engine, {SLOW: notes, NOTE: notes}):
        until(lambda: not waiting(engine))
    assert notes.done == [2, 1], "another's work is taken over only when it has said nothing for a while"
    assert [each.rpartition(" ")[0] for each in lines(file)] == ["begun 1"]


@pytest.mark.thorough
def test_of_a_killed_workers_key_another_that_waits_is_enough(engine, database_url, tmp_path):
    notes, file = Notes(), tmp_path / "lines"
    with process(database_url, file, 600):
        with engine.begin() as connection:
            defer(connection, SLOW, {"what": 1}, key="k")
        until(lambda: lines(file))
    with engine.begin() as connection:
        assert defer(connection, SLOW, {"what": 2}, key="k", run_at=utc_now() + timedelta(seconds=4))
    with working(engine, {SLOW: notes}):
        until(lambda: not waiting(engine))
    assert notes.done[-1] == 2


@pytest.mark.thorough
def test_what_kills_every_worker_is_dropped(engine, database_url, tmp_path, caplog):
    notes, file = Notes(), tmp_path / "lines"
    with engine.begin() as connection:
        defer(connection, SLOW, {"what": 1})
    for number in range(1, 1 + SLOW.tries):
        with process(database_url, file, 600):
            until(lambda number=number: len(lines(file)) == number)
    with working(engine, {SLOW: notes}):
        until(lambda: not waiting(engine))
    assert not notes.done
    assert "every worker that took it stopped" in caplog.text


@pytest.mark.thorough
def test_kills_lose_nothing(engine, database_url, tmp_path):
    """Thirty tasks, and workers that are killed in the middle of them."""
    file, number = tmp_path / "lines", 30
    with engine.begin() as connection:
        for each in range(number):
            defer(connection, HARDY, {"what": each})
    for kill in range(3):
        with process(database_url, file, 0.1):
            until(lambda kill=kill: sum(each.startswith("begun") for each in lines(file)) > 4 * (kill + 1))
    with process(database_url, file, 0.01):
        until(lambda: not waiting(engine))
    done = Counter(int(each.split()[1]) for each in lines(file) if each.startswith("done"))
    assert set(done) == set(range(number))
    assert done.total() <= number + 6, (
        "only what a kill hit is done again, or what was slow enough to be taken for dead"
    )
