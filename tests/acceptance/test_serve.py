"""`coach serve`, as a process of its own: it lets somebody in, tells what lasts, and stops at once all the same."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from devices.ble import entries, journals
from devices.ble.entries import Entry, Kind
from devices.ble.journal import Journal

COACH = Path(sys.executable).with_name("coach")
PASSWORD = "three quiet words"


@pytest.fixture
def served(coach, ada, free_port, home) -> Iterator[subprocess.Popen]:
    command = [COACH, "serve", "--port", str(free_port)]
    service = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert any("pages are at" in line for line in service.stderr)
    yield service
    service.kill()
    service.communicate()


@pytest.fixture
def browser(coach, served, free_port) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=f"http://127.0.0.1:{free_port}", follow_redirects=True, timeout=30) as browser:
        link = re.search(r"/join/\S+", coach("accounts", "link", "--person", "Ada").out)[0]
        fields = {"email": "ada@example.org", "password": PASSWORD, "repeated": PASSWORD}
        assert browser.post(link, data=fields).status_code == 200
        yield browser


@pytest.fixture
def journal(home) -> Iterator[Journal]:
    """Of a session of Ada's that is being recorded."""
    journal = journals.begin(home, datetime.now(UTC), "cycling", "indoor_cycling", utc_offset=timedelta(), owner="1")
    journal.append(entries.said(Kind.DEVICE, {"name": "Strap"}, 1.0, 0))
    journal.append(Entry(Kind.LINK, 1.0, 0, b"live"))
    journal.append(entries.frame(1.0, 0, 0x2A37, bytes([0, 101])))
    yield journal
    journal.close()


def stopped(service: subprocess.Popen) -> float:
    """Tell it to stop; gives how long that took."""
    began = time.monotonic()
    service.send_signal(signal.SIGTERM)
    _, err = service.communicate(timeout=60)
    assert service.returncode == 0, err
    assert "Traceback" not in err
    return time.monotonic() - began


@pytest.mark.thorough
def test_a_stream_neither_keeps_it_from_answering_nor_from_stopping(served, browser, journal):
    with browser.stream("GET", "/live/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        assert "101 bpm" in next(line for line in lines if line.startswith("data"))
        assert "101 bpm" in browser.get("/live").text
        journal.append(entries.frame(1.5, 0, 0x2A37, bytes([0, 120])))
        assert "120 bpm" in next(line for line in lines if line.startswith("data"))
        assert stopped(served) < 3
        assert not [line for line in lines if "over" in line], "the session goes on"
