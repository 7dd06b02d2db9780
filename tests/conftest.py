"""What every test may use: the corpus of real FIT files, where it is there."""

import contextlib
import csv
import gc
import os
import socket
import warnings
from collections.abc import Container, Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

PROJECT = Path(__file__).parents[1]
CORPUS = Path(os.environ.get("COACH_SHARED", PROJECT.parent / "shared")) / "fit"
NO_CORPUS = f"no corpus of real FIT files at {CORPUS}; set COACH_SHARED to the folder that has it"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `corpus`, or using it, are skipped where it is not."""
    if CORPUS.is_dir():
        return
    for item in items:
        if item.get_closest_marker("corpus") or "corpus" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason=NO_CORPUS))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`facts`: one row of the corpus' index.csv for each real file, but those of `corpus(without=...)`."""
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
