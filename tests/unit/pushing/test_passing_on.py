"""Live sessions go on to the server of the settings by themselves, and stand in nobody's way."""

import logging

import httpx2
import pytest

from coach.pushing import pushing
from coach.pushing.queue import queue_of
from coach.pushing.server import Server
from config.settings import Settings


@pytest.fixture
def known(tmp_path, monkeypatch) -> Settings:
    for name in ("COACH_SERVER_URL", "COACH_SERVER_TOKEN", "COACH_HOME"):
        monkeypatch.delenv(name, raising=False)
    return Settings(home=tmp_path, server_url="https://coach.example.org", server_token="coach_secret")


def answering(monkeypatch, answer) -> list[httpx2.Request]:
    asked = []

    def answered(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    client = httpx2.Client(base_url="https://coach.example.org", transport=httpx2.MockTransport(answered))
    monkeypatch.setattr(pushing, "open_server", lambda *_, **__: Server(client))
    return asked


def test_what_was_left_goes_on(known, monkeypatch):
    asked = answering(monkeypatch, httpx2.Response(200, json={}))
    pushing.leave(known, "ride.fit", b"content")
    pushing.pass_on(known)
    assert len(asked) == 1
    assert not queue_of(known.home, known.server_url).waiting()


def test_a_server_that_is_away_is_tried_once_and_it_waits(known, monkeypatch, caplog):
    asked = answering(monkeypatch, httpx2.ConnectError("no way"))
    pushing.leave(known, "ride.fit", b"content")
    pushing.pass_on(known)
    assert len(asked) == 1
    assert "waits for the server" in caplog.text
    assert queue_of(known.home, known.server_url).waiting()


def test_without_a_token_it_waits(known, caplog):
    known = known.model_copy(update={"server_token": None})
    pushing.leave(known, "ride.fit", b"content")
    pushing.pass_on(known)
    assert "COACH_SERVER_TOKEN" in caplog.text
    assert queue_of(known.home, known.server_url).waiting()


def test_without_a_server_nothing_waits(known):
    known = known.model_copy(update={"server_url": None})
    pushing.leave(known, "ride.fit", b"content")
    pushing.pass_on(known)
    assert not (known.home / "outgoing").exists()


def test_a_full_disk_does_not_keep_a_session_from_being_kept_here(known, monkeypatch, caplog):
    caplog.set_level(logging.WARNING)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pushing.Queue, "add", full)
    pushing.leave(known, "ride.fit", b"content")
    assert "No space left" in caplog.text


def test_the_token_is_shown_nowhere(known):
    assert "coach_secret" not in repr(known)
