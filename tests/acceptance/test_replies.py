"""From a walk to a verdict by mail: everything real, as processes and sockets have it."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from coach.demo import sessions
from devices.fit.write import write

COACH = Path(sys.executable).with_name("coach")
PATIENCE_S = 60


class Mailbox:
    def __init__(self) -> None:
        self.letters: list = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def mailbox(mail_server, monkeypatch):
    box = Mailbox()
    with mail_server(box) as port:
        monkeypatch.setenv("COACH_SMTP_URL", f"smtp://127.0.0.1:{port}")
        monkeypatch.setenv("COACH_MAIL_FROM", "coach@example.org")
        yield box


@pytest.fixture
def port(monkeypatch) -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("COACH_LISTEN", f"127.0.0.1:{port}")
    monkeypatch.setenv("COACH_PUBLIC_URL", f"http://127.0.0.1:{port}")
    return port


@pytest.fixture
def walked(coach, setup, port, tmp_path) -> None:
    """Ada lives where it is about eleven now, said how she was, and has just walked."""
    now = datetime.now(UTC)
    offset = 11 - now.hour
    coach(*setup(timezone=f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT", start=f"{(now - timedelta(days=2)).date()}"))
    file = tmp_path / "walk.fit"
    file.write_bytes(write(sessions.walk(now - timedelta(minutes=20), 15)))
    for rule in range(2, 15):  # what else would be said depends on the day of the week
        coach("nudges", "off", f"R{rule}")
    coach("pain", "2", "--phase", "pre", "--at", f"{now - timedelta(minutes=25):%Y-%m-%dT%H:%M:%S+00:00}")
    coach("import", file)


@pytest.fixture
def service(walked, mailbox):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    running = subprocess.Popen([COACH, "run"], text=True, **pipes)
    yield running
    running.send_signal(signal.SIGTERM)
    out, err = running.communicate(timeout=PATIENCE_S)
    assert running.returncode == 0, err
    assert "/r/" not in out + err, "no token in any log"


def fetch(url: str, **form: str) -> str:
    data = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(url, data, timeout=PATIENCE_S) as answer:  # noqa: S310
        return answer.read().decode()


@pytest.mark.thorough
def test_from_a_walk_to_a_verdict_by_mail(coach, mailbox, service, port):
    end = time.monotonic() + PATIENCE_S
    while not mailbox.letters:
        assert time.monotonic() < end
        time.sleep(0.2)
    (mail,) = mailbox.letters
    told = mail.get_body(("plain",)).get_content()
    assert "15 min" in told
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (link,) = re.findall(rf"Pain, 0-10: (http://127.0.0.1:{port}/r/\S+)", told)
    assert f"{link}/5" in mail.get_body(("html",)).get_content()

    page = fetch(f"{link}/5")
    assert re.search(r'value="5" checked', page)
    assert [each for each in coach("pain", "--json").json if each["phase"] == "post"] == []
    done = fetch(urllib.parse.urljoin(link, re.search(r'action="(\S+)"', page)[1]), pain="5", extent="3")
    assert "Noted: 5 of 10." in done
    assert "pain was up after the session" in done

    (kept,) = [each for each in coach("pain", "--json").json if each["phase"] == "post"]
    assert (kept["pain"], kept["extent"]) == (5, "thigh")
    verdicts = [each["colour"] for each in _all("verdict", coach("explain", "1", "--json").json)]
    assert verdicts == ["amber"]


def _all(name: str, document) -> list:
    """What stands under a name, wherever in the document."""
    if isinstance(document, dict):
        own = [document[name]] if document.get(name) else []
        return own + [each for value in document.values() for each in _all(name, value)]
    return [each for value in document for each in _all(name, value)] if isinstance(document, list) else []


def test_a_port_that_is_taken_is_said(coach, ada, port):
    with socket.create_server(("127.0.0.1", port)):
        said = subprocess.run([COACH, "run"], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert said.returncode == 1
    assert f"The pages cannot be served on 127.0.0.1:{port}" in said.stderr
    assert "COACH_LISTEN" in said.stderr
    assert "Traceback" not in said.stderr
