"""Programs of two versions, or two schedulers, on one database; and a clock that was set back."""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

COACH = Path(sys.executable).with_name("coach")
PATIENCE_S = 60
NEWER = "The database is at version 9999 now, and this program at"


def newer(home) -> None:
    """What the first command of a newer program does."""
    with closing(sqlite3.connect(home / "coach.db", isolation_level=None)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


def started(*words: str, says: str, **environment: str) -> subprocess.Popen:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen([COACH, *words], text=True, **pipes, env={**os.environ, **environment})
    for line in process.stderr:
        if says in line:
            return process
    pytest.fail(f"it stopped with {process.wait()}")


def until_it_listens(connection: HTTPConnection) -> None:
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.connect()
        except ConnectionRefusedError:
            assert time.monotonic() < end
            time.sleep(0.1)
        else:
            return


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("words", "says"),
    [(["run"], "is running"), (["worker"], "The worker"), (["serve"], "pages are at")],
)
def test_who_does_something_stops_when_a_newer_program_has_the_database(ada, home, words, says, free_port):
    process = started(*words, says=says, COACH_LISTEN=f"127.0.0.1:{free_port}")
    newer(home)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert err.splitlines()[-1].startswith(NEWER)
    assert "Traceback" not in err


@pytest.mark.thorough
@pytest.mark.parametrize("words", [["worker"], ["run"], ["serve", "--no-scheduler"], ["week"]])
def test_whoever_starts_on_a_newer_database_refuses(coach, ada, home, words):
    newer(home)
    refused = subprocess.run([COACH, *words], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert refused.returncode == 1
    assert refused.stderr.startswith("The database is at version 9999, which this program does not know.")


@pytest.mark.thorough
def test_pages_alone_go_on_and_say_that_they_are_not_ready(ada, home, free_port):
    process = started("serve", "--no-scheduler", "--port", str(free_port), says="pages are at")
    try:
        newer(home)
        connection = HTTPConnection("127.0.0.1", free_port)
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        assert (answer.status, b"version 9999" in answer.read()) == (503, True)
        connection.close()
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0


@pytest.mark.thorough
def test_a_worker_tells_how_it_fares(ada, free_port):
    process = started("worker", "--metrics-port", str(free_port), says="The worker")
    try:
        connection = HTTPConnection("127.0.0.1", free_port)
        until_it_listens(connection)
        told = {}
        for path in ("/healthz", "/readyz", "/metrics", "/sign-in"):
            connection.request("GET", path)
            answer = connection.getresponse()
            told[path] = (answer.status, answer.read().decode())
        connection.close()
        assert told["/healthz"] == told["/readyz"] == (200, "ok")
        assert 'coach_task_oldest_wait_seconds{queue="plan"} 0.0' in told["/metrics"][1]
        assert told["/sign-in"][0] == 404
        second = subprocess.run(
            [COACH, "worker", "--metrics-port", str(free_port)],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert second.returncode == 1
        assert f"127.0.0.1:{free_port}" in second.stderr
    finally:
        process.terminate()
        _, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, err.endswith("Stopped.\n")) == (0, True)


@pytest.mark.thorough
def test_two_schedulers_of_two_homes_on_one_file(coach, setup, tmp_path, monkeypatch):
    monkeypatch.setenv("COACH_DATABASE_URL", f"sqlite:///{tmp_path / 'shared' / 'coach.db'}")
    coach(*setup())
    first = started("run", says="is running", COACH_HOME=str(tmp_path / "one"))
    try:
        second = subprocess.run(
            [COACH, "run"],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
            env={**os.environ, "COACH_HOME": str(tmp_path / "two")},
        )
        assert second.returncode == 1
        assert f"Another scheduler is already running on {tmp_path / 'shared'}" in second.stderr
    finally:
        first.terminate()
        first.communicate(timeout=PATIENCE_S)
    assert first.returncode == 0


def test_a_clock_that_was_set_back_sends_nothing_twice(coach, ada, monkeypatch, tmp_path):
    letters = tmp_path / "letters"
    monkeypatch.setenv("COACH_MESSAGE_FOLDER", str(letters))
    coach("tick", "--at", "2026-06-08T09:00+02:00")
    sent = sorted(letters.glob("*.eml"))
    assert sent
    coach("tick", "--at", "2026-06-08T08:45+02:00")
    coach("tick", "--at", "2026-06-08T09:00+02:00")
    assert sorted(letters.glob("*.eml")) == sent
