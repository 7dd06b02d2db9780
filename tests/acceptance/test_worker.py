"""Several processes on one database: services, pages alone, and workers that help."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.client import HTTPConnection
from pathlib import Path

import pytest

COACH = Path(sys.executable).with_name("coach")
PATIENCE_S = 60
PERSONS = 4


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


@contextmanager
def running(*words: str, says: str, **environment: str) -> Iterator[subprocess.Popen]:
    """Until the block ends; then it is told to stop, and does so cleanly."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen([COACH, *words], text=True, **pipes, env={**os.environ, **environment})
    try:
        for line in process.stderr:
            if says in line:
                break
        else:
            pytest.fail(f"it stopped with {process.wait()}")
        yield process
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, err
        assert err.endswith("Stopped.\n")
        assert "Traceback" not in out + err
    finally:
        process.kill()
        process.communicate()


def test_a_worker_does_what_was_deferred(coach, ada, watch, counts):
    coach("import", watch)
    assert counts()["task"] == 2, "to be planned for, and kept"
    with running("worker", "--concurrency", "2", says="The worker takes what waits in plan, weeks and letters."):
        until(lambda: counts()["task"] == 0)


@pytest.mark.thorough
def test_a_worker_takes_only_from_the_queues_that_it_is_told(coach, ada, watch, counts):
    coach("import", watch)
    with running("worker", "--queue", "weeks", says="The worker takes what waits in weeks."):
        until(lambda: counts()["task"] == 1)


def test_a_queue_that_is_none_is_refused(coach, ada):
    said = coach("worker", "--queue", "parcels", code=2)
    assert said.err == "There is no queue 'parcels'; there are plan, weeks and letters.\n"


@pytest.mark.thorough
def test_a_service_does_it_beside_its_sweeps(coach, ada, watch, counts):
    coach("import", watch)
    with running("run", says="The coach is running"):
        until(lambda: counts()["task"] == 0)


@pytest.mark.thorough
def test_pages_alone_beside_a_service_on_one_home(coach, ada, watch, counts, free_port, monkeypatch):
    """With the same settings neither refuses, and only one of them plans."""
    monkeypatch.setenv("COACH_PUBLIC_URL", "https://coach.example.org")
    monkeypatch.setenv("COACH_LISTEN", f"127.0.0.1:{free_port}")
    coach("import", watch)
    with running("serve", "--no-scheduler", says="pages are at"):
        connection = HTTPConnection("127.0.0.1", free_port)
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b"ok"
        connection.close()
        assert counts()["task"] == 2, "to be planned for, and kept"
        with running("run", "--no-pages", says="The coach is running"):
            until(lambda: counts()["task"] == 0)


@pytest.mark.thorough
def test_services_and_a_worker_on_one_postgresql_send_each_letter_once(
    coach, setup, postgresql_databases, tmp_path, monkeypatch
):
    """Of several persons last week's page is due, at any hour and in any week."""
    letters = tmp_path / "letters"
    now = datetime.now(UTC)
    offset = 11 - now.hour  # somewhere on earth it is between ten and twelve, well away from quiet hours
    zone = f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"
    begin = (now - timedelta(days=now.weekday() + 8)).date()
    start = f"{begin - timedelta(days=begin.weekday())}"
    with postgresql_databases.copy() as url:
        monkeypatch.setenv("COACH_DATABASE_URL", url)
        monkeypatch.setenv("COACH_MESSAGE_FOLDER", str(letters))
        names = [f"Person {number}" for number in range(PERSONS)]
        for name in names:
            coach(*setup(name=name, timezone=zone, start=start, email=f"{name[-1]}@example.org"))
        homes = [str(tmp_path / f"home {number}") for number in range(3)]
        with (
            running("run", says="is running", COACH_HOME=homes[0]),
            running("run", says="is running", COACH_HOME=homes[1]),
            running("worker", says="The worker", COACH_HOME=homes[2]),
        ):
            until(lambda: len(list(letters.glob("*.eml"))) >= PERSONS)
            time.sleep(12)  # a sweep of each comes after that
        told = [
            (mail["To"], "Warning signs" in mail.get_body(("plain",)).get_content())
            for mail in (message_from_bytes(each.read_bytes(), policy=policy.default) for each in letters.glob("*.eml"))
        ]
        pages = Counter(to for to, is_page in told if is_page)
        assert set(pages.values()) == {1}
        assert len(pages) == PERSONS
