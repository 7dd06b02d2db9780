"""The log of a service that lives through a day, as programs collect it: it tells of nobody."""

import io
import json
import logging
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from coach import logs
from coach.demo import sessions
from config.private import Private
from devices.fit.write import write

COACH = Path(sys.executable).with_name("coach")
PASSWORD = "three quiet words"
PATIENCE_S = 60


def lines_of(form: str, *said: tuple) -> list[str]:
    """What becomes of them in a log."""
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers[:] = []
    try:
        logs.set_up(form, stream)
        for logger, message, *arguments in said:
            logging.getLogger(logger).warning(message, *arguments)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    return stream.getvalue().splitlines()


def test_a_line_is_an_object():
    private, plain, library = map(
        json.loads,
        lines_of(
            "json",
            ("coach.inbox", "%s: %s%s", Private("ada/walk.fit"), "refused", Private("")),
            ("scheduler.runner", 'job=%s "100 %%"\nand so on', "plan"),
            ("asyncio", "Task of Ada failed"),
        ),
    )
    assert set(private) == {"time", "level", "logger", "message"}
    assert (private["level"], private["logger"]) == ("warning", "coach.inbox")
    assert datetime.fromisoformat(private["time"]).utcoffset() == timedelta()
    assert private["message"] == "(withheld): refused"
    assert plain["message"] == 'job=plan "100 %"\nand so on'
    assert "Ada" not in library["message"]


def test_a_line_for_ones_own_eyes_names_the_file():
    (line,) = lines_of("text", ("coach.inbox", "%s: %s", Private("ada/walk.fit"), "refused"))
    assert line.endswith("WARNING coach.inbox ada/walk.fit: refused")


def test_an_error_is_told_by_its_place():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    logger = logging.getLogger("coach.tried")
    logger.addHandler(handler)
    logger.propagate = False
    try:
        int("Ada hurts")
    except ValueError:
        logger.exception("It failed")
    told = json.loads(stream.getvalue())
    assert "ValueError" in told["error"]
    assert "Ada" not in stream.getvalue()


@pytest.fixture
def set_up(coach, setup, tmp_path, monkeypatch, free_port) -> None:
    now = datetime.now(UTC)
    offset = 11 - now.hour  # where it is between ten and twelve, well away from quiet hours
    begin = (now - timedelta(days=now.weekday() + 8)).date()
    monkeypatch.setenv("COACH_LOG", "json")
    monkeypatch.setenv("COACH_MESSAGE_FOLDER", str(tmp_path / "letters"))
    monkeypatch.setenv("COACH_DROP_FOLDER", str(tmp_path / "dropped-here"))
    monkeypatch.setenv("COACH_PUBLIC_URL", f"http://127.0.0.1:{free_port}")
    monkeypatch.setenv("COACH_METRICS", "1")
    coach(
        *setup(
            name="Adalberta",
            timezone=f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT",
            start=f"{begin - timedelta(days=begin.weekday())}",
        )
    )


def answers(browser: httpx2.Client) -> bool:
    try:
        return browser.get("/readyz").text == "ok"
    except httpx2.ConnectError:
        return False


def until(true) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


@pytest.mark.thorough
def test_a_whole_run_tells_of_nobody(coach, set_up, tmp_path, free_port, home):
    drop = tmp_path / "dropped-here"
    drop.mkdir()
    link = re.search(r"/join/(\S+)", coach("accounts", "link", "--person", "Adalberta").out)
    service = subprocess.Popen(
        [COACH, "serve", "--port", str(free_port)], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    told = [next(line for line in service.stderr if "pages are at" in line)]
    try:
        (drop / "secret-walk.fit").write_bytes(write(sessions.walk(datetime.now(UTC) - timedelta(hours=2), 12)))
        (drop / "secret-diary.fit").write_text("Dear diary")
        with httpx2.Client(base_url=f"http://127.0.0.1:{free_port}", follow_redirects=True, timeout=30) as browser:
            until(lambda: answers(browser))
            fields = {"email": "adalberta@example.org", "password": PASSWORD, "repeated": PASSWORD}
            assert browser.post(link[0], data=fields).status_code == 200
            browser.post("/sign-in", data={"email": "mallory@example.org", "password": "wrong words"})
            browser.get("/r/of-no-message")
            browser.get("/sessions/999999")
            until(lambda: list((tmp_path / "letters").glob("*.eml")))
            until(lambda: 'outcome="refused"' in (figures := browser.get("/metrics").text) and "stored" in figures)
            letter = next((tmp_path / "letters").glob("*.eml")).read_text(encoding="utf-8")
            for token in re.findall(r"/r/([\w.~-]+)", letter.replace("=\n", "")):
                browser.get(f"/r/{token}")
                break
        service.send_signal(signal.SIGTERM)
        _, err = service.communicate(timeout=PATIENCE_S)
    finally:
        service.kill()
        service.wait()
    assert service.returncode == 0, err
    lines = [line for line in [*told, *err.splitlines()] if line.startswith("{")]
    objects = [json.loads(line) for line in lines]
    assert all(set(each) <= {"time", "level", "logger", "message", "error"} for each in objects)
    assert any("state=sent" in each["message"] for each in objects)
    assert any("(withheld): refused" in each["message"] for each in objects)
    private = (
        "adalberta", "example.org", "secret-", "dear diary", "disc", "herniation", "walk.fit", "dr bo", "pain",
        "mallory", str(tmp_path).lower(), str(home).lower(), link[1].lower(), PASSWORD, "/r/", "/join/",
    )  # fmt: skip
    said = "\n".join(lines).lower()
    assert not [each for each in private if each in said]
    assert "Traceback" not in err
