"""`coach run` and `coach demo`, as processes of their own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

COACH = Path(sys.executable).with_name("coach")
PATIENCE_S = 60


def start(*words: str) -> subprocess.Popen:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([COACH, *words], text=True, **pipes, env={**os.environ, "PYTHONUNBUFFERED": "1"})


def until_it_runs(service: subprocess.Popen) -> None:
    for line in service.stderr:
        if "The coach is running" in line:
            return
    pytest.fail(f"it stopped with {service.wait()}")


@pytest.fixture
def due(coach, setup, home, tmp_path, monkeypatch) -> Path:
    """A person of whom last week's page is due, at any hour and in any week; where the letter goes."""
    letters = tmp_path / "letters"
    monkeypatch.setenv("COACH_MESSAGE_FOLDER", str(letters))
    now = datetime.now(UTC)
    # Somewhere on earth it is between ten and twelve, well away from quiet hours.
    offset = 11 - now.hour
    zone = f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"
    begin = (now - timedelta(days=now.weekday() + 8)).date()
    coach(*setup(timezone=zone, start=f"{begin - timedelta(days=begin.weekday())}"))
    return letters


@pytest.mark.thorough
def test_it_sends_what_is_due_and_stops_cleanly(coach, due):
    service = start("run")
    until_it_runs(service)
    until(lambda: bool(list(due.glob("*.eml"))))
    service.send_signal(signal.SIGTERM)
    out, err = service.communicate(timeout=PATIENCE_S)
    assert service.returncode == 0, err
    assert err.endswith("Stopped.\n")
    assert "Traceback" not in out + err
    (letter,) = due.glob("*.eml")
    assert "Warning" in letter.read_text()
    (nudge,) = (each for each in coach("nudges", "--json").json if each["rule"] == "R13")
    assert nudge["state"] == "sent"
    assert coach("tick", "--json").json == []


def test_it_stops_at_once_when_told_as_soon_as_it_says_that_it_runs(ada):
    service = start("run")
    until_it_runs(service)
    service.send_signal(signal.SIGTERM)
    service.communicate(timeout=PATIENCE_S)
    assert service.returncode == 0


@pytest.fixture
def drop(tmp_path, monkeypatch) -> Path:
    drop = tmp_path / "drop"
    monkeypatch.setenv("COACH_DROP_FOLDER", str(drop))
    return drop


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


@pytest.mark.thorough
def test_what_is_dropped_comes_in(coach, ada, drop, fits):
    drop.mkdir()
    (drop / "before.fit").write_bytes(fits["swim"])
    service = start("run")
    until_it_runs(service)
    (drop / "sub").mkdir()
    with (drop / "sub" / "walk.fit").open("wb") as file:
        for at in range(0, len(fits["walk"]), 8192):
            file.write(fits["walk"][at : at + 8192])
            file.flush()
            time.sleep(0.1)
    (drop / "diary.fit").write_text("Dear diary")
    until(lambda: len(coach("activities", "--json").json) == 2)
    time.sleep(2)
    service.send_signal(signal.SIGTERM)
    out, err = service.communicate(timeout=PATIENCE_S)
    assert service.returncode == 0, err
    assert err.endswith("Stopped.\n")
    assert "Traceback" not in out + err
    assert {each["sport"] for each in coach("activities", "--json").json} == {"swimming", "walking"}
    assert err.count("diary.fit: refused. ") == 1
    assert err.count("walk.fit: stored") == 1
    assert "changes detected" not in err
    assert sorted(path.name for path in drop.rglob("*.fit")) == ["before.fit", "diary.fit", "walk.fit"]


@pytest.mark.thorough
def test_what_is_dropped_is_of_the_person_whose_folder_it_is(coach, ada, setup, drop, fits):
    coach(*setup(name="Bea"))
    (drop / "Bea" / "2026").mkdir(parents=True)
    (drop / "Bea" / "2026" / "ride.fit").write_bytes(fits["ride"])
    (drop / "walk.fit").write_bytes(fits["walk"])
    service = start("run")
    until_it_runs(service)
    until(lambda: coach("activities", "--person", "Bea", "--json").json != [])
    service.send_signal(signal.SIGTERM)
    _, err = service.communicate(timeout=PATIENCE_S)
    assert service.returncode == 0, err
    assert coach("activities", "--person", "Ada", "--json").json == []
    assert err.count("walk.fit: waits. Whose is it? Put it into a folder called as the person (Ada, Bea)") == 1


def test_a_second_one_on_the_same_home_refuses(ada, coach, watch):
    service = start("run")
    try:
        until_it_runs(service)
        second = start("run")
        out, err = second.communicate(timeout=PATIENCE_S)
        assert (second.returncode, out) == (1, "")
        assert "Another scheduler is already running" in err
        assert "The coach is running" not in err
        coach("import", watch)  # commands go on beside it
        coach("week")
    finally:
        service.send_signal(signal.SIGINT)
        service.communicate(timeout=PATIENCE_S)
    assert service.returncode == 0


def test_a_database_elsewhere_needs_no_home_beforehand(coach, setup, home, tmp_path, monkeypatch):
    monkeypatch.setenv("COACH_DATABASE_URL", f"sqlite:///{tmp_path / 'elsewhere' / 'other.db'}")
    coach(*setup())
    assert not home.exists()
    service = start("run")
    until_it_runs(service)
    service.terminate()
    service.communicate(timeout=PATIENCE_S)
    assert service.returncode == 0
    assert not (home / "coach.db").exists()


def test_the_demo_shows_the_whole_product_once(home, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    began = time.monotonic()
    demo = start("demo")
    out, err = demo.communicate(timeout=PATIENCE_S)
    took_s = time.monotonic() - began
    assert demo.returncode == 0, err
    assert err == ""
    assert took_s < 30
    for said in ("stored", "R1", "R4", "R8", "R13", "uphill, which your plan", "Warning signs", "100 % of the plan"):
        assert said in out
    path = Path(re.search(r"The same as a page: (\S+\.html)", out)[1])
    assert "<table" in path.read_text(encoding="utf-8")
    assert path.is_relative_to(tmp_path), "in a temporary home"
    assert not home.exists()
