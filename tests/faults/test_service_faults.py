"""A service whose database is away, full, or another program's: it says so, and what was sent waits where it was."""

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx2
import lives
import pytest
from disturbed import Clinic, Mailbox
from sqlalchemy import text
from sqlmodel import func, select

from coach.demo import sessions
from coach.pushing.pushing import push
from coach.pushing.queue import Queue
from coach.pushing.server import AwayError, open_server
from coach.store.engine import open_database, reading
from coach.store.tables import Activity, Original
from devices.fit.write import write

COACH = Path(sys.executable).with_name("coach")
SERVICES = (["run"], ["serve"], ["worker"])
DISK_MB = 40
LONG_MIN = 600  # more than there is room for in what the database has already


@pytest.fixture
def clinic(tmp_path, free_port):
    """`with clinic(url) as running`: its pages are served, and one person may bring files."""

    @contextmanager
    def running(url: str) -> Iterator[Clinic]:
        folder = tmp_path / "clinic"
        folder.mkdir()
        with Clinic(folder, url, free_port, 9, Mailbox()) as made:
            made.people(1)
            made.start()
            made.wait_for_pages()
            yield made
            log = made.log.read_text(encoding="utf-8")
            assert "Traceback" not in log, log

    return running


@pytest.fixture
def outgoing(tmp_path) -> Queue:
    """A walk that waits."""
    queue = Queue(tmp_path / "outgoing")
    queue.add("walk.fit", write(sessions.walk(lives.begins() - timedelta(hours=12), LONG_MIN)))
    return queue


def pushed(clinic: Clinic, queue: Queue) -> list[str]:
    with open_server(f"http://127.0.0.1:{clinic.port}", clinic.tokens[0], allow_plain=True) as server:
        return [each.outcome for each in push(queue, server, tries=1)]


def asked(clinic: Clinic, method: str, path: str, **given) -> httpx2.Response:
    headers = {"authorization": f"Bearer {clinic.tokens[0]}"}
    url = f"http://127.0.0.1:{clinic.port}/api/v1{path}"
    return httpx2.request(method, url, headers=headers, timeout=60, trust_env=False, **given)


def kept(clinic: Clinic) -> tuple[int, int]:
    with reading(clinic.engine) as session:
        count = [session.exec(select(func.count()).select_from(each)).one() for each in (Original, Activity)]
    return count[0], count[1]


def is_refused_for_now(clinic: Clinic, queue: Queue) -> None:
    with pytest.raises(AwayError, match="503"):
        pushed(clinic, queue)
    (waits,) = queue.waiting()
    answer = asked(clinic, "POST", "/files", content=queue.content(waits))
    assert (answer.status_code, answer.json()["type"]) == (503, "/api/v1/problems/database")
    assert "retry-after" in answer.headers


def comes_in_once(clinic: Clinic, queue: Queue) -> None:
    assert pushed(clinic, queue) == ["stored"]
    assert queue.waiting() == []
    assert kept(clinic) == (1, 1)
    assert asked(clinic, "POST", "/check-ins", json={"pain": 3}).status_code == 201


@pytest.mark.postgresql
def test_uploads_wait_while_the_database_is_away(clinic, own_postgresql, outgoing):
    with own_postgresql.copy() as url, clinic(url) as running:
        own_postgresql.stop(keep=True)
        is_refused_for_now(running, outgoing)
        own_postgresql.start()
        comes_in_once(running, outgoing)


@pytest.fixture
def disk(backend, request) -> Iterator[Path]:
    """A small one, where the system lets us have one; a server's own where there is one."""
    folder = Path(tempfile.mkdtemp(prefix="coach-disk-"))
    owner = request.getfixturevalue("own_postgresql").owner if backend == "postgresql" else os.getuid()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=0700,uid={owner}", "tmpfs", folder]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("no disk of our own without root's rights")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)
    folder.rmdir()


@pytest.fixture
def on_disk(backend, disk, request) -> Iterator[str]:
    """A database on that disk."""
    if backend == "sqlite":
        yield f"sqlite:///{disk / 'coach.db'}"
        return
    server = request.getfixturevalue("own_postgresql")
    server.run(f"CREATE TABLESPACE small LOCATION '{disk}'")
    server.run("CREATE DATABASE small TABLESPACE small")
    yield server.url("small")
    server.run("DROP DATABASE small")
    server.run("DROP TABLESPACE small")


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError as error:
            assert error.errno == errno.ENOSPC  # noqa: PT017
    return filler


def test_uploads_wait_while_the_disk_is_full(clinic, disk, on_disk, outgoing):
    with clinic(on_disk) as running:
        filler = fill(disk)
        is_refused_for_now(running, outgoing)
        assert asked(running, "GET", "/activities").status_code == 200, "looking needs no room"
        filler.unlink()
        comes_in_once(running, outgoing)


@pytest.mark.postgresql
def test_no_service_starts_without_its_database(own_postgresql, tmp_path):
    """After some patience a sentence, and no traceback."""
    own_postgresql.stop(keep=True)
    for words, ended in started(own_postgresql.url("coach"), tmp_path).items():
        assert ended.returncode == 1, words
        assert "cannot be opened: " in ended.stderr, words
        assert ended.stderr.endswith("Is PostgreSQL running, and COACH_DATABASE_URL right?\n"), words
    own_postgresql.start()


def test_no_service_starts_on_a_newer_programs_database(database_url, tmp_path):
    engine = open_database(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    for words, ended in started(database_url, tmp_path).items():
        assert (ended.returncode, ended.stdout) == (1, ""), words
        assert "is at version 9999, which this program does not know. Install the newer program" in ended.stderr, words
        assert "Traceback" not in ended.stderr, words


def started(url: str, home: Path) -> dict[str, subprocess.CompletedProcess]:
    """What became of each service that was started on this database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
    environment = kept | {"COACH_HOME": str(home), "COACH_DATABASE_URL": url}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    begun = {" ".join(words): subprocess.Popen([COACH, *words], env=environment, **pipes) for words in SERVICES}
    ended = {}
    for words, process in begun.items():
        out, err = process.communicate(timeout=120)
        ended[words] = subprocess.CompletedProcess(words, process.returncode, out, err)
    return ended
