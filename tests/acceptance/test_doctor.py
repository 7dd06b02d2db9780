"""`coach doctor`: each line is all right, or says what to do."""

import os
import socket

import pytest


@pytest.fixture
def lines(coach):
    def look(code: int) -> dict[str, dict]:
        return {each["about"]: each for each in coach("doctor", "--json", code=code).json}

    return look


def test_all_is_there(coach, ada, lines, home):
    found = lines(0)
    assert set(found) >= {"program", "home", "database", "SQLite", "plans", "time zones", "pages", "Bluetooth"}
    assert all(each["ok"] for each in found.values() if each["needed"])
    assert all(each["told"] for each in found.values())
    assert "database" in coach("doctor").out


def test_nobody_has_to_be_set_up(lines):
    assert lines(0)["database"]["ok"]


def test_a_mail_server_that_is_not_there(ada, lines, monkeypatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("COACH_SMTP_URL", f"smtp://ada:hidden@127.0.0.1:{port}?starttls=false")
    told = lines(1)["mail"]["told"]
    assert "could not be reached" in told
    assert "COACH_SMTP_URL" in told
    assert "hidden" not in told


def test_a_mail_server_that_lets_us_in(ada, lines, mail_server, monkeypatch):
    class Quiet:
        pass

    with mail_server(Quiet()) as port:
        monkeypatch.setenv("COACH_SMTP_URL", f"smtp://127.0.0.1:{port}")
        assert lines(0)["mail"]["ok"]


def test_a_plan_that_is_wrong_is_told_with_its_line(ada, lines, home):
    (home / "plans").mkdir()
    (home / "plans" / "mine.toml").write_text("[condition]\nname = 3\n")
    assert "mine.toml, line" in lines(1)["plans"]["told"]


def test_a_key_that_others_can_read(ada, lines, home):
    (home / "secret.key").write_text("x" * 40)
    (home / "secret.key").chmod(0o644)
    assert "chmod 600" in lines(1)["key"]["told"]


def test_a_channel_that_is_suspended(coach, ada, lines, monkeypatch):
    import sqlite3

    monkeypatch.setenv("COACH_MESSAGE_FOLDER", os.path.join(os.environ["COACH_HOME"], "letters"))  # noqa: PTH118
    with sqlite3.connect(os.path.join(os.environ["COACH_HOME"], "coach.db")) as database:  # noqa: PTH118
        database.execute(
            "INSERT INTO suspended_address VALUES ('file', 'ada@example.org', '2026-06-01 00:00:00', '550 gone')"
        )
    assert "suspended" in lines(1)["file"]["told"]


def test_pages_in_the_clear(ada, lines, monkeypatch):
    monkeypatch.setenv("COACH_PUBLIC_URL", "http://coach.example.org")
    assert "TLS" in lines(1)["pages"]["told"]
