"""A folder is pushed to a server that is killed and comes back, by a command that is killed and goes on: each file is
there once.
"""

import contextlib
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coach.demo import sessions
from devices.fit.write import write

COACH = Path(sys.executable).with_name("coach")
START = datetime(2026, 6, 1, 9, tzinfo=UTC)
FILES = 40
KILLS = 6
LIMIT_S = 300.0


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "watch"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number:03}.fit").write_bytes(write(sessions.walk(START + timedelta(hours=number), 1)))
    return folder


@pytest.fixture
def port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def there(tmp_path) -> dict[str, str]:
    """The server's environment, with Ada in its home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
    environment = kept | {"COACH_HOME": str(tmp_path / "server")}
    given = ["--name", "Ada", "--timezone", "Europe/Berlin", "--condition", "disc_herniation"]
    subprocess.run([COACH, "setup", *given], env=environment, check=True, capture_output=True)
    return environment


@pytest.fixture
def here(there, tmp_path) -> dict[str, str]:
    """The edge's environment: a home of its own, with nobody in it, and a token."""
    asked = [COACH, "tokens", "add", "the edge", "--scope", "upload"]
    token = subprocess.run(asked, env=there, check=True, capture_output=True, text=True).stdout.strip()
    return there | {"COACH_HOME": str(tmp_path / "edge"), "COACH_SERVER_TOKEN": token}


@contextlib.contextmanager
def serving(environment: Mapping[str, str], port: int) -> Iterator[subprocess.Popen]:
    """A server that answers; killed at the end, without a word."""
    asked = [COACH, "serve", "--port", str(port)]
    server = subprocess.Popen(asked, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + LIMIT_S
        while time.monotonic() < until:
            assert server.poll() is None
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield server
    finally:
        server.kill()
        server.wait()


def pushing(environment: Mapping[str, str], port: int, folder: Path) -> subprocess.Popen:
    asked = [COACH, "sync", "--to", f"http://127.0.0.1:{port}", "--from", folder]
    return subprocess.Popen(asked, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def kept(environment: Mapping[str, str]) -> tuple[int, int]:
    """Files and activities that are there."""
    with closing(sqlite3.connect(Path(environment["COACH_HOME"]) / "coach.db")) as database:
        count = "SELECT (SELECT count(*) FROM original), (SELECT count(*) FROM activity)"
        return database.execute(count).fetchone()


def test_whatever_is_killed_each_file_is_there_once(here, there, port, folder):
    dice = random.Random(7)
    for number in range(KILLS):
        with serving(there, port) as server:
            push, before, until = pushing(here, port, folder), kept(there), time.monotonic() + LIMIT_S
            while kept(there) == before and push.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(dice.uniform(0, 0.3))
            (server if number % 2 else push).send_signal(signal.SIGKILL)
        push.kill()  # where the server went, it would wait for it
        push.communicate()
    with serving(there, port):
        push = pushing(here, port, folder)
        told, _ = push.communicate(timeout=LIMIT_S)
        assert push.returncode == 0, told
        again = pushing(here, port, folder)
        told, _ = again.communicate(timeout=LIMIT_S)
    assert f"{FILES} duplicate" in told
    assert kept(there) == (FILES, FILES)
    assert not list((Path(here["COACH_HOME"]) / "outgoing").glob("*/*.fit"))


def test_a_command_outlasts_a_server_that_starts_anew(here, there, port, folder):
    with serving(there, port):
        push = pushing(here, port, folder)
        until = time.monotonic() + LIMIT_S
        while not kept(there)[0] and push.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
    with serving(there, port):
        told, _ = push.communicate(timeout=LIMIT_S)
    assert push.returncode == 0, told
    assert kept(there) == (FILES, FILES)
