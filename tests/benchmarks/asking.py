"""A server of `served.py` in a process of its own, asked over HTTP by this one, and what its CPU time says."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

import httpx2
import served

from coach.accounts.invitations import PATH, for_person, open_invitations
from coach.app import App
from coach.store.engine import reading
from coach.store.tables import Person

PASSWORD = "three quiet words"


@contextmanager
def served_there() -> Iterator[httpx2.Client]:
    port = free_port()
    command = [sys.executable, served.__file__, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as server:
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=60) as browser:
                until_it_answers(browser)
                yield browser
        finally:
            server.communicate(timeout=30)


def joined(app: App, browser: httpx2.Client, person: Person, email: str) -> None:
    """Make the person an account by an administrator's link; the browser is signed in from then on."""
    with reading(app.engine) as session:
        link = PATH + open_invitations(app.settings).token(for_person(session, person, app.clock()))
    fields = {"email": email, "password": PASSWORD, "repeated": PASSWORD}
    assert browser.post(link, data=fields).status_code == 200


def until_it_answers(browser: httpx2.Client) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            browser.get("/healthz")
        except httpx2.TransportError:
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return


def theirs_s(browser: httpx2.Client, work: Callable[[], object]) -> float:
    """CPU of the server while something is asked of it."""
    before = float(browser.get("/-/cpu").text)
    work()
    return float(browser.get("/-/cpu").text) - before


def looks_s(
    browser: httpx2.Client, paths: dict[str, str], rounds: int, requests: int
) -> dict[str, tuple[float, float]]:
    """Of each path, by its name: CPU seconds of a look, and how many of the first's; medians of rounds in turns, of
    so many requests each.
    """

    def looked(path: str) -> float:
        def often() -> None:
            for _ in range(requests):
                assert browser.get(path).status_code == 200

        return theirs_s(browser, often) / requests

    for path in paths.values():
        looked(path)
    measured = [[looked(path) for path in paths.values()] for _ in range(rounds)]
    return {
        name: (median(each[index] for each in measured), median(each[index] / each[0] for each in measured))
        for index, name in enumerate(paths)
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
