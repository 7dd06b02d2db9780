"""SIGTERM while a message is on its way and somebody is being answered: both come to their end; nobody is let in."""

import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

COACH = Path(sys.executable).with_name("coach")
PATIENCE_S = 60
HELD_S = 4.0


class SlowPost:
    """A mail server's handler that takes its time over each letter."""

    def __init__(self) -> None:
        self.begun, self.taken = threading.Event(), 0

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802  (aiosmtpd's)
        import asyncio

        self.begun.set()
        await asyncio.sleep(HELD_S)
        self.taken += 1
        return "250 OK"


@pytest.fixture
def due(coach, setup, home) -> None:
    """A person of whom last week's page is due, at any hour."""
    now = datetime.now(UTC)
    offset = 11 - now.hour  # where it is between ten and twelve, well away from quiet hours
    begin = (now - timedelta(days=now.weekday() + 8)).date()
    zone = f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"
    coach(*setup(timezone=zone, start=f"{begin - timedelta(days=begin.weekday())}"))


@pytest.mark.thorough
def test_what_runs_is_finished_and_nothing_new_is_begun(coach, due, mail_server, monkeypatch, free_port):
    post = SlowPost()
    with mail_server(post) as port:
        monkeypatch.setenv("COACH_SMTP_URL", f"smtp://127.0.0.1:{port}")
        command = [COACH, "serve", "--port", str(free_port)]
        service = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            assert post.begun.wait(PATIENCE_S)
            with socket.create_connection(("127.0.0.1", free_port), timeout=PATIENCE_S) as asking:
                # A form whose end is still on its way.
                asking.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n")
                asking.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n\r\nemail")
                time.sleep(0.5)
                service.terminate()
                time.sleep(1)
                assert post.taken == 0, "the letter is on its way"
                with pytest.raises(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", free_port), timeout=5).close()
                asking.sendall(b"=a%40")
                assert asking.recv(4096).startswith(b"HTTP/1.1 4"), "answered, with what is wrong with it"
            _, err = service.communicate(timeout=PATIENCE_S)
        finally:
            service.kill()
            service.wait()
    assert service.returncode == 0, err
    assert "Traceback" not in err
    assert "cut short" not in err
    assert post.taken == 1
    (nudge,) = (each for each in coach("nudges", "--json").json if each["rule"] == "R13")
    assert nudge["state"] == "sent"
